"""What is read out to a caller: the first days with free times, nobody's agenda hidden."""

from __future__ import annotations

from datetime import date, time

from secretariat.agenda.facts import AgendaFacts, Busy
from secretariat.agenda.local_time import minute_of, on_the_wall
from secretariat.agenda.openings import AgendaHours, OpeningRule, SiteClock
from secretariat.agenda.proposals import PartOfDay, Suits, by_day
from tests.cast import NOW, TODAY

MONDAYS = [OpeningRule(0, time(9), time(12), date(2026, 1, 1))]


def agenda(pk: int, *busy: Busy) -> AgendaFacts:
    return AgendaFacts(pk, AgendaHours(SiteClock(), MONDAYS), busy)


def test_each_agenda_has_its_turn_when_a_day_holds_too_many_times() -> None:
    [monday] = by_day([agenda(1), agenda(2)], TODAY, 7, {1: 10, 2: 30}, per_day=4)
    assert [offer.agenda_id for offer in monday.offers] == [1, 2, 1, 2]
    assert monday.more == 18 + 6 - 4


def test_only_days_with_free_times_are_told_and_no_further_than_the_horizon() -> None:
    nine = minute_of(NOW)
    full = agenda(1, Busy(nine, nine + 180))
    found = by_day([full], TODAY, 15, {1: 15})
    assert [one.day for one in found] == [date(2026, 11, 30), date(2026, 12, 7)]


def test_the_part_of_the_day_is_read_on_the_site_s_clock() -> None:
    [monday] = by_day([agenda(1)], TODAY, 1, {1: 30}, suits=Suits(PartOfDay.MORNING))
    assert {on_the_wall(offer.start, "Europe/Paris").hour for offer in monday.offers} == {9, 10, 11}
    assert by_day([agenda(1)], TODAY, 1, {1: 30}, suits=Suits(PartOfDay.AFTERNOON)) == []


def test_only_the_days_that_suit_are_told() -> None:
    tuesdays = Suits(weekdays=frozenset({1}))
    assert by_day([agenda(1)], TODAY, 30, {1: 30}, suits=tuesdays) == []
    soon = Suits(until=date(2026, 11, 29))
    assert [one.day for one in by_day([agenda(1)], TODAY, 30, {1: 30}, suits=soon)] == [TODAY]
