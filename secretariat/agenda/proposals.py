"""The first free times of several agendas, day by day, as one reads them out to a caller. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from itertools import chain, islice, zip_longest

from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import Free, Offer, free_ranges
from secretariat.agenda.local_time import day_bounds, on_the_wall

NOON, EVENING = 12, 17


class PartOfDay(Enum):
    """When the patient would rather come."""

    ANY = ""
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    def holds(self, hour: int) -> bool:
        """Whether a visit that begins at this hour of the clock suits."""
        match self:
            case PartOfDay.MORNING:
                return hour < NOON
            case PartOfDay.AFTERNOON:
                return hour >= NOON
            case PartOfDay.EVENING:
                return hour >= EVENING
        return True

    def of(self, minutes: range, zone: str) -> range:
        """Those of these minutes of one local day that suit, on that site's clock."""
        if self is PartOfDay.ANY:
            return minutes
        hour = EVENING if self is PartOfDay.EVENING else NOON
        cut = bisect_left(minutes, hour, key=lambda minute: on_the_wall(minute, zone).hour)
        return minutes[:cut] if self is PartOfDay.MORNING else minutes[cut:]


EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True)
class Suits:
    """When the patient can come."""

    part: PartOfDay = PartOfDay.ANY
    weekdays: frozenset[int] = EVERY_DAY
    """0 is Monday."""
    until: date | None = None
    """The last day, included."""

    def on(self, day: date) -> bool:
        """Whether that day suits."""
        return day.weekday() in self.weekdays and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class DayOfOffers:
    """Free times of one local day, soonest first."""

    day: date
    offers: list[Offer] = field(default_factory=list)
    more: int = 0
    """How many others that day."""
    compared: list[Offer] = field(default_factory=list)
    """Those among which the best are chosen: more than are shown."""


COMPARED = 40
"""How many times of a day are compared: some of each agenda."""


def by_day(
    agendas: Iterable[AgendaFacts],
    first_day: date,
    horizon: int,
    asks: Mapping[int, Ask | int],
    *,
    suits: Suits | None = None,
    not_before: int | None = None,
    days: int = 5,
    per_day: int = 12,
    stretches: Mapping[int, Sequence[Free]] | None = None,
) -> list[DayOfOffers]:
    """The first `days` local days that have free times, with at most `per_day` each.

    Args:
        agendas: what is known of each; all of one time zone or each in its own.
        horizon: local days looked at.
        asks: the visit wanted in each agenda, or only its length.
        suits: when the patient can come, on each site's clock; None for any time.
        not_before: the present minute.
        stretches: what `free_stretches` said of the same days, by agenda.
    """
    known = stretches or {}
    ahead = [
        _Ahead(
            facts,
            free_ranges(
                facts, first_day, horizon, asks[facts.agenda_id], not_before=not_before,
                stretches=known.get(facts.agenda_id),
            ),
        )
        for facts in agendas
    ]  # fmt: skip
    found: list[DayOfOffers] = []
    suits = suits or Suits()
    for n in range(horizon):
        if len(found) == days:
            break
        day = first_day + timedelta(days=n)
        free = {one.agenda_id: ranges for one in ahead if (ranges := one.on(day, suits.part))}
        if free and suits.on(day):
            total = sum(len(one) for ranges in free.values() for one in ranges)
            shown, compared = _spread(free, per_day), _spread(free, COMPARED)
            found.append(DayOfOffers(day, shown, total - len(shown), compared))
    return found


class _Ahead:
    """The free times of one agenda, taken a day at a time: none is computed before its day."""

    def __init__(self, facts: AgendaFacts, ranges: Iterator[range]) -> None:
        self._zone, self.agenda_id, self._ranges = facts.hours.site.zone, facts.agenda_id, ranges
        self._next = next(ranges, None)

    def on(self, day: date, part: PartOfDay) -> list[range]:
        """Those of that local day that suit; days are asked in order."""
        _, until = day_bounds(day, self._zone)
        found = []
        while self._next is not None and self._next.start < until:
            if suiting := part.of(self._next, self._zone):
                found.append(suiting)
            self._next = next(self._ranges, None)
        return found


def _spread(free: Mapping[int, Sequence[range]], count: int) -> list[Offer]:
    """At most `count` of these, taken in turn from each agenda so that none is hidden.

    Soonest first; at the same minute, agendas stay in the order given.
    """
    place = {agenda_id: n for n, agenda_id in enumerate(free)}
    soonest = sorted(free, key=lambda agenda_id: free[agenda_id][0].start)
    turns = zip_longest(*(chain.from_iterable(free[agenda_id]) for agenda_id in soonest))
    offers = (
        Offer(start, agenda_id)
        for turn in turns
        for start, agenda_id in zip(turn, soonest, strict=True)
        if start is not None
    )
    return sorted(islice(offers, count), key=lambda one: (one.start, place[one.agenda_id]))
