"""The best plan, proven, by OR-Tools CP-SAT. Pure.

The prices of the rows (`pricing`) say which choices may be part of a best plan; the solver is given
the most promising ones, and once more what its own answer leaves possible: most of the time, a
twentieth of all of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from secretariat.agenda.replanning.conflicts import holds
from secretariat.agenda.replanning.greedy import earliest_first
from secretariat.agenda.replanning.pricing import FINE, Priced, priced
from secretariat.agenda.replanning.problem import (
    Cost,
    Displaced,
    Place,
    Plan,
    Problem,
    cost_of,
    weights,
)
from secretariat.agenda.replanning.rows import Row, Rows, written

SECONDS = 5.0
"""How long a plan may be looked for; then the best one found is shown as not proven."""
STAGES = (range(4), range(4, 5), range(5, 7))
"""Criteria weighed together: with all seven at once, numbers would be too large to be exact."""
CHEAPEST = 160
"""Places of each visit that are looked at before all others."""
_NEAR = 5
"""Places of each visit that the solver looks at first, the most promising."""
FEW = 2500
"""Choices that the solver takes all at once."""
Groups = Sequence[Sequence[int]]


def best(
    problem: Problem, *, seconds: float = SECONDS, near: Mapping[int, Place] | None = None
) -> Plan:
    """The best plan there is, or the best found in that time.

    The same problem gives the same plan: one worker, one seed, visits in their order.

    Args:
        near: a plan to start from, such as the one shown before.
    """
    began = time.perf_counter()
    if not problem.visits:
        return Plan({}, Cost(), proven=True)
    scale = weights(problem)
    ordered = replace(problem, visits=[_ordered(visit) for visit in problem.visits])
    found, limits = _still_there(problem, near or {}), [CHEAPEST] * len(problem.visits)
    while True:
        search = _Search(written(_cheapest(ordered, limits)), scale, began + seconds, found)
        proven = search.run()
        found = search.found
        more = search.beyond(ordered, limits) if proven else limits
        if more == limits:
            break
        limits = more
    if not proven:
        found = _no_worse(problem, found)
    spent = time.perf_counter() - began
    return Plan(found, cost_of(problem, found), proven, spent)


def in_a_hurry(problem: Problem, near: Mapping[int, Place], spent: float = 0.0) -> Plan:
    """Without a search: the plan shown before, unless the obvious way gives a better one."""
    found = _no_worse(problem, _still_there(problem, near))
    return Plan(found, cost_of(problem, found), seconds=spent)


def _no_worse(problem: Problem, found: dict[int, Place]) -> dict[int, Place]:
    """When time ran out: the plan found, unless the obvious way gives a better one."""
    pinned_first = sorted(problem.visits, key=lambda visit: len(visit.places) != 1)
    obvious = earliest_first(replace(problem, visits=pinned_first))
    kept = holds(problem, found) and cost_of(problem, found) <= obvious.cost
    return found if kept else dict(obvious.places)


def _still_there(problem: Problem, near: Mapping[int, Place]) -> dict[int, Place]:
    """What may be kept of a plan shown before."""
    return {
        visit.id: near[visit.id] for visit in problem.visits
        if visit.id in near and near[visit.id] in visit.places
    }  # fmt: skip


def _ordered(visit: Displaced) -> Displaced:
    """The cheapest places first; at the same cost, the soonest."""
    pairs = sorted(zip(visit.costs, visit.places, strict=True))
    return replace(visit, places=[one for _, one in pairs], costs=[one for one, _ in pairs])


def _cheapest(problem: Problem, limits: Sequence[int]) -> Problem:
    """Only the cheapest places of visits for whom no quota keeps times."""
    own = _own(problem)
    visits = [
        one if one.id in own else replace(one, places=one.places[:most], costs=one.costs[:most])
        for one, most in zip(problem.visits, limits, strict=True)
    ]
    return replace(problem, visits=visits)


def _own(problem: Problem) -> set[int]:
    return set[int]().union(*(kept.own for kept in problem.kept))


class _Stage(NamedTuple):
    """What one stage proved: no plan as good holds a choice that pays more than that."""

    pays: Sequence[int]
    """For each criterion, a unit of it."""
    least: Sequence[int]
    """What each group pays at its cheapest."""
    gap: int


@dataclass
class _Search:
    rows: Rows
    scale: Sequence[int]
    until: float
    found: dict[int, Place]
    _stages: list[_Stage] = field(default_factory=list)

    def run(self) -> bool:
        """One criterion after the other: among all that is best so far, what is best then."""
        done = self._from(0, self.rows.groups, self.rows.rows)
        return done is True and not self.rows.cut

    def _from(self, stage: int, left: Groups, rows: Sequence[Row]) -> bool | None:
        """The best from one stage on; False: nothing holds; None: no time left.

        What the prices promise is often what there is: the stages after are tried with it first.
        """
        units = [
            self.scale[n] // self.scale[STAGES[stage][-1]] * (n in STAGES[stage]) for n in range(7)
        ]
        costs = [_worth(units, one.cost) for one in self.rows.choices]
        known = priced(costs, left[: self.rows.people], rows, self.rows.stretches)
        if known is None:
            return False
        if stage == len(STAGES) - 1:
            worth = self._solve(costs, left, rows, known)
            if worth is None or worth < 0:
                return None if worth is None else False
            self._stages.append(_stage(known, rows, units, worth * FINE - known.bound))
            return True
        stages = len(self._stages)
        for promised in (True, False):
            worth = -(-known.bound // FINE) if promised else self._solve(costs, left, rows, known)
            if worth is None or worth < 0:
                return None if worth is None else False
            gap = worth * FINE - known.bound
            del self._stages[stages:]
            self._stages.append(_stage(known, rows, units, gap))
            reached = self._reached(units, worth, STAGES[stage])
            done = self._from(stage + 1, self._within(left, known.more, gap), [*rows, *reached])
            if done is not False:
                return done
        return False

    def _reached(self, units: Sequence[int], worth: int, stage: range) -> Iterator[Row]:
        """Each criterion of the stage has its own value in every plan as good."""
        for n in stage:
            most, worth = divmod(worth, units[n])
            terms = [(m, one.cost[n]) for m, one in enumerate(self.rows.choices) if one.cost[n]]
            yield Row(terms, most, [int(n == m) for m in range(7)])

    def beyond(self, problem: Problem, limits: Sequence[int]) -> list[int]:
        """How many places of each visit must be looked at: those that no stage rules out."""
        seen = [len(one.places) for one in self.rows.problem.visits]
        found = list(limits)
        for group, ranks in enumerate(self.rows.members):
            if not all(problem.visits[rank].costs for rank in ranks):
                continue
            for rank in ranks:
                costs = problem.visits[rank].costs
                beside = [problem.visits[one].costs for one in ranks if one != rank]
                least = [
                    sum(min(_worth(one.pays, cost) for cost in some) for some in beside)
                    - one.least[group] for one in self._stages
                ]  # fmt: skip
                for n in range(len(costs) - 1, seen[rank] - 1, -1):
                    if not self._ruled_out(costs[n], least):
                        found[rank] = n + 1
                        break
        return found

    def _ruled_out(self, cost: Cost, least: Sequence[int]) -> bool:
        """Whether no plan that holds this is as good at all stages up to one, and better there."""
        for one, beside in zip(self._stages, least, strict=True):
            more = _worth(one.pays, cost) + beside
            if more <= one.gap - FINE:
                return False
            if more > one.gap:
                return True
        return True

    def _solve(
        self, costs: Sequence[int], left: Groups, rows: Sequence[Row], known: Priced
    ) -> int | None:
        """The cost of the best plan; -1: there is none; None: no time left."""
        most = max(known.more)
        few = sum(map(len, left)) <= FEW
        margin = most if few else self._promising(known, left)
        worth, seen = -1, set[int]()
        while True:
            some = self._within(left, known.more, margin)
            now = {n for one in some for n in one}
            if not now <= seen:  # Fewer, or the same again, would say the same.
                if (found := self._exact(costs, some, rows)) is None:
                    return None
                worth, seen = found, now
            # Costs are whole: a better plan would cost one less.
            wider = margin * 8 if worth < 0 else (worth - 1) * FINE - known.bound
            if wider <= margin or (worth < 0 and margin >= most):
                return worth
            margin = wider

    def _promising(self, known: Priced, left: Groups) -> int:
        some = left[: self.rows.people]
        near = sorted(sorted(known.more[n] for n in one)[:_NEAR][-1] for one in some)
        return max(near[len(near) * 9 // 10], FINE)

    def _exact(self, costs: Sequence[int], left: Groups, rows: Sequence[Row]) -> int | None:
        """The cost of the best among these choices; -1: they allow nothing; None: no time left."""
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        some_left = self._that_matter(left)
        chosen = {n: model.new_bool_var("") for some in some_left for n in some}
        for some in some_left:
            model.add_exactly_one([chosen[n] for n in some])
        for row in rows:
            _write(model, row, chosen)
        for n, one in chosen.items():
            model.add_hint(one, self._as_before(n))
        model.minimize(sum(costs[n] * one for n, one in chosen.items() if costs[n]))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 7
        solver.parameters.linearization_level = 2
        # What they find is known already from the prices.
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        solver.parameters.max_time_in_seconds = max(0.05, self.until - time.perf_counter())
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return -1
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        visits = self.rows.problem.visits
        self.found = {
            visits[rank].id: place for n, one in chosen.items() if solver.boolean_value(one)
            for rank, place in self.rows.choices[n].put if rank >= 0
        }  # fmt: skip
        return round(solver.objective_value) if status == cp_model.OPTIMAL else None

    def _as_before(self, n: int) -> bool:
        visits = self.rows.problem.visits
        put = self.rows.choices[n].put
        return bool(put) and all(
            rank >= 0 and self.found.get(visits[rank].id) == place for rank, place in put
        )

    def _within(self, left: Groups, more: Sequence[int], margin: int) -> Groups:
        """The choices that could be part of a plan at most so far from the bound; those of the best
        plan known."""
        return [[n for n in some if more[n] <= margin or self._as_before(n)] for some in left]

    def _that_matter(self, left: Groups) -> Groups:
        """Without the times that nobody here could take."""
        visits = left[: self.rows.people]
        here = {n for some in visits for n in some}
        kept = zip(left[self.rows.people :], self.rows.takers, strict=True)
        return [*visits, *(some for some, takers in kept if not takers.isdisjoint(here))]


def _stage(known: Priced, rows: Sequence[Row], units: Sequence[int], gap: int) -> _Stage:
    pays = [unit * FINE for unit in units]
    for row, price in zip(rows, known.prices, strict=True):
        if row.units:
            pays = [one + unit * price for one, unit in zip(pays, row.units, strict=True)]
    return _Stage(pays, known.least, gap)


def _worth(units: Sequence[int], cost: Cost) -> int:
    return sum(one * unit for one, unit in zip(cost, units, strict=True) if unit)


def _write(model: Any, row: Row, chosen: Mapping[int, Any]) -> None:
    terms = [(chosen[n], weighs) for n, weighs in row.terms if n in chosen]
    positive = [one for one, weighs in terms if weighs > 0]
    if not positive:
        return
    if row.most == 1 and all(weighs == 1 for _, weighs in terms):
        model.add_at_most_one(positive)
    else:
        model.add(sum(one * weighs for one, weighs in terms) <= row.most)
