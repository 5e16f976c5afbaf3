"""Both Sundays when the clocks change: what is on the wall, and how long it really lasts."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from secretariat.agenda.free_time import free_intervals, starts
from secretariat.agenda.local_time import (
    day_bounds,
    minute_of,
    minutes_showing,
    moment_of,
    on_the_wall,
)
from secretariat.agenda.openings import AgendaHours, SiteClock
from secretariat.agenda.refused_words import clock_words
from secretariat.agenda.tests.hours_given import (
    AUTUMN_SUNDAY,
    PARIS,
    SPRING_SUNDAY,
    at,
    clock,
    hours,
    walls,
    weekly,
)


def night(day: date, starts_at: str = "00:00", ends_at: str = "06:00") -> AgendaHours:
    return AgendaHours(SiteClock(PARIS), [weekly(day, starts_at, ends_at)])


def half_hours(day: date, minutes: int = 30) -> list[int]:
    return list(starts(free_intervals(night(day).on(day), ()), minutes))


def test_the_spring_night_of_six_hours_lasts_five() -> None:
    (only,) = night(SPRING_SUNDAY).on(SPRING_SUNDAY)
    assert only.end - only.start == 5 * 60


def test_the_spring_night_offers_ten_half_hours_and_never_half_past_two() -> None:
    offered = half_hours(SPRING_SUNDAY)
    assert walls(offered) == [
        *("00:00", "00:30", "01:00", "01:30"),
        *("03:00", "03:30", "04:00", "04:30", "05:00", "05:30"),
    ]
    assert {later - sooner for sooner, later in pairwise(offered)} == {30}


def test_half_past_two_does_not_exist_in_spring() -> None:
    assert minutes_showing(SPRING_SUNDAY, clock("02:30"), PARIS) == ()
    assert len(minutes_showing(SPRING_SUNDAY, clock("03:00"), PARIS)) == 1


def test_an_opening_inside_the_skipped_hour_opens_nothing() -> None:
    assert not night(SPRING_SUNDAY, "02:00", "03:00").on(SPRING_SUNDAY)


def test_an_opening_that_begins_in_the_skipped_hour_begins_after_it() -> None:
    assert hours(night(SPRING_SUNDAY, "02:30", "04:00").on(SPRING_SUNDAY)) == ["03:00-04:00"]


def test_the_autumn_night_of_six_hours_lasts_seven() -> None:
    (only,) = night(AUTUMN_SUNDAY).on(AUTUMN_SUNDAY)
    assert only.end - only.start == 7 * 60


def test_the_autumn_night_offers_half_past_two_twice_and_tells_which() -> None:
    offered = half_hours(AUTUMN_SUNDAY)
    assert len(set(offered)) == 14
    labels = [clock_words(minute, PARIS) for minute in offered]
    assert labels[4:8] == [
        "02:00 (heure d’été)",
        "02:30 (heure d’été)",
        "02:00 (heure d’hiver)",
        "02:30 (heure d’hiver)",
    ]
    assert labels[3] == "01:30"
    assert labels[8] == "03:00"


def test_what_is_typed_at_half_past_two_in_autumn_is_two_minutes_to_choose_from() -> None:
    summer, winter = minutes_showing(AUTUMN_SUNDAY, clock("02:30"), PARIS)
    assert moment_of(summer) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert moment_of(winter) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_an_opening_until_half_past_two_is_open_whenever_the_clock_says_so() -> None:
    opened = night(AUTUMN_SUNDAY, "00:00", "02:30").on(AUTUMN_SUNDAY)
    assert [one.end - one.start for one in opened] == [150, 30]
    assert hours(opened) == ["00:00-02:30", "02:00-02:30"]


@pytest.mark.parametrize("sunday", [SPRING_SUNDAY, AUTUMN_SUNDAY])
def test_nine_o_clock_stays_nine_o_clock_across_the_change(sunday: date) -> None:
    site = SiteClock(PARIS, closes_on_holidays=False)  # both Mondays are public holidays
    for day in (sunday - timedelta(days=1), sunday, sunday + timedelta(days=1)):
        (opened,) = AgendaHours(site, [weekly(day, "09:00", "12:00")]).on(day)
        assert walls([opened.start]) == ["09:00"]
        assert opened.end - opened.start == 180


def test_the_days_follow_each_other_without_hole_or_overlap() -> None:
    for zone in (PARIS, "America/Miquelon", "Indian/Reunion", "Pacific/Marquesas"):
        days = [date(2027, 1, 1) + timedelta(days=n) for n in range(366)]
        bounds = [day_bounds(day, zone) for day in days]
        assert [end for _, end in bounds[:-1]] == [start for start, _ in bounds[1:]]
        assert all(f"{on_the_wall(start, zone):%H:%M}" == "00:00" for start, _ in bounds)


def test_the_spring_day_has_23_hours_and_the_autumn_day_25() -> None:
    lengths = [end - start for start, end in map(bounds_in_paris, (SPRING_SUNDAY, AUTUMN_SUNDAY))]
    assert lengths == [23 * 60, 25 * 60]


def bounds_in_paris(day: date) -> tuple[int, int]:
    return day_bounds(day, PARIS)


def test_a_moment_becomes_its_minute_rounded_outwards_for_an_end() -> None:
    nine = at(SPRING_SUNDAY, "09:00")
    moment = moment_of(nine) + timedelta(seconds=30)
    assert (minute_of(moment), minute_of(moment, up=True)) == (nine, nine + 1)
    assert (minute_of(moment_of(nine)), minute_of(moment_of(nine), up=True)) == (nine, nine)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        minute_of(datetime(2027, 3, 28, 9))
