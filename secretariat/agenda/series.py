"""The same visit again and again: on which days, at which free time of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from secretariat.agenda.chaining import Candidate, on_day
from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import GRID, Offer, free_starts
from secretariat.agenda.local_time import clock_minutes, day_bounds, minutes_showing
from secretariat.agenda.refused_time import NotFree, why_not

MOST = 60
"""Visits of one series."""
OTHERS = 5
"""Other times proposed on the day itself, and how many days around give one more each."""
_OPEN_ENDED = 7


@dataclass(frozen=True, slots=True)
class Cadence:
    """« Lundi, mercredi et vendredi », « toutes les 4 semaines ».

    ValueError without a day of the week, or if it comes every 0 weeks.
    """

    weekdays: frozenset[int]
    """0 is Monday."""
    every_weeks: int = 1

    def __post_init__(self) -> None:
        if not self.weekdays or self.every_weeks < 1:
            raise ValueError("a series has a day of the week, and comes every week at most")

    def days(self, first: date, *, times: int = MOST, weeks: int | None = None) -> list[date]:
        """The days from `first` on: so many `times`, or during so many `weeks` of its cadence.

        Never more than `MOST`.
        """
        monday = first - timedelta(days=first.weekday())
        # A series that begins in mid-week ends in mid-week: eight weeks are eight times each day.
        until = None if weeks is None else first + timedelta(weeks=weeks)
        found: list[date] = []
        while len(found) < min(times, MOST):
            for weekday in sorted(self.weekdays):
                day = monday + timedelta(days=weekday)
                if until is not None and day >= until:
                    return found[:times]
                if day >= first:
                    found.append(day)
            monday += timedelta(weeks=self.every_weeks)
        return found[: min(times, MOST)]


@dataclass(frozen=True, slots=True)
class Sitting:
    """One visit of a series: the day wanted, the time found, and what else could be given."""

    wanted: date
    offer: Offer | None = None
    day: date | None = None
    """Of the time found: another than the one wanted when that one had no room."""
    refused: NotFree | None = None
    """Why the hour wanted is not given on the day wanted, in the first agenda."""
    others: list[Offer] = field(default_factory=list)

    @property
    def moved(self) -> bool:
        """Whether it stands on another day than wanted."""
        return self.day is not None and self.day != self.wanted


def sittings(
    candidates: Sequence[Candidate],
    days: Sequence[date],
    clock: time,
    tolerance: int,
    *,
    not_before: int | None = None,
    first_asks: Mapping[int, Ask] | None = None,
) -> list[Sitting]:
    """For each day the free time nearest to `clock`, at most `tolerance` minutes away; else that
    of the next day that has one before the next visit of the series; else none.

    Of several agendas, the one that serves most of these days comes first, so that a series stays
    with the same person as far as it can. At the same distance the later time is preferred.

    Args:
        candidates: agendas with the facts of all these days and the week after the last.
        days: in order, each once; see `Cadence.days`.
        not_before: the present minute.
        first_asks: the first visit by agenda, when it is not asked for as those that follow.
    """
    if not days:
        return []
    ordered = _most_useful_first(candidates, days, clock, tolerance, not_before)
    search = _Search(ordered, clock, tolerance, not_before)
    asks = first_asks or {}
    begin = [one._replace(ask=asks.get(one.agenda_id, one.ask)) for one in ordered]
    first = _Search(begin, clock, tolerance, not_before)
    after = [*days[1:], days[-1] + timedelta(days=_OPEN_ENDED)]
    return [
        (search if n else first).sitting(day, then)
        for n, (day, then) in enumerate(zip(days, after, strict=True))
    ]


def _most_useful_first(
    candidates: Sequence[Candidate],
    days: Sequence[date],
    clock: time,
    tolerance: int,
    not_before: int | None,
) -> list[Candidate]:
    """Those that can receive on most of the days wanted, then those nearest to the hour."""
    if len(candidates) < 2:
        return list(candidates)

    def worth(one: Candidate) -> tuple[int, int]:
        alone = _Search([one], clock, tolerance, not_before)
        far = [alone.distance(free[0], day) for day in days if (free := alone.fitting(day))]
        return -len(far), sum(far)

    return sorted(candidates, key=worth)


class _Search:
    """What is free around one hour, a day at a time."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        clock: time,
        tolerance: int,
        not_before: int | None,
    ) -> None:
        self._candidates, self._clock = candidates, clock
        self._tolerance, self._not_before = tolerance, not_before
        self._known: dict[date, list[Offer]] = {}

    def sitting(self, day: date, until: date) -> Sitting:
        """The visit of one day; others before `until` are looked at when it has no room."""
        if not self._candidates:
            return Sitting(day)
        after = [day + timedelta(days=n) for n in range(1, (until - day).days)]
        every = ((free[0], one) for one in (day, *after) if (free := self.fitting(one)))
        offer, on = next(every, (None, None))
        wanted = self._wanted(self._candidates[0].facts, day)
        right = offer is not None and offer.start == wanted
        others = [*self._nearest(day)[:OTHERS], *self._around(after)]
        return Sitting(
            day, offer, on, None if right else self._why(wanted),
            [one for one in dict.fromkeys(others) if one != offer],
        )  # fmt: skip

    def fitting(self, day: date) -> list[Offer]:
        """The free times near enough to the hour wanted: the first agenda's first."""
        order = [one.agenda_id for one in self._candidates]
        near = [one for one in self._nearest(day) if self.distance(one, day) <= self._tolerance]
        return sorted(near, key=lambda offer: order.index(offer.agenda_id))

    def distance(self, offer: Offer, day: date) -> int:
        """Minutes from the hour wanted."""
        facts = next(one.facts for one in self._candidates if one.agenda_id == offer.agenda_id)
        return abs(offer.start - self._wanted(facts, day))

    def _around(self, days: Sequence[date]) -> list[Offer]:
        """The best time of each of the next days, a few."""
        each = ((self.fitting(day) or self._nearest(day))[:1] for day in days[:OTHERS])
        return [offer for best in each for offer in best]

    def _nearest(self, day: date) -> list[Offer]:
        """The free times of a day, nearest to the hour wanted first."""
        if day not in self._known:
            offers = [
                Offer(start, one.agenda_id)
                for one in self._candidates
                for start in free_starts(
                    on_day(one.facts, day), day, 1, one.ask, step=GRID,
                    not_before=self._not_before,
                )
            ]  # fmt: skip
            offers.sort(key=lambda offer: (self.distance(offer, day), -offer.start))
            self._known[day] = offers
        return self._known[day]

    def _wanted(self, facts: AgendaFacts, day: date) -> int:
        """The minute wanted; where the clock skips it, as many minutes after midnight."""
        zone = facts.hours.site.zone
        shown = minutes_showing(day, self._clock, zone)
        return shown[0] if shown else day_bounds(day, zone)[0] + clock_minutes(self._clock)

    def _why(self, minute: int) -> NotFree | None:
        first = self._candidates[0]
        return why_not(first.facts, minute, first.ask, not_before=self._not_before)
