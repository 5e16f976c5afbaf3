"""Visits that follow each other on one day: where each may stand, soonest first. Pure.

A step may stand where `why_not` has nothing against it once the steps before it are given, as
they will be when they are booked one after the other. A relaxed search, in which the steps do not
hinder each other, says how good a chain can still become; only the promising ones are then
followed for good, so that the best is found without trying all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from secretariat.agenda.facts import AgendaFacts, Ask, Busy, Elsewhere
from secretariat.agenda.free_time import GRID, free_starts, rooms_for
from secretariat.agenda.local_time import DAY, day_bounds
from secretariat.agenda.refused_time import why_not

_MARGIN = 2 * DAY
Roads = Mapping[tuple[int, int], int]
"""Minutes of road between two agendas of one practitioner."""


class Candidate(NamedTuple):
    """An agenda where a step may stand, and the visit as it is asked for there."""

    facts: AgendaFacts
    ask: Ask

    @property
    def agenda_id(self) -> int:
        """Whose book."""
        return self.facts.agenda_id


@dataclass(frozen=True, slots=True)
class Step:
    """A visit of the chain; it begins so many minutes after the end of the one before it.

    ValueError if it should begin before that end, or its waits are not in order.
    """

    candidates: Sequence[Candidate]
    wait_from: int = 0
    wait_to: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.wait_from <= self.wait_to:
            raise ValueError("a wait is not negative, and ends after it begins")

    def starts_after(self, end: int) -> Sequence[int]:
        """The minutes to try after the end of the step before: the lines of the grid within the
        wait, or at once when it holds none."""
        first = end + self.wait_from
        return range(first + -first % GRID, end + self.wait_to + 1, GRID) or (first,)


class Link(NamedTuple):
    """A step in its place."""

    start: int
    end: int
    agenda_id: int


class Given(NamedTuple):
    """A visit thought of as given: what those after it must respect."""

    start: int
    agenda_id: int
    ask: Ask
    rooms: frozenset[int] = frozenset()

    @property
    def span(self) -> tuple[int, int]:
        """From preparation to cleaning."""
        return self.start - self.ask.before, self.start + self.ask.minutes + self.ask.after


Chain = tuple[Link, ...]


def chains(
    steps: Sequence[Step],
    day: date,
    *,
    roads: Roads | None = None,
    together: bool = False,
    not_before: int | None = None,
) -> Iterator[Chain]:
    """For each minute of `day` at which the first step can begin, the best way to go on.

    The best ends soonest, then changes agenda least often; with `together`, the other way round.
    Each is computed when asked for.

    Args:
        steps: in order; with the facts of that day.
        roads: between agendas of one practitioner.
        not_before: the present minute.
    """
    if not steps:
        return iter(())
    return _Search(steps, day, roads or {}, together, not_before).found()


def apart(found: Iterable[Chain], minutes: int = 0) -> Iterator[Chain]:
    """Those worth saying: none that begins sooner only to wait longer for the same end, and none
    that begins during the first visit of the one before, nor within `minutes` of it."""
    kept: Chain | None = None
    soonest = None
    for chain in found:
        if soonest is not None and chain[0].start < soonest:
            continue
        if kept is not None and not _no_worse(chain, kept):
            yield kept
            soonest = max(kept[0].end, kept[0].start + minutes)
            kept = chain if chain[0].start >= soonest else None
        else:
            kept = chain
    if kept is not None:
        yield kept


def _no_worse(later: Chain, chain: Chain) -> bool:
    """Whether a chain that begins later ends as soon, without changing agenda more often."""
    return later[-1].end <= chain[-1].end and _changes(later) <= _changes(chain)


def _changes(chain: Chain) -> int:
    return sum(one.agenda_id != then.agenda_id for one, then in pairwise(chain))


def with_given(facts: AgendaFacts, given: Iterable[Given], roads: Roads) -> AgendaFacts:
    """The agenda once these visits stand, in it, at another site, or in the rooms it needs."""
    busy, elsewhere, needs = list(facts.busy), list(facts.elsewhere), facts.needs
    for one in given:
        start, end = one.span
        if one.agenda_id == facts.agenda_id:
            ask = one.ask
            busy.append(Busy(start, end, 0, "visit", ask.reason, ask.before, ask.after))
        elif (road := roads.get((facts.agenda_id, one.agenda_id))) is not None:
            elsewhere.append(Elsewhere(start - road, end + road, one.agenda_id, "", road))
        if one.rooms:
            needs = [
                [
                    room._replace(taken=[*room.taken, one.span]) if room.id in one.rooms else room
                    for room in need
                ]
                for need in needs
            ]
    return replace(facts, busy=busy, elsewhere=elsewhere, needs=needs)


def on_day(facts: AgendaFacts, day: date) -> AgendaFacts:
    """The same facts without the visits of other days: weeks of them would be sorted each day."""
    first, last = day_bounds(day, facts.hours.site.zone)
    near = [one for one in facts.busy if one[1] > first - _MARGIN and one[0] < last + _MARGIN]
    return replace(facts, busy=near)


class _Reach(NamedTuple):
    """What a chain can still become: how often it changes agenda, when it ends."""

    changes: int
    end: int

    def after_change(self) -> _Reach:
        return _Reach(self.changes + 1, self.end)


class _Begun(NamedTuple):
    """The first steps in their places."""

    chain: Chain = ()
    given: tuple[Given, ...] = ()
    changes: int = 0

    def changes_with(self, agenda_id: int) -> int:
        return self.changes + bool(self.chain and self.chain[-1].agenda_id != agenda_id)

    def with_step(self, one: Candidate, start: int, facts: AgendaFacts) -> _Begun:
        link = Link(start, start + one.ask.minutes, one.agenda_id)
        # The first that would do: those that the booking takes.
        rooms = frozenset(room.id for room in rooms_for(facts, one.ask, start) or ())
        given = Given(start, one.agenda_id, one.ask, rooms)
        return _Begun((*self.chain, link), (*self.given, given), self.changes_with(one.agenda_id))


_Best = tuple[tuple[int, int], Chain]


class _Search:
    """One day's search."""

    def __init__(
        self,
        steps: Sequence[Step],
        day: date,
        roads: Roads,
        together: bool,
        not_before: int | None,
    ) -> None:
        self._steps, self._day, self._roads = steps, day, roads
        self._together, self._not_before = together, not_before
        self._minutes: dict[tuple[int, int], frozenset[int]] = {}
        self._reached: dict[tuple[int, int], tuple[_Reach | None, dict[int, _Reach]]] = {}

    def found(self) -> Iterator[Chain]:
        firsts = (
            [(start, n, one) for start in self._free(one, GRID)]
            for n, one in enumerate(self._steps[0].candidates)
        )
        for _, same in groupby(merge(*firsts, key=lambda first: first[:2]), lambda one: one[0]):
            best = self._follow(_Begun(), [(start, one) for start, _, one in same], None)
            if best is not None:
                yield best[1]

    def _follow(
        self, begun: _Begun, places: Iterable[tuple[int, Candidate]], best: _Best | None
    ) -> _Best | None:
        """The best chain: these places are tried, the most promising first, while they may do
        better than `best`."""
        for rank, start, one in self._promising(begun, places):
            if best is not None and rank >= best[0]:
                break
            facts = self._once_given(one, begun.given)
            # Where nothing given touches the agenda, its own free times were right already.
            sure = facts is one.facts and not _keeps(facts)
            if not sure and why_not(facts, start, one.ask) is not None:
                continue
            then = begun.with_step(one, start, facts)
            k = len(then.chain)
            if k == len(self._steps):
                return rank, then.chain
            best = self._follow(then, self._places(k, then.chain[-1].end), best)
        return best

    def _promising(
        self, begun: _Begun, places: Iterable[tuple[int, Candidate]]
    ) -> list[tuple[tuple[int, int], int, Candidate]]:
        """What each place can still lead to, the best first; dead ends left out."""
        found = []
        for start, one in places:
            reach = self._reach(len(begun.chain) + 1, one.agenda_id, start + one.ask.minutes)
            if reach is not None:
                changes = begun.changes_with(one.agenda_id) + reach.changes
                found.append((self._rank(_Reach(changes, reach.end)), start, one))
        found.sort(key=itemgetter(0, 1))
        return found

    def _once_given(self, one: Candidate, given: Iterable[Given]) -> AgendaFacts:
        """The candidate's facts, the very same when nothing given touches them."""
        mine = {room.id for need in one.facts.needs for room in need}
        touching = [
            visit
            for visit in given
            if visit.agenda_id == one.agenda_id
            or (one.agenda_id, visit.agenda_id) in self._roads
            or visit.rooms & mine
        ]
        return with_given(one.facts, touching, self._roads) if touching else one.facts

    def _places(self, k: int, end: int) -> Iterator[tuple[int, Candidate]]:
        """Where step `k` may stand after `end`, were it alone."""
        step = self._steps[k]
        for start in step.starts_after(end):
            for n, one in enumerate(step.candidates):
                if start in self._alone(k, n):
                    yield start, one

    def _alone(self, k: int, n: int) -> frozenset[int]:
        """Every minute at which a candidate may stand when nothing before it hinders; times kept
        for others are left out of account, since a step before may be one of these."""
        if (k, n) not in self._minutes:
            one = self._steps[k].candidates[n]
            lax = [quota for quota in one.facts.quotas if quota.kind != "keep"]
            relaxed = one._replace(facts=replace(one.facts, quotas=lax))
            self._minutes[k, n] = frozenset(self._free(relaxed, 1, packed=False))
        return self._minutes[k, n]

    def _free(self, one: Candidate, step: int, *, packed: bool = True) -> Iterator[int]:
        return free_starts(
            one.facts, self._day, 1, one.ask, step=step, packed=packed, not_before=self._not_before
        )

    def _reach(self, k: int, agenda_id: int, end: int) -> _Reach | None:
        """The best that steps from `k` on could make, after a visit in that agenda until `end`."""
        if k == len(self._steps):
            return _Reach(0, end)
        if (k, end) not in self._reached:
            here: dict[int, _Reach] = {}
            for start, one in self._places(k, end):
                rest = self._reach(k + 1, one.agenda_id, start + one.ask.minutes)
                if rest is not None:
                    here[one.agenda_id] = min(here.get(one.agenda_id, rest), rest, key=self._rank)
            self._reached[k, end] = min(here.values(), key=self._rank, default=None), here
        anywhere, here = self._reached[k, end]
        if anywhere is None:
            return None
        after = anywhere.after_change()
        return min(here.get(agenda_id, after), after, key=self._rank)

    def _rank(self, reach: _Reach) -> tuple[int, int]:
        return (reach.changes, reach.end) if self._together else (reach.end, reach.changes)


def _keeps(facts: AgendaFacts) -> bool:
    return any(quota.kind == "keep" for quota in facts.quotas)
