"""How good a plan can be at most, and which choices cannot be part of a better one. Pure.

Each row gets a price; a visit pays for what it takes. Whatever the prices, no plan costs less than
what all visits pay at their cheapest, less the prices of all rows: the bound is computed in whole
numbers, so that it proves what it says. The linear relaxation gives good prices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from secretariat.agenda.replanning.rows import Row

FINE = 1024
"""Parts of a unit in which prices are counted."""


class Priced(NamedTuple):
    """No plan costs less than `bound`; with that choice, none less than `bound` + `more`."""

    bound: int
    """In parts of a unit."""
    more: Sequence[int]
    """By choice, in parts of a unit."""
    least: Sequence[int]
    """What each group pays at its cheapest."""
    prices: Sequence[int]
    """Of each row."""


def priced(
    costs: Sequence[int], groups: Sequence[Sequence[int]], rows: Sequence[Row]
) -> Priced:  # fmt: skip
    """Bounds from the prices of the linear relaxation.

    Args:
        costs: of each choice.
        groups: the choices of each group that are left.
    """
    prices = _prices(costs, groups, rows)
    paid = [cost * FINE for cost in costs]
    bound = 0
    for row, price in zip(rows, prices, strict=True):
        if price:
            bound -= row.most * price
            for choice, weighs in row.terms:
                paid[choice] += weighs * price
    more, least = [0] * len(costs), []
    for choices in groups:
        least.append(min(paid[choice] for choice in choices))
        for choice in choices:
            more[choice] = paid[choice] - least[-1]
    return Priced(bound + sum(least), more, least, prices)


def _prices(
    costs: Sequence[int], groups: Sequence[Sequence[int]], rows: Sequence[Row]
) -> list[int]:  # fmt: skip
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("GLOP")
    columns = {
        choice: solver.NumVar(0, solver.infinity(), "")
        for choices in groups for choice in choices
    }  # fmt: skip
    objective = solver.Objective()
    for choice, column in columns.items():
        objective.SetCoefficient(column, costs[choice])
    for choices in groups:
        one = solver.Constraint(1, 1)
        for choice in choices:
            one.SetCoefficient(columns[choice], 1)
    made = []
    for row in rows:
        constraint = solver.Constraint(-solver.infinity(), row.most)
        for choice, weighs in row.terms:
            if choice in columns:
                constraint.SetCoefficient(columns[choice], weighs)
        made.append(constraint)
    objective.SetMinimization()
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return [0] * len(rows)
    return [max(0, round(-constraint.dual_value() * FINE)) for constraint in made]
