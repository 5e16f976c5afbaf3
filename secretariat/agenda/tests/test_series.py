"""Phototherapy three times a week, desensitisation every four weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secretariat.agenda.chaining import Candidate
from secretariat.agenda.facts import Ask, Busy
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.refused_time import Cause
from secretariat.agenda.series import MOST, Cadence, Sitting, sittings
from secretariat.agenda.tests.hours_given import MONDAY, SPRING_SUNDAY, at, facts, walls, weekly

MON_WED_FRI = Cadence(frozenset({0, 2, 4}))


def week_days(*busy: tuple[int, int]) -> Candidate:
    """Open 09:00 to 12:00 from Monday to Saturday."""
    days = [MONDAY + timedelta(days=n) for n in range(6)]
    rules = [weekly(day, "09:00", "12:00") for day in days]
    return Candidate(facts(*rules, busy=busy), Ask(20, 1))


def whole(day: date) -> tuple[int, int]:
    return at(day, "00:00"), at(day + timedelta(days=1), "00:00")


def told(one: Sitting) -> str:
    assert one.offer
    assert one.day
    return f"{one.day:%d/%m} {walls([one.offer.start])[0]}"


def test_three_times_a_week_during_eight_weeks_is_twenty_four_times() -> None:
    days = MON_WED_FRI.days(MONDAY, weeks=8)
    assert len(days) == 24
    assert {day.weekday() for day in days} == {0, 2, 4}
    assert len(MON_WED_FRI.days(MONDAY + timedelta(days=2), weeks=8)) == 24


def test_every_four_weeks_six_times() -> None:
    every_four = Cadence(frozenset({MONDAY.weekday()}), 4)
    days = every_four.days(MONDAY, times=6)
    assert days == [MONDAY + timedelta(weeks=4 * n) for n in range(6)]
    assert len(every_four.days(MONDAY, times=500)) == MOST
    with pytest.raises(ValueError, match="day of the week"):
        Cadence(frozenset())


def test_each_day_has_the_time_nearest_to_the_hour_wanted() -> None:
    wednesday = MONDAY + timedelta(days=2)
    taken = (at(wednesday, "09:00"), at(wednesday, "09:30"))
    found = sittings([week_days(taken)], MON_WED_FRI.days(MONDAY, weeks=1), time(9), 60)
    assert [told(one) for one in found] == ["08/03 09:00", "10/03 09:30", "12/03 09:00"]
    assert found[0].refused is None
    assert found[1].refused is not None
    assert found[1].refused.cause is Cause.TAKEN
    assert walls([one.start for one in found[1].others][:2]) == ["09:35", "09:40"]


def test_a_series_stays_with_the_same_person_as_far_as_it_can() -> None:
    wednesday, friday = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
    away = replace(week_days(whole(wednesday), whole(friday)).facts, agenda_id=1)
    busy = replace(week_days((at(MONDAY, "09:00"), at(MONDAY, "09:20"))).facts, agenda_id=2)
    both = [Candidate(away, Ask(20, 1)), Candidate(busy, Ask(20, 1))]
    found = sittings(both, MON_WED_FRI.days(MONDAY, weeks=1), time(9), 30)
    assert [told(one) for one in found] == ["08/03 09:20", "10/03 09:00", "12/03 09:00"]
    assert {one.offer.agenda_id for one in found if one.offer} == {2}


def test_the_first_visit_may_last_longer() -> None:
    full = (at(MONDAY, "09:30"), at(MONDAY, "11:00"))
    days = MON_WED_FRI.days(MONDAY, weeks=1)
    found = sittings([week_days(full)], days, time(9), 180, first_asks={1: Ask(40, 1)})
    assert [told(one) for one in found] == ["08/03 11:00", "10/03 09:00", "12/03 09:00"]


def test_a_day_without_room_gives_way_to_the_next_that_has_some() -> None:
    wednesday = MONDAY + timedelta(days=2)
    found = sittings([week_days(whole(wednesday))], MON_WED_FRI.days(MONDAY, weeks=1), time(9), 30)
    assert told(found[1]) == "11/03 09:00"
    assert found[1].moved
    assert not found[0].moved


def test_no_room_before_the_next_visit_is_said_with_what_else_there_is() -> None:
    wednesday, thursday = MONDAY + timedelta(days=2), MONDAY + timedelta(days=3)
    book = week_days((at(wednesday, "09:00"), at(wednesday, "11:00")), whole(thursday))
    found = sittings([book], MON_WED_FRI.days(MONDAY, weeks=1), time(9), 30)
    assert found[1].offer is None
    assert found[1].refused is not None
    assert walls([one.start for one in found[1].others]) == [
        "11:00", "11:05", "11:10", "11:15", "11:20",
    ]  # fmt: skip


def test_nine_o_clock_stays_nine_o_clock_after_the_clock_change() -> None:
    friday = SPRING_SUNDAY - timedelta(days=2)
    found = sittings([week_days()], MON_WED_FRI.days(friday, times=2), time(9, 30), 0)
    assert [told(one)[-5:] for one in found] == ["09:30", "09:30"]


def test_nothing_is_given_in_the_past() -> None:
    noon = at(MONDAY, "12:00")
    [first, *_] = sittings([week_days()], [MONDAY], time(9), 30, not_before=noon)
    assert told(first) == "09/03 09:00"
    assert first.refused is not None
    assert first.refused.cause is Cause.PAST


def nearest_by_hand(book: Candidate, days: Sequence[date], at_minutes: int, far: int) -> list[int]:
    """For each day in turn, every free time before the next day looked at, by distance."""
    found = []
    for n, day in enumerate(days):
        until = days[n + 1] if n + 1 < len(days) else day + timedelta(days=7)
        bests = []
        for after in range((until - day).days):
            on = day + timedelta(days=after)
            wanted = at(on, "00:00") + at_minutes
            free = [
                (abs(one - wanted), -one)
                for one in free_starts(book.facts, on, 1, book.ask, step=5)
                if abs(one - wanted) <= far
            ]
            bests += [-min(free)[1]] if free else []
        found.append(bests[0] if bests else 0)
    return found


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 14), st.integers(0, 40), st.integers(1, 50))),
    st.integers(100, 150), st.integers(0, 12),
    st.sets(st.integers(0, 6), min_size=1),
)  # fmt: skip
def test_no_nearer_time_is_missed(
    taken: list[tuple[int, int, int]], clock: int, far: int, weekdays: set[int]
) -> None:
    base = at(MONDAY, "09:00")
    busy = [
        Busy(start := base + day * 1440 + 5 * since, start + 5 * long) for day, since, long in taken
    ]
    book = week_days(*[(one.start, one.end) for one in busy])
    days = Cadence(frozenset(weekdays)).days(MONDAY, weeks=2)
    wanted = clock * 5
    found = sittings([book], days, time(*divmod(wanted, 60)), far * 5)
    by_hand = nearest_by_hand(book, days, wanted, far * 5)
    assert [one.offer.start if one.offer else 0 for one in found] == by_hand
