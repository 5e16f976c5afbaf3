"""The same visit again and again: on which days, at which free time of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from secretariat.agenda.chaining import Candidate, on_day
from secretariat.agenda.facts import Ask
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
    search = _Search(candidates, clock, tolerance, not_before).most_useful_first(days)
    asks = first_asks or {}
    first = search.asking(
        [one._replace(ask=asks.get(one.agenda_id, one.ask)) for one in search.candidates]
    )
    after = [*days[1:], days[-1] + timedelta(days=_OPEN_ENDED)]
    return [
        (search if n else first).sitting(day, then)
        for n, (day, then) in enumerate(zip(days, after, strict=True))
    ]


class _Search:
    """What is free around one hour, a day at a time."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        clock: time,
        tolerance: int,
        not_before: int | None,
    ) -> None:
        self.candidates, self._clock = candidates, clock
        self._tolerance, self._not_before = tolerance, not_before
        self._known: dict[tuple[int, date], list[int]] = {}
        self._wants: dict[tuple[str, date], int] = {}
        self._order = {one.agenda_id: n for n, one in enumerate(candidates)}
        self._zones = {one.agenda_id: one.facts.hours.site.zone for one in candidates}

    def asking(self, candidates: Sequence[Candidate]) -> _Search:
        """The same search for other visits."""
        return _Search(candidates, self._clock, self._tolerance, self._not_before)

    def most_useful_first(self, days: Sequence[date]) -> _Search:
        """The agendas that can receive on most of these days first, then those nearest to the
        hour."""
        if len(self.candidates) < 2:
            return self

        def worth(one: Candidate) -> tuple[int, int]:
            far = [
                min(self._distance(one.agenda_id, start, day) for start in free)
                for day in days
                if (free := self._free(one, day))
            ]
            near = [minutes for minutes in far if minutes <= self._tolerance]
            return -len(near), sum(near)

        ordered = self.asking(sorted(self.candidates, key=worth))
        ordered._known = self._known
        return ordered

    def sitting(self, day: date, until: date) -> Sitting:
        """The visit of one day; others before `until` are looked at when it has no room."""
        if not self.candidates:
            return Sitting(day)
        after = [day + timedelta(days=n) for n in range(1, (until - day).days)]
        every = ((free[0], one) for one in (day, *after) if (free := self.fitting(one)))
        offer, on = next(every, (None, None))
        wanted = self._wanted(self.candidates[0].agenda_id, day)
        right = offer is not None and offer.start == wanted
        others = [*self._nearest(day)[:OTHERS], *self._around(after)]
        return Sitting(
            day, offer, on, None if right else self._why(wanted, day),
            [one for one in dict.fromkeys(others) if one != offer],
        )  # fmt: skip

    def fitting(self, day: date) -> list[Offer]:
        """The free times near enough to the hour wanted: the first agenda's first."""
        near = [
            one
            for one in self._nearest(day)
            if self._distance(one.agenda_id, one.start, day) <= self._tolerance
        ]
        return sorted(near, key=lambda offer: self._order[offer.agenda_id])

    def _around(self, days: Sequence[date]) -> list[Offer]:
        """The best time of each of the next days, a few."""
        each = ((self.fitting(day) or self._nearest(day))[:1] for day in days[:OTHERS])
        return [offer for best in each for offer in best]

    def _nearest(self, day: date) -> list[Offer]:
        """The free times of a day, nearest to the hour wanted first."""
        offers = [
            Offer(start, one.agenda_id) for one in self.candidates for start in self._free(one, day)
        ]
        return sorted(
            offers, key=lambda one: (self._distance(one.agenda_id, one.start, day), -one.start)
        )

    def _free(self, one: Candidate, day: date) -> list[int]:
        key = one.agenda_id, day
        if key not in self._known:
            self._known[key] = list(
                free_starts(
                    on_day(one.facts, day), day, 1, one.ask, step=GRID,
                    not_before=self._not_before,
                )
            )  # fmt: skip
        return self._known[key]

    def _distance(self, agenda_id: int, start: int, day: date) -> int:
        """Minutes from the hour wanted."""
        return abs(start - self._wanted(agenda_id, day))

    def _wanted(self, agenda_id: int, day: date) -> int:
        """The minute wanted; where the clock skips it, as many minutes after midnight."""
        key = self._zones[agenda_id], day
        if key not in self._wants:
            shown = minutes_showing(day, self._clock, key[0])
            first = day_bounds(day, key[0])[0]
            self._wants[key] = shown[0] if shown else first + clock_minutes(self._clock)
        return self._wants[key]

    def _why(self, minute: int, day: date) -> NotFree | None:
        first = self.candidates[0]
        facts = on_day(first.facts, day)
        return why_not(facts, minute, first.ask, not_before=self._not_before)
