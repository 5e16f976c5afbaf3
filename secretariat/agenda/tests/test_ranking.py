"""Which times are said first to a caller, and how they are spread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from secretariat.agenda.facts import AgendaFacts, Ask, Busy
from secretariat.agenda.free_time import Free, Offer, free_starts, free_stretches
from secretariat.agenda.local_time import minute_of, on_the_wall
from secretariat.agenda.openings import AgendaHours, OpeningRule, SiteClock
from secretariat.agenda.ranking import Measure, Ranked, Weights, ranked, spread
from tests.cast import NOW, TODAY

NINE = minute_of(NOW)
WEEK = [OpeningRule(day, time(9), time(18), date(2026, 1, 1)) for day in range(5)]
PARIS = {1: "Europe/Paris", 2: "Europe/Paris"}


def agenda(pk: int, *busy: Busy) -> AgendaFacts:
    return AgendaFacts(pk, AgendaHours(SiteClock(), WEEK), busy)


def _stretches(agendas: Iterable[AgendaFacts], asks: dict[int, Ask]) -> dict[int, list[Free]]:
    return {one.agenda_id: free_stretches(one, TODAY, 4, asks[one.agenda_id]) for one in agendas}


def order(
    weights: Weights, *agendas: AgendaFacts, usual: frozenset[int] = frozenset(), minutes: int = 15
) -> list[Ranked]:
    asks = {one.agenda_id: Ask(minutes) for one in agendas}
    offers = [
        Offer(start, one.agenda_id)
        for one in agendas
        for start in free_starts(one, TODAY, 4, asks[one.agenda_id])
    ]
    facts = {one.agenda_id: one for one in agendas}
    return ranked(offers, Measure(facts, asks, _stretches(agendas, asks), usual, 15, NINE), weights)


def test_the_soonest_comes_first_when_nothing_else_weighs() -> None:
    found = order(Weights(10, 0, 0, 0), agenda(1))
    assert [one.offer.start for one in found[:3]] == [NINE, NINE + 15, NINE + 30]


def test_the_usual_doctor_is_worth_some_waiting() -> None:
    busy = Busy(NINE, NINE + 120)
    found = order(Weights(5, 5, 0, 0), agenda(1), agenda(2, busy), usual=frozenset({2}))
    assert found[0].offer == Offer(NINE + 120, 2)
    assert found[0].usual


def test_a_visit_leaves_no_hole_too_short_for_another() -> None:
    visits = (Busy(NINE, NINE + 10), Busy(NINE + 50, NINE + 60))
    found = order(Weights(0, 0, 10, 0), agenda(1, *visits))
    holes = {one.offer.start - NINE for one in found if not one.compact}
    # 10:10 to 10:50: a quarter of an hour leaves 25 or 10 minutes; only the second is lost.
    assert 25 in holes
    assert 10 not in holes


def test_a_calm_day_is_preferred_when_load_weighs() -> None:
    full = Busy(NINE, NINE + 8 * 60)
    found = order(Weights(0, 0, 0, 10), agenda(1, full))
    assert on_the_wall(found[0].offer.start, "Europe/Paris").date() != TODAY
    assert found[0].calm


def test_three_proposals_are_on_three_days_and_not_all_in_the_morning() -> None:
    three = spread(order(Weights(), agenda(1), agenda(2)), PARIS)
    walls = [on_the_wall(one.offer.start, "Europe/Paris") for one in three]
    assert len({wall.date() for wall in walls}) == 3
    assert {wall.hour < 13 for wall in walls} == {True, False}


def test_a_single_day_gives_its_best_times_all_the_same() -> None:
    asks = {1: Ask(15)}
    one = agenda(1)
    offers = [Offer(start, 1) for start in free_starts(one, TODAY, 1, 15)]
    found = ranked(
        offers, Measure({1: one}, asks, _stretches([one], asks), frozenset(), 15, NINE), Weights()
    )
    assert len(spread(found, PARIS)) == 3
    assert len(spread(found[:2], PARIS)) == 2
