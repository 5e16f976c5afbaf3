"""A problem as choices and rows: what is chosen for each visit, what cannot go together. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from secretariat.agenda.quotas import LINE
from secretariat.agenda.replanning.conflicts import (
    is_allowed,
    is_own,
    meet,
    on_the_road,
    owed,
    tied,
    uses,
    weight,
)
from secretariat.agenda.replanning.problem import Cost, Displaced, Kept, Place, Problem, Tie

Span = tuple[int, int, int]
"""From one minute to another, and which choice takes it."""
Put = tuple[int, Place]
"""A visit, by its rank in the problem, at a place."""
Placed = tuple[int, Displaced, Place]
"""A choice, with one visit of it and its place."""


class Choice(NamedTuple):
    """A visit at a place, or all the visits of a tie at theirs; nowhere without any."""

    group: int
    put: tuple[Put, ...]
    cost: Cost


class Row(NamedTuple):
    """These choices, weighed, come to at most `most`."""

    terms: Sequence[tuple[int, int]]
    """Choice and weight."""
    most: int
    units: Sequence[int] = ()
    """For a row that bounds the cost: what a unit of each criterion weighs."""
    implied: bool = False
    """A stretch says as much: it needs no price."""


class Step(NamedTuple):
    """What one choice takes of a stretch."""

    start: int
    end: int
    choice: int
    own: bool
    """It has one of the times kept, for its like."""
    allowed: bool
    """Nothing is kept from it."""


class Stretch(NamedTuple):
    """A part of a day where a quota keeps times: it is gone through once, from its beginning to its
    end, each choice in its turn, and all that is owed must have been met on the way; unless there
    are only choices from which nothing is kept."""

    agenda_id: int
    start: int
    end: int
    free: Sequence[tuple[int, int]]
    minutes: int
    """Of each time kept."""
    owed: int
    steps: Sequence[Step]


@dataclass(slots=True)
class Rows:
    """The whole problem: exactly one choice of each group, and every row holds."""

    problem: Problem
    choices: list[Choice] = field(default_factory=list)
    groups: list[list[int]] = field(default_factory=list)
    """Choices of each visit or tie; from `people` on, of each time that a quota keeps."""
    people: int = 0
    members: list[list[int]] = field(default_factory=list)
    """Ranks of the visits of each of these."""
    rows: list[Row] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    takers: list[frozenset[int]] = field(default_factory=list)
    """For each time kept: the choices that may not take it. Without them it matters no more."""
    cut: bool = False
    """Too many ways for a tie: some are left out."""

    def add(self, choices: Sequence[tuple[tuple[Put, ...], Cost]]) -> list[int]:
        """A group of choices; answers where they are."""
        first, group = len(self.choices), len(self.groups)
        self.choices += (Choice(group, put, cost) for put, cost in choices)
        self.groups.append(list(range(first, len(self.choices))))
        return self.groups[-1]

    def placed(self) -> Iterator[Placed]:
        """Each visit of each choice, with its place."""
        for n, choice in enumerate(self.choices):
            for rank, place in choice.put:
                if rank >= 0:
                    yield n, self.problem.visits[rank], place


MOST_WAYS = 8000
"""Ways of giving times to the visits of one tie that are looked at."""


def written(problem: Problem) -> Rows:
    """The whole problem."""
    made = Rows(problem)
    ranks = {visit.id: rank for rank, visit in enumerate(problem.visits)}
    bound: set[int] = set()
    for tie in problem.ties:
        members = [ranks[pk] for pk in tie.members]
        made.members.append(members)
        bound.update(members)
        _together(made, tie, members)
    for rank, visit in enumerate(problem.visits):
        if rank not in bound:
            costs = zip(visit.places, visit.costs, strict=True)
            places = [(((rank, place),), cost) for place, cost in costs]
            made.add([*places, ((), visit.unplaced)])
            made.members.append([rank])
    made.people = len(made.groups)
    taken: dict[Hashable, list[Span]] = defaultdict(list)
    placed = list(made.placed())
    for n, visit, place in placed:
        for what, start, end in uses(visit, place):
            taken[what].append((start, end, n))
    made.rows += _roads(made, placed)
    made.rows += _limits(problem, placed)
    longest = max((one.before + one.minutes + one.after for one in problem.visits), default=0)
    near = _Near(placed, longest)
    for kept in problem.kept:
        made.rows += _keep(made, kept, near.to(kept), taken)
    made.rows += _one_at_a_time(made, taken)
    return made


class _Near:
    """Who could stand near a part of a day, without looking at all the others."""

    def __init__(self, placed: Sequence[Placed], longest: int) -> None:
        self._longest = longest
        self._placed: dict[int, list[Placed]] = defaultdict(list)
        for one in sorted(placed, key=lambda one: one[2].start):
            self._placed[one[2].agenda_id].append(one)
        self._starts = {
            agenda_id: [place.start for _, _, place in some]
            for agenda_id, some in self._placed.items()
        }

    def to(self, kept: Kept) -> list[Placed]:
        """Those who could take something of that time, and some more."""
        spans = [kept.window, *kept.free]
        starts = self._starts.get(kept.agenda_id, [])
        since = bisect_left(starts, min(start for start, _ in spans) - self._longest)
        until = bisect_left(starts, max(end for _, end in spans) + self._longest)
        return self._placed[kept.agenda_id][since:until]


def _together(made: Rows, tie: Tie, members: Sequence[int]) -> None:
    """Every way of giving a time to all of them; or to none."""
    visits = [made.problem.visits[rank] for rank in members]
    days: list[dict[object, list[int]]] = []
    for visit in visits:
        by_day: dict[object, list[int]] = defaultdict(list)
        for n, place in enumerate(visit.places):
            by_day[made.problem.day(place.start)].append(n)
        days.append(by_day)
    ways: list[tuple[int, ...]] = []
    for day in days[0]:
        some: list[tuple[int, ...]] = [()]
        for depth, visit in enumerate(visits):
            some = [
                (*way, n) for way in some for n in days[depth].get(day, ())
                if _goes(made.problem, tie, visits, (*way, n)) and visit
            ]  # fmt: skip
        ways += some
    found = []
    for way in ways:
        put = tuple((rank, visit.places[n]) for rank, visit, n in zip(members, visits, way,
                                                                     strict=True))  # fmt: skip
        costs = (visit.costs[n] for visit, n in zip(visits, way, strict=True))
        found.append((put, _sum(costs)))
    found.sort(key=lambda one: one[1])
    made.cut |= len(found) > MOST_WAYS
    made.add([*found[:MOST_WAYS], ((), _sum(visit.unplaced for visit in visits))])


def _goes(problem: Problem, tie: Tie, visits: Sequence[Displaced], way: tuple[int, ...]) -> bool:
    """Whether the last of these places goes with those before it."""
    depth = len(way) - 1
    places = [visit.places[n] for visit, n in zip(visits, way, strict=False)]
    starts = [place.start for place in places]
    if tie.kind == "household":
        together = max(starts) - min(starts) <= tie.waits[0]
    else:
        last_two = Tie("chain", tie.members[depth - 1 : depth + 1], tie.waits[depth - 1 : depth])
        together = depth == 0 or tied(last_two, visits[depth - 1 : depth + 1], starts[-2:])
    return together and not any(
        meet(problem, visits[n], places[n], visits[depth], places[depth]) for n in range(depth)
    )


def _sum(costs: Iterator[Cost]) -> Cost:
    return Cost(*(sum(column) for column in zip(*costs, strict=True)))


def _one_at_a_time(made: Rows, taken: Mapping[Hashable, Sequence[Span]]) -> Iterator[Row]:
    """An agenda, a room, a patient: at each moment, one of all who would have it."""
    kept: dict[Hashable, list[tuple[int, int]]] = defaultdict(list)
    for stretch in made.stretches:
        kept["agenda", stretch.agenda_id].append((stretch.start, stretch.end))
    for what, spans in taken.items():
        for moment, crowd in crowds(spans):
            if len({made.choices[n].group for n in crowd}) > 1:
                said = any(start <= moment < end for start, end in kept.get(what, ()))
                yield Row([(n, 1) for n in crowd], 1, implied=said)


def crowds(spans: Sequence[Span]) -> Iterator[tuple[int, list[int]]]:
    """All who would have something at one moment, for each moment that matters."""
    starts = sorted(spans)
    ends = sorted((end, start, n) for start, end, n in spans)
    here: dict[int, int] = {}
    i = 0
    for (end, _, n), following in pairwise([*ends, (0, 0, 0)]):
        grew = False
        while i < len(starts) and starts[i][0] < end:
            here[starts[i][2]] = here.get(starts[i][2], 0) + 1
            grew = True
            i += 1
        if grew and following:
            yield end - 1, list(here)
        here[n] -= 1
        if not here[n]:
            del here[n]


def _roads(made: Rows, placed: Sequence[Placed]) -> Iterator[Row]:
    """The same practitioner at two sites, a road apart."""
    if not made.problem.roads:
        return
    for n, visit, place in placed:
        barred: dict[int, list[int]] = defaultdict(list)
        for m, other, there in placed:
            group = made.choices[m].group
            if group != made.choices[n].group and on_the_road(
                made.problem, visit, place, other, there
            ):
                barred[group].append(m)
        for some in barred.values():
            yield Row([(n, 1), *((m, 1) for m in dict.fromkeys(some))], 1)


def _limits(problem: Problem, placed: Sequence[Placed]) -> Iterator[Row]:
    for limit in problem.limits:
        terms: dict[int, int] = defaultdict(int)
        for n, visit, place in placed:
            terms[n] += weight(limit, visit.id, place)
        weighed = [(n, weighs) for n, weighs in terms.items() if weighs]
        if weighed:
            yield Row(weighed, max(limit.most, 0))


def _keep(
    made: Rows,
    kept: Kept,
    here: Sequence[Placed],
    taken: dict[Hashable, list[Span]],
) -> Iterator[Row]:
    """The times kept are visits too, that no patient has yet: they must find room as soon as one
    visit that may not take them stands in that part of the day."""
    barred = [(place.start, n) for n, visit, place in here if not is_allowed(kept, visit, place)]
    units = owed(kept)
    if not barred or not units:
        return
    step = LINE if kept.minutes % LINE == 0 else 1
    starts = [
        start for first, last in kept.free
        for start in range(first + -first % LINE, last - kept.minutes + 1, step)
    ]  # fmt: skip
    nowhere = []
    for _ in range(units):
        some = made.add([(((-1, Place(start, kept.agenda_id)),), Cost()) for start in starts]
                        + [((), Cost())])  # fmt: skip
        taken["agenda", kept.agenda_id] += (
            (start, start + kept.minutes, n) for n, start in zip(some, starts, strict=False)
        )
        nowhere.append(some[-1])
        made.takers.append(frozenset(n for _, n in barred))
    made.stretches.append(_stretch(kept, units, here))
    own = [n for n, visit, place in here if is_own(kept, visit, place)]
    # Only those to whom they are not refused can leave them nowhere.
    first, last = kept.free[0][0], kept.free[-1][1]
    relief = [
        (n, -units)
        for n, visit, place in here
        if is_allowed(kept, visit, place)
        and visit.around(place.start)[1] > first
        and visit.around(place.start)[0] < last
    ]
    yield Row([*((n, 1) for n in nowhere), *relief], 0, implied=True)
    if relief:
        for _, crowd in crowds([(start, start + 1, n) for start, n in barred]):
            terms = [(n, units) for n in crowd] + [(n, 1) for n in nowhere]
            yield Row([*terms, *((n, -1) for n in own)], units, implied=True)


def _stretch(kept: Kept, units: int, here: Sequence[Placed]) -> Stretch:
    start = min(kept.window[0], kept.free[0][0])
    end = max(kept.window[1], kept.free[-1][1])
    steps = []
    for n, visit, place in here:
        first, last = visit.around(place.start)
        if first < end and start < last:
            own, allowed = is_own(kept, visit, place), is_allowed(kept, visit, place)
            steps.append(Step(first, last, n, own, allowed))
    return Stretch(kept.agenda_id, start, end, kept.free, kept.minutes, units, steps)
