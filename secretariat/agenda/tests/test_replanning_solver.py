"""The best plan against trying everything, on small days drawn by lot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from itertools import product
from random import Random
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from secretariat.agenda.facts import AgendaFacts, Ask, Busy, Room
from secretariat.agenda.local_time import day_bounds
from secretariat.agenda.openings import AgendaHours, OpeningRule, SiteClock
from secretariat.agenda.quotas import Quota
from secretariat.agenda.replanning import solving
from secretariat.agenda.replanning.asked import Known, Moving, problem
from secretariat.agenda.replanning.conflicts import holds
from secretariat.agenda.replanning.greedy import earliest_first
from secretariat.agenda.replanning.problem import Cost, Place, Problem, Tie, cost_of
from secretariat.agenda.replanning.solving import _Search, best
from secretariat.agenda.tests.hours_given import LONG_AGO, MONDAY, PARIS

BASE = day_bounds(MONDAY, PARIS)[0]


def a_small_day(chance: Random) -> Problem:
    """Three or four visits, two short mornings in two agendas, and some rules between them."""
    rooms = [Room(1, "Salle 1"), Room(2, "Salle 2", [(BASE + 545, BASE + 560)])]
    books = {n: _book(chance, n) for n in (1, 2)}
    needs = {
        reason: [rooms[: chance.randint(1, 2)]] if chance.random() < 0.3 else []
        for reason in (1, 2, 3)
    }
    facts = {
        (pk, reason): AgendaFacts(pk, book.hours, book.busy, quotas=book.quotas, needs=some)
        for pk, book in books.items() for reason, some in needs.items()
    }  # fmt: skip
    moving = [_visit(chance, n) for n in range(1, chance.randint(3, 4) + 1)]
    ties = []
    if chance.random() < 0.5:
        kind = chance.choice(("chain", "household"))
        ties = [Tie(kind, (1, 2), (chance.choice((0, 10, 20)),))]  # type: ignore[arg-type]
    roads = {(1, 2): 5, (2, 1): 5} if chance.random() < 0.2 else {}
    return problem(moving, Known(PARIS, BASE, facts, ties=ties, roads=roads))


def _book(chance: Random, number: int) -> AgendaFacts:
    opens = 540 + 5 * chance.randint(0, 2)
    closes = opens + chance.choice((30, 40))
    rules = [
        OpeningRule(weekday, time(*divmod(opens, 60)), time(*divmod(closes, 60)), LONG_AGO)
        for weekday in (0, 1)
    ]
    busy = [
        Busy(start := BASE + 1440 * chance.randint(0, 1) + opens + 5 * chance.randint(0, 4),
             start + 10, 900 + n, "visit", chance.choice((1, 2, 3)))
        for n in range(chance.randint(0, 2))
    ]  # fmt: skip
    quotas = [_quota(chance, number)] if chance.random() < 0.6 else []
    return AgendaFacts(number, AgendaHours(SiteClock(PARIS), rules), busy, quotas=quotas)


def _quota(chance: Random, number: int) -> Quota:
    kind = chance.choice(("keep", "keep", "most", "share"))
    amount = {"keep": chance.randint(1, 2), "most": chance.randint(1, 2), "share": 50}[kind]
    kept = chance.choice((5, 10)) if kind == "keep" else 0
    return Quota(kind, amount, frozenset({3}), minutes=kept, id=number)  # type: ignore[arg-type]


def _visit(chance: Random, number: int) -> Moving:
    reason = chance.choice((1, 1, 2, 3))
    ask = Ask(chance.choice((10, 15)), reason, 0, chance.choice((0, 0, 5)), at=BASE - 1440)
    promised = MONDAY if reason == 3 or chance.random() < 0.2 else None
    return Moving(
        number, ask, 1, BASE + 540 + 10 * number, chance.choice(((1, 2), (2,))), frozenset({1}),
        MONDAY, MONDAY + timedelta(days=1), patient=chance.choice((number, 1)), urgent=reason == 3,
        promised=promised,
    )  # fmt: skip


def every_plan(asked: Problem) -> Iterator[dict[int, Place]]:
    """All that can be done, one thing after the other."""
    options = [[*visit.places, None] for visit in asked.visits]
    for way in product(*options):
        places = {
            visit.id: place for visit, place in zip(asked.visits, way, strict=True) if place
        }  # fmt: skip
        if holds(asked, places):
            yield places


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_no_plan_is_better_than_the_one_proposed(seed: int) -> None:
    asked = a_small_day(Random(seed))
    if all(len(one.places) < 14 for one in asked.visits):
        found = best(asked, seconds=20)
        assert found.proven
        assert holds(asked, found.places)
        assert found.cost == min(cost_of(asked, one) for one in every_plan(asked))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 3))
def test_places_left_aside_at_first_are_looked_at_when_they_matter(seed: int, few: int) -> None:
    asked = a_small_day(Random(seed))
    if all(len(one.places) < 14 for one in asked.visits):
        with patch.object(solving, "CHEAPEST", few):
            found = best(asked, seconds=20)
        assert found.proven
        assert found.cost == min(cost_of(asked, one) for one in every_plan(asked))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_the_same_day_is_replanned_the_same_way_twice(seed: int) -> None:
    asked = a_small_day(Random(seed))
    first = best(asked, seconds=20)
    assert best(asked, seconds=20).places == first.places
    assert best(asked, seconds=20, near=first.places).cost == first.cost


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_the_first_free_time_for_each_is_never_better(seed: int) -> None:
    asked = a_small_day(Random(seed))
    greedy = earliest_first(asked)
    assert holds(asked, greedy.places)
    assert best(asked, seconds=20).cost <= greedy.cost


def test_nothing_to_replan_is_already_the_best() -> None:
    assert best(Problem([], PARIS)).cost == Cost()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**9))
def test_when_time_runs_out_the_plan_is_told_as_not_proven_and_is_no_worse(seed: int) -> None:
    asked = a_small_day(Random(seed))
    with patch.object(_Search, "run", return_value=False):
        hurried = best(asked)
    assert not hurried.proven
    assert holds(asked, hurried.places)
    assert hurried.cost <= earliest_first(asked).cost
