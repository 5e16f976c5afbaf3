"""When Dr Lefèvre's agenda is open."""

from datetime import date, timedelta

import pytest

from secretariat.agenda.openings import AgendaHours, OpeningException, SiteClock, open_minutes
from secretariat.agenda.tests.hours_given import (
    MONDAY,
    PARIS,
    clock,
    closed,
    hours,
    opened,
    weekly,
)

MORNING = weekly(MONDAY, "08:00", "12:30")
AFTERNOON = weekly(MONDAY, "13:30", "18:30")
WEEK = timedelta(weeks=1)


def on(day: date, *rules, exceptions=(), site=None) -> list[str]:  # type: ignore[no-untyped-def]
    return hours(AgendaHours(site or SiteClock(PARIS), rules, exceptions).on(day))


def test_a_monday_has_its_morning_and_its_afternoon() -> None:
    assert on(MONDAY, AFTERNOON, MORNING) == ["08:00-12:30", "13:30-18:30"]


def test_a_tuesday_is_not_opened_by_monday_s_rules() -> None:
    assert on(MONDAY + timedelta(days=1), MORNING, AFTERNOON) == []


def test_a_rule_opens_from_its_first_day_to_its_last_day_included() -> None:
    summer = weekly(MONDAY, "08:00", "12:00", since=MONDAY, until=MONDAY + WEEK)
    days = [MONDAY + n * WEEK for n in (-1, 0, 1, 2)]
    assert [on(day, summer) for day in days] == [[], ["08:00-12:00"], ["08:00-12:00"], []]


def test_new_hours_take_over_the_day_after_the_old_ones_end() -> None:
    old = weekly(MONDAY, "08:00", "12:00", until=MONDAY)
    new = weekly(MONDAY, "09:00", "13:00", since=MONDAY + timedelta(days=1))
    assert on(MONDAY, old, new) == ["08:00-12:00"]
    assert on(MONDAY + WEEK, old, new) == ["09:00-13:00"]


def test_touching_or_overlapping_rules_open_one_time_with_both_authors() -> None:
    noon = weekly(MONDAY, "12:30", "13:30")
    (interval,) = AgendaHours(SiteClock(), [AFTERNOON, MORNING, noon]).on(MONDAY)
    assert hours([interval]) == ["08:00-18:30"]
    assert interval.why == (MORNING, noon, AFTERNOON)


def test_an_exceptional_saturday_morning_is_opened_once() -> None:
    saturday = MONDAY + timedelta(days=5)
    vaccinations = opened(saturday, "09:00", "12:00")
    assert on(saturday, MORNING, exceptions=[vaccinations]) == ["09:00-12:00"]
    assert on(saturday + WEEK, MORNING, exceptions=[vaccinations]) == []


def test_a_training_afternoon_closes_only_its_hours() -> None:
    training = closed(MONDAY, "14:00", "16:00")
    assert on(MONDAY, MORNING, AFTERNOON, exceptions=[training]) == [
        "08:00-12:30",
        "13:30-14:00",
        "16:00-18:30",
    ]


def test_a_closure_with_only_a_beginning_lasts_until_night() -> None:
    assert on(MONDAY, AFTERNOON, exceptions=[closed(MONDAY, "15:00")]) == ["13:30-15:00"]


def test_a_day_closed_for_once_is_closed_that_day_only() -> None:
    day_off = closed(MONDAY)
    assert on(MONDAY, MORNING, exceptions=[day_off]) == []
    assert on(MONDAY + WEEK, MORNING, exceptions=[day_off]) == ["08:00-12:30"]


def test_closed_all_day_but_open_two_hours_means_these_two_hours() -> None:
    special = [closed(MONDAY), opened(MONDAY, "09:00", "11:00")]
    assert on(MONDAY, MORNING, AFTERNOON, exceptions=special) == ["09:00-11:00"]


def test_a_duty_on_a_public_holiday_opens_although_the_site_keeps_it() -> None:
    may_day = date(2027, 5, 1)
    rule = weekly(may_day, "08:00", "12:00")
    assert on(may_day, rule) == []
    assert on(may_day, rule, exceptions=[opened(may_day, "10:00", "12:00")]) == ["10:00-12:00"]


def test_a_site_that_works_on_public_holidays_is_open_on_may_day() -> None:
    may_day = date(2027, 5, 1)
    rule = weekly(may_day, "08:00", "12:00")
    assert on(may_day, rule, site=SiteClock(closes_on_holidays=False)) == ["08:00-12:00"]


def test_an_evening_may_end_at_midnight() -> None:
    assert on(MONDAY, weekly(MONDAY, "20:00", "00:00")) == ["20:00-00:00"]


def test_hours_said_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot end at 08:00"):
        weekly(MONDAY, "12:00", "08:00")
    with pytest.raises(ValueError, match="cannot end at 12:00"):
        opened(MONDAY, "12:00", "12:00")


def test_an_exceptional_opening_says_its_hours() -> None:
    with pytest.raises(ValueError, match="needs its hours"):
        OpeningException(MONDAY, clock("08:00"), None, "open")


def test_the_same_day_asked_without_an_agenda_gives_the_same_hours() -> None:
    next_week = closed(MONDAY + WEEK)
    rules, exceptions = [MORNING, AFTERNOON], [closed(MONDAY, "10:00", "11:00"), next_week]
    asked = open_minutes(MONDAY, rules, exceptions, None, PARIS)
    assert hours(asked) == ["08:00-10:00", "11:00-12:30", "13:30-18:30"]
    assert tuple(asked) == AgendaHours(SiteClock(PARIS), rules, exceptions).on(MONDAY)
    assert open_minutes(MONDAY, rules, exceptions, "Toussaint", PARIS) == []
