"""The same visit again and again: on which days, at which free time of each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta

from secretariat.agenda.chaining import Candidate
from secretariat.agenda.facts import AgendaFacts
from secretariat.agenda.free_time import GRID, Offer, free_starts
from secretariat.agenda.local_time import clock_minutes, day_bounds, minutes_showing
from secretariat.agenda.refused_time import NotFree, why_not

MOST = 60
"""Visits of one series."""
OTHERS = 5
"""Other times proposed on the day itself, and how many days around give one more each."""
_MARGIN = 2 * 1440
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
    until: date | None = None,
) -> list[Sitting]:
    """For each day the free time nearest to `clock`, at most `tolerance` minutes away; else that
    of the next day that has one before the next visit of the series; else none.

    At the same distance the later time is preferred, then agendas in their order.

    Args:
        candidates: agendas with the facts of all these days and the week after the last.
        days: in order, each once; see `Cadence.days`.
        not_before: the present minute.
        until: the day of the visit that follows the last, if any.
    """
    search = _Search([_sorted(one) for one in candidates], clock, not_before)
    after = [*days[1:], until or (days[-1] + timedelta(days=_OPEN_ENDED) if days else date.max)]
    return [search.sitting(day, then, tolerance) for day, then in zip(days, after, strict=False)]


class _Search:
    """What is free around one hour, a day at a time."""

    def __init__(
        self, candidates: Sequence[Candidate], clock: time, not_before: int | None
    ) -> None:
        self._candidates, self._clock, self._not_before = candidates, clock, not_before

    def sitting(self, day: date, until: date, tolerance: int) -> Sitting:
        """The visit of one day; others before `until` are looked at when it has no room."""
        today = self._nearest(day)
        after = [day + timedelta(days=n) for n in range(1, (until - day).days)]
        offer, on = next(
            (
                (offers[0], one)
                for one in (day, *after)
                if (offers := today if one == day else self._nearest(one))
                if self._distance(offers[0], one) <= tolerance
            ),
            (None, None),
        )
        wanted = self._wanted(self._candidates[0].facts, day) if self._candidates else 0
        right = offer is not None and offer.start == wanted
        return Sitting(
            day, offer, on,
            None if right or not self._candidates else self._why(wanted),
            [one for one in (*today[:OTHERS], *self._around(after)) if one != offer],
        )  # fmt: skip

    def _around(self, days: Sequence[date]) -> list[Offer]:
        """The best time of each of the next days, a few."""
        each = (self._nearest(day)[:1] for day in days[:OTHERS])
        return [offer for best in each for offer in best]

    def _nearest(self, day: date) -> list[Offer]:
        """The free times of a day, nearest to the hour wanted first."""
        offers = [
            Offer(start, one.agenda_id)
            for one in self._candidates
            for start in free_starts(
                _near(one.facts, day), day, 1, one.ask, step=GRID, not_before=self._not_before
            )
        ]
        return sorted(offers, key=lambda offer: (self._distance(offer, day), -offer.start))

    def _distance(self, offer: Offer, day: date) -> int:
        facts = next(one.facts for one in self._candidates if one.agenda_id == offer.agenda_id)
        return abs(offer.start - self._wanted(facts, day))

    def _wanted(self, facts: AgendaFacts, day: date) -> int:
        """The minute wanted; where the clock skips it, as many minutes after midnight."""
        zone = facts.hours.site.zone
        shown = minutes_showing(day, self._clock, zone)
        return shown[0] if shown else day_bounds(day, zone)[0] + clock_minutes(self._clock)

    def _why(self, minute: int) -> NotFree | None:
        first = self._candidates[0]
        return why_not(first.facts, minute, first.ask, not_before=self._not_before)


def _sorted(one: Candidate) -> Candidate:
    busy = sorted(one.facts.busy, key=lambda visit: visit[0])
    return one._replace(facts=replace(one.facts, busy=busy))


def _near(facts: AgendaFacts, day: date) -> AgendaFacts:
    """The same facts without the visits of other days: months of them would be sorted each day."""
    first, last = day_bounds(day, facts.hours.site.zone)
    near = [one for one in facts.busy if one[1] > first - _MARGIN and one[0] < last + _MARGIN]
    return replace(facts, busy=near)
