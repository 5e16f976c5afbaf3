"""How good a plan can be at most, and which choices cannot be part of a better one. Pure.

Each row gets a price; a visit pays for what it takes. Whatever the prices, no plan costs less than
what all visits pay at their cheapest, less the prices of all rows: the bound is computed in whole
numbers, so that it proves what it says. The linear relaxation gives good prices.

A stretch where a quota keeps times is gone through from its beginning to its end: there, a visit
pays for the way from its beginning to its end, which depends on how many times kept are behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from secretariat.agenda.replanning.relaxation import Node, Way, relaxed
from secretariat.agenda.replanning.rows import Row, Stretch

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
    worth: Sequence[float]
    """Of each choice in the relaxation."""


def priced(
    costs: Sequence[int],
    groups: Sequence[Sequence[int]],
    rows: Sequence[Row],
    stretches: Sequence[Stretch] = (),
) -> Priced | None:
    """Bounds from the prices of the linear relaxation; None when even that has no solution.

    Args:
        costs: of each choice.
        groups: the choices of each group that are left.
    """
    if not all(groups):
        return None
    found = relaxed(costs, groups, rows, stretches)
    if found is None:
        return None
    prices = [max(0, round(-price * FINE)) for price in found.prices]
    paid = [cost * FINE for cost in costs]
    bound = 0
    for row, price in zip(rows, prices, strict=True):
        if price:
            bound -= row.most * price
            for choice, weighs in row.terms:
                paid[choice] += weighs * price
    for way in found.ways:
        bound -= _pay_the_way(way, paid)
    more, least = [0] * len(costs), []
    for choices in groups:
        least.append(min(paid[choice] for choice in choices))
        for choice in choices:
            more[choice] = paid[choice] - least[-1]
    return Priced(bound + sum(least), more, least, prices, found.shares)


def _pay_the_way(way: Way, paid: list[int]) -> int:
    """Each choice pays for its part of the way, at the level where that is cheapest; answers what
    the whole way costs: together they pay no more.

    To be further on never costs less than to wait, or to let a time kept stand: who does it pays
    too.
    """
    tolls: dict[Node, int] = {}
    after: dict[Node, list[Node]] = defaultdict(list)
    for node, then in way.idle:
        after[node].append(then)
    for node in reversed(way.nodes):
        known = round(way.tolls.get(node, 0.0) * FINE)
        tolls[node] = min([known, *(tolls[then] for then in after[node])])
    cheapest: dict[tuple[int, int, int], int] = {}
    for step, node, then in way.steps:
        key, toll = (step.choice, step.start, step.end), tolls[then] - tolls[node]
        cheapest[key] = min(toll, cheapest.get(key, toll))
    for (choice, _, _), toll in cheapest.items():
        paid[choice] += toll
    return max(-tolls[node] for node in way.begins)
