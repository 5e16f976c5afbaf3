"""Which times Alice can give."""

from datetime import timedelta

import pytest

from secretariat.agenda.facts import Absence, AgendaFacts, Busy
from secretariat.agenda.free_time import (
    Free,
    free_intervals,
    free_starts,
    nearest,
    starts,
)
from secretariat.agenda.tests.hours_given import (
    MONDAY,
    at,
    closed,
    facts,
    visit,
    walls,
    weekly,
)

MORNING = weekly(MONDAY, "08:00", "10:00")
TUESDAY = MONDAY + timedelta(days=1)


def offered(agenda: AgendaFacts, minutes: int = 15, **how: bool | int) -> list[str]:
    return walls(list(free_starts(agenda, MONDAY, 1, minutes, **how)))  # type: ignore[arg-type]


def test_an_empty_morning_offers_quarter_hours_from_its_opening() -> None:
    assert offered(facts(weekly(MONDAY, "08:10", "09:00"))) == ["08:10", "08:25", "08:40"]


def test_the_last_time_offered_ends_with_the_morning() -> None:
    assert offered(facts(MORNING), 60) == ["08:00", "09:00"]
    assert offered(facts(MORNING), 50) == ["08:00", "08:50"]


def test_a_given_time_is_not_offered_again() -> None:
    agenda = facts(MORNING, busy=[visit(MONDAY, "08:15", "08:30"), visit(MONDAY, "09:00", "10:00")])
    assert offered(agenda) == ["08:00", "08:30", "08:45"]


def test_visits_may_be_given_in_any_order_and_may_overlap() -> None:
    busy = [visit(MONDAY, "09:00", "09:30"), visit(MONDAY, "08:00", "09:15")]
    assert offered(facts(MORNING, busy=busy)) == ["09:30", "09:45"]


def test_after_a_squeeze_quarter_hours_follow_its_end() -> None:
    squeeze = [visit(MONDAY, "08:00", "08:15"), visit(MONDAY, "08:10", "08:20")]
    assert offered(facts(weekly(MONDAY, "08:00", "09:00"), busy=squeeze)) == ["08:20", "08:35"]


def test_after_a_squeeze_the_opening_s_quarter_hours_can_be_kept() -> None:
    squeeze = [visit(MONDAY, "08:00", "08:20")]
    agenda = facts(weekly(MONDAY, "08:00", "09:00"), busy=squeeze)
    assert offered(agenda, packed=False) == ["08:30", "08:45"]


def test_after_a_visit_of_an_odd_length_the_next_time_is_on_a_line_of_the_grid() -> None:
    odd = [visit(MONDAY, "08:00", "08:37")]
    assert offered(facts(MORNING, busy=odd), 40) == ["08:40", "09:20"]


def test_every_line_of_the_grid_can_be_asked() -> None:
    agenda = facts(weekly(MONDAY, "08:00", "08:30"))
    assert offered(agenda, 15, step=5) == ["08:00", "08:05", "08:10", "08:15"]


def test_a_gap_too_short_for_the_visit_is_not_offered() -> None:
    agenda = facts(MORNING, busy=[visit(MONDAY, "08:10", "10:00")])
    assert offered(agenda, 15) == []
    assert offered(agenda, 10) == ["08:00"]


def test_earlier_times_are_hidden_without_moving_the_next_ones() -> None:
    agenda = facts(MORNING)
    assert offered(agenda, not_before=at(MONDAY, "09:07")) == ["09:15", "09:30", "09:45"]
    assert offered(agenda, not_before=at(MONDAY, "09:15")) == ["09:15", "09:30", "09:45"]


def test_an_absence_across_midnight_takes_the_evening_and_the_next_morning() -> None:
    evening, morning = weekly(MONDAY, "20:00", "23:00"), weekly(TUESDAY, "08:00", "10:00")
    away = Absence(at(MONDAY, "21:00"), at(TUESDAY, "09:00"), 7, "Garde", "Alice")
    found = free_starts(facts(evening, morning, absences=[away]), MONDAY, 2, 30)
    assert walls(list(found)) == ["20:00", "20:30", "09:00", "09:30"]


def test_an_absence_of_a_week_leaves_nothing_of_it_whatever_is_booked_inside() -> None:
    away = Absence(at(MONDAY, "00:00"), at(MONDAY + timedelta(days=7), "00:00"))
    busy = [visit(MONDAY, "08:00", "08:15"), visit(TUESDAY, "08:00", "08:15")]
    agenda = facts(MORNING, weekly(TUESDAY, "08:00", "10:00"), busy=busy, absences=[away])
    assert list(free_starts(agenda, MONDAY, 7, 15)) == []


def test_a_night_visit_may_run_past_midnight_into_the_next_opening() -> None:
    rules = [weekly(MONDAY, "23:00", "00:00"), weekly(TUESDAY, "00:00", "01:00")]
    assert offered(facts(*rules), 40) == ["23:00", "23:40"]
    closed_after = facts(*rules, exceptions=[closed(TUESDAY)])
    assert offered(closed_after, 40) == ["23:00"]


def test_after_midnight_the_grid_is_the_new_day_s() -> None:
    rules = [weekly(MONDAY, "23:00", "00:00"), weekly(TUESDAY, "00:00", "01:00")]
    both_days = free_starts(facts(*rules), MONDAY, 2, 25)
    assert walls(list(both_days)) == ["23:00", "23:25", "23:50", "00:00", "00:25"]


def test_days_not_asked_are_not_offered() -> None:
    agenda = facts(MORNING, weekly(TUESDAY, "08:00", "09:00"))
    assert walls(list(free_starts(agenda, TUESDAY, 1, 30))) == ["08:00", "08:30"]


def test_a_visit_of_no_length_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one minute"):
        starts([Free(0, 60, 0)], 0, step=5)
    with pytest.raises(ValueError, match="at least one minute"):
        starts([Free(0, 60, 0)], 15, step=0)


def test_what_is_free_is_said_with_the_opening_it_belongs_to() -> None:
    opened = at(MONDAY, "08:00")
    openings = facts(MORNING).hours.on(MONDAY)
    busy = [Busy(opened + 30, opened + 45, 12, "squeeze")]
    assert free_intervals(openings, busy) == [
        Free(opened, opened + 30, opened),
        Free(opened + 45, opened + 120, opened),
    ]


@pytest.mark.parametrize(
    ("around", "n", "expected"),
    [
        (100, 3, [70, 90, 110]),
        (100, 2, [90, 110]),
        (100, 1, [110]),
        (0, 2, [10, 70]),
        (500, 2, [110, 200]),
        (100, 9, [10, 70, 90, 110, 200]),
        (90, 1, [90]),
        (100, 0, []),
    ],
)
def test_the_nearest_times_are_before_or_after_the_refused_one(
    around: int, n: int, expected: list[int]
) -> None:
    assert nearest([10, 70, 90, 110, 200], around, n) == expected
