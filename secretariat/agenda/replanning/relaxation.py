"""The linear relaxation of a problem: what rows and ways are worth, by OR-Tools GLOP. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from secretariat.agenda.quotas import LINE
from secretariat.agenda.replanning.rows import Row, Step, Stretch

Node = tuple[int, int]
"""A level, and a moment."""
FREE = -1
"""The level of those from whom nothing is kept; at each other, so many are met of those owed."""


class Way(NamedTuple):
    """How a stretch can be gone through, and what it costs to be at each point of it."""

    nodes: Sequence[Node]
    """Each before all that can follow it."""
    begins: Sequence[Node]
    ends: Sequence[Node]
    idle: Sequence[tuple[Node, Node]]
    """Time goes by, or a time kept stands."""
    steps: Sequence[tuple[Step, Node, Node]]
    barred: frozenset[int]
    """Choices that cannot be gone through at all."""
    tolls: Mapping[Node, float] = {}


class Relaxed(NamedTuple):
    """What the relaxation says."""

    prices: Sequence[float]
    """Of each row; nothing or less."""
    ways: Sequence[Way]
    shares: Sequence[float]
    """How much of each choice."""


def relaxed(
    costs: Sequence[int],
    groups: Sequence[Sequence[int]],
    rows: Sequence[Row],
    stretches: Sequence[Stretch],
) -> Relaxed | None:
    """Solve the relaxation; None: nothing holds."""
    left = {choice for choices in groups for choice in choices}
    ways = [_way(stretch, left) for stretch in stretches]
    model = _Model(costs, groups, ways)
    made = [None if row.implied else model.bounded(row) for row in rows]
    if not model.solve():
        return None
    prices = [0.0 if n is None else model.price(n) for n in made]
    tolled = [way._replace(tolls=tolls) for way, tolls in zip(ways, model.tolls(), strict=True)]
    return Relaxed(prices, tolled, model.shares(len(costs)))


def _way(stretch: Stretch, left: set[int]) -> Way:
    """Every step from which all that is owed can still be met."""
    some = [step for step in stretch.steps if step.choice in left]
    kept = sorted(set(_standing(stretch)))
    first = min([stretch.start, *(step.start for step in some)])
    last = max([stretch.end, *(step.end for step in some)])
    raising = kept + [(step.start, step.end) for step in some if step.own]
    soonest, latest = _bounds(raising, stretch.owed, first, last)
    moments = {first, last, *(at for span in kept for at in span)}
    moments.update(at for step in some for at in step[:2])
    inside = sorted(moments)
    levels = list(range(stretch.owed + 1))
    if any(step.allowed for step in some):
        levels.append(FREE)
    soonest[FREE], latest[FREE] = first, last
    steps = [
        (step, (level, step.start), (then, step.end))
        for step in some
        for level in levels
        if (level != FREE or step.allowed)
        for then in [min(level + step.own, stretch.owed) if level != FREE else FREE]
        if step.start >= soonest[level] and step.end <= latest[then]
    ]
    idle = []
    for level in levels:
        here = [at for at in inside if soonest[level] <= at <= latest[level]]
        idle += [((level, at), (level, then)) for at, then in pairwise(here)]
        if 0 <= level < stretch.owed:
            for start, end in kept:
                if start >= soonest[level] and end <= latest[level + 1]:
                    idle.append(((level, start), (level + 1, end)))
    reached = {node for pair in idle for node in pair}
    reached.update(node for one in steps for node in one[1:])
    nodes = sorted(reached, key=lambda node: (node[1], node[0]))
    ends = [(stretch.owed, last), (FREE, last)]
    begins = [(0, first), (FREE, first)]
    gone = {step.choice for step in some} - {one[0].choice for one in steps}
    return Way(nodes, [one for one in begins if one in reached], ends, idle, steps, frozenset(gone))


def _standing(stretch: Stretch) -> Iterator[tuple[int, int]]:
    """Where times kept may stand: from any line, whoever else comes, now or looked at later."""
    minutes = stretch.minutes
    for first, last in stretch.free:
        for line in range(first + -first % LINE, last, LINE):
            for n in range(stretch.owed):
                if line + (n + 1) * minutes <= last:
                    yield line + n * minutes, line + (n + 1) * minutes


def _bounds(
    raising: Sequence[tuple[int, int]], owed: int, first: int, last: int
) -> tuple[dict[int, int], dict[int, int]]:
    """By level, when it is reached at the soonest, and left at the latest."""
    soonest, latest = {0: first}, {owed: last}
    for level in range(owed):
        some = [end for start, end in raising if start >= soonest[level]]
        soonest[level + 1] = min(some, default=last + 1)
    for level in reversed(range(owed)):
        some = [start for start, end in raising if end <= latest[level + 1]]
        latest[level] = max(some, default=first - 1)
    return soonest, latest


class _Model:
    """Columns and rows, as the solver takes them."""

    def __init__(
        self, costs: Sequence[int], groups: Sequence[Sequence[int]], ways: Sequence[Way]
    ) -> None:
        from ortools.linear_solver import linear_solver_pb2

        self._made = linear_solver_pb2.MPModelProto()
        self._costs = costs
        self._duals: list[float] | None = None
        self._values: list[float] | None = None
        self._columns: dict[int, list[int]] = defaultdict(list)
        times = Counter(
            n for way in ways for n in {one[0][:3]: one[0].choice for one in way.steps}.values()
        )
        barred = frozenset[int]().union(*(way.barred for way in ways))
        self._once = {choice for choice, count in times.items() if count == 1} - barred
        for choices in groups:
            for choice in choices:
                if choice not in self._once and choice not in barred:
                    self._column(choice)
        self._nodes: list[dict[Node, int]] = [self._go(way) for way in ways]
        for choices in groups:
            columns = [column for choice in choices for column in self._columns[choice]]
            self._row(1, 1, columns, [1.0] * len(columns))

    def _new(self, cost: float) -> int:
        self._made.variable.add(lower_bound=0.0, objective_coefficient=cost)
        return len(self._made.variable) - 1

    def _column(self, choice: int) -> int:
        self._columns[choice].append(column := self._new(self._costs[choice]))
        return column

    def _row(
        self, least: float, most: float, columns: Sequence[int], weights: Sequence[float]
    ) -> int:
        self._made.constraint.add(
            lower_bound=least, upper_bound=most, var_index=columns, coefficient=weights
        )
        return len(self._made.constraint) - 1

    def _go(self, way: Way) -> dict[Node, int]:
        """What comes in at each point goes out; the way begins once."""
        columns: dict[Node, list[int]] = {node: [] for node in way.nodes}
        weights: dict[Node, list[float]] = {node: [] for node in way.nodes}
        begins = [self._new(0) for _ in way.begins]
        self._row(1, 1, begins, [1.0] * len(begins))

        def goes(column: int, node: Node, then: Node) -> None:
            columns[node].append(column)
            weights[node].append(1.0)
            columns[then].append(column)
            weights[then].append(-1.0)

        for column, node in zip(begins, way.begins, strict=True):
            columns[node].append(column)
            weights[node].append(-1.0)
        for node, then in way.idle:
            goes(self._new(0), node, then)
        linked: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for step, node, then in way.steps:
            if step.choice in self._once:
                column = self._column(step.choice)
            else:
                column = self._new(0)
                linked[step.choice, step.start, step.end].append(column)
            goes(column, node, then)
        for (choice, _, _), some in linked.items():
            whole = self._columns[choice]
            self._row(0, 0, [*some, *whole], [1.0] * len(some) + [-1.0] * len(whole))
        ends = set(way.ends)
        return {
            node: self._row(0, 0, columns[node], weights[node])
            for node in way.nodes if node not in ends
        }  # fmt: skip

    def bounded(self, row: Row) -> int:
        """A row of the problem; where one choice is named twice it weighs twice."""
        weights: dict[int, float] = defaultdict(float)
        for choice, weighs in row.terms:
            for column in self._columns.get(choice, ()):
                weights[column] += weighs
        return self._row(float("-inf"), row.most, list(weights), list(weights.values()))

    def solve(self) -> bool:
        """Find the prices, or none; answers whether something can hold."""
        from ortools.linear_solver import pywraplp

        solver = pywraplp.Solver.CreateSolver("GLOP")
        solver.LoadModelFromProto(self._made)
        status = solver.Solve()
        if status == pywraplp.Solver.OPTIMAL:
            self._duals = [one.dual_value() for one in solver.constraints()]
            self._values = [one.solution_value() for one in solver.variables()]
        return bool(status != pywraplp.Solver.INFEASIBLE)

    def price(self, row: int) -> float:
        return 0.0 if self._duals is None else float(self._duals[row])

    def tolls(self) -> list[dict[Node, float]]:
        return [{node: self.price(row) for node, row in some.items()} for some in self._nodes]

    def shares(self, count: int) -> list[float]:
        if self._values is None:
            return [0.0] * count
        return [
            float(sum(self._values[column] for column in self._columns.get(choice, ())))
            for choice in range(count)
        ]
