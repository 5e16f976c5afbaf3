"""The first free times of several agendas, day by day, as one reads them out to a caller. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from operator import itemgetter

from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import Free, Offer, free_starts
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
            free_starts(
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
        offers = [offer for one in ahead for offer in one.on(day, suits.part)]
        if offers and suits.on(day):
            # Stable: at the same minute, agendas stay in the order given.
            offers.sort(key=itemgetter(0))
            shown = _spread(offers, per_day)
            more = len(offers) - len(shown)
            found.append(DayOfOffers(day, shown, more, _spread(offers, COMPARED)))
    return found


class _Ahead:
    """The free times of one agenda, taken a day at a time: none is computed before its day."""

    def __init__(self, facts: AgendaFacts, starts: Iterator[int]) -> None:
        self._zone, self._agenda_id, self._starts = facts.hours.site.zone, facts.agenda_id, starts
        self._next = next(starts, None)

    def on(self, day: date, part: PartOfDay) -> Iterator[Offer]:
        """Those of that local day that suit; days are asked in order."""
        _, until = day_bounds(day, self._zone)
        while self._next is not None and self._next < until:
            start, self._next = self._next, next(self._starts, None)
            if part is PartOfDay.ANY or part.holds(on_the_wall(start, self._zone).hour):
                yield Offer(start, self._agenda_id)


def _spread(offers: list[Offer], count: int) -> list[Offer]:
    """At most `count` of these, taken in turn from each agenda so that none is hidden."""
    if len(offers) <= count:
        return offers
    queues: dict[int, list[Offer]] = {}
    for offer in offers:
        queues.setdefault(offer.agenda_id, []).append(offer)
    kept: list[Offer] = []
    while len(kept) < count:
        for queue in queues.values():
            if queue and len(kept) < count:
                kept.append(queue.pop(0))
    return sorted(kept, key=lambda offer: offer.start)
