"""Who fits a freed time, against trying everything; until when an offer waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from secretariat.agenda.local_time import minute_of
from secretariat.agenda.waiting_order import Fit, Freed, Wait, answer_until, fitting, together

ZONE = "Europe/Paris"
MONDAY = date(2026, 11, 23)
MIDNIGHT = minute_of(datetime(2026, 11, 23, tzinfo=ZoneInfo(ZONE)).astimezone(UTC))
NINE = MIDNIGHT + 9 * 60
DAYS = st.integers(-2, 4).map(lambda n: MONDAY + timedelta(days=n))

waits = st.builds(
    Wait,
    id=st.integers(1, 50),
    minutes=st.sampled_from([5, 10, 15, 30]),
    priority=st.integers(1, 3),
    since=st.integers(0, 4),
    practitioners=st.frozensets(st.integers(1, 3), max_size=2),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    from_clock=st.none() | st.integers(8, 11).map(lambda hour: hour * 60),
    to_clock=st.none() | st.integers(9, 12).map(lambda hour: hour * 60),
    first_day=st.none() | DAYS,
    last_day=st.none() | DAYS,
    notice=st.sampled_from([0, 15, 60, 24 * 60]),
    before=st.none() | st.integers(NINE - 30, NINE + 90),
)
freed_times = st.builds(
    lambda start, minutes: Freed(start, start + minutes, ZONE, 1),
    st.integers(0, 24).map(lambda n: NINE + 5 * n),
    st.sampled_from([5, 15, 20, 45]),
)


def can_come(wait: Wait, minute: int, freed: Freed, now: int) -> bool:
    """The rules said again, each on its own line."""
    wall = datetime.fromtimestamp(minute * 60, ZoneInfo(ZONE))
    clock = wall.hour * 60 + wall.minute
    reasons = [
        bool(wait.practitioners) and freed.practitioner not in wait.practitioners,
        minute - now < wait.notice,
        minute < now,
        wait.before is not None and minute >= wait.before,
        wall.weekday() not in wait.weekdays,
        wait.first_day is not None and wall.date() < wait.first_day,
        wait.last_day is not None and wall.date() > wait.last_day,
        wait.from_clock is not None and clock < wait.from_clock,
        wait.to_clock is not None and clock + wait.minutes > wait.to_clock,
        minute + wait.minutes <= freed.start,
        minute >= freed.end,
    ]
    return not any(reasons)


def brute(some: list[Wait], freed: Freed, now: int, free: set[int]) -> Iterator[Fit]:
    """Every minute of the morning, for each; the nearest, the earlier one of two."""
    left = list(some)
    while left:
        best = left[0]
        for one in left:
            if (one.priority, one.since, one.id) < (best.priority, best.since, best.id):
                best = one
        left.remove(best)
        nearest = None
        for minute in range(NINE - 120, NINE + 240):
            near = abs(minute - freed.start)
            nearer = nearest is None or near < abs(nearest - freed.start)
            if nearer and minute in free and can_come(best, minute, freed, now):
                nearest = minute
        if nearest is not None:
            yield Fit(best, nearest)


@given(
    st.lists(waits, max_size=8, unique_by=lambda wait: wait.id),
    freed_times,
    st.integers(NINE - 90, NINE + 30),
    st.frozensets(st.integers(NINE - 60, NINE + 180), max_size=60),
)
def test_those_who_fit_are_those_that_trying_everything_finds(
    some: list[Wait], freed: Freed, now: int, free: frozenset[int]
) -> None:
    found = fitting(some, freed, now, lambda _wait: free)
    assert found == list(brute(some, freed, now, set(free)))


@given(st.lists(waits, max_size=8, unique_by=lambda wait: wait.id), st.integers(1, 4))
def test_those_asked_at_once_all_want_the_same_minutes(some: list[Wait], most: int) -> None:
    fits = [Fit(wait, NINE + 5 * (wait.id % 7)) for wait in some]
    chosen = together(fits, most)
    assert len(chosen) <= most
    assert chosen[:1] == fits[:1]
    for one in chosen:
        for other in chosen:
            assert set(range(one.start, one.start + one.wait.minutes)) & set(
                range(other.start, other.start + other.wait.minutes)
            )


def test_the_urgent_come_first_then_the_longest_wait() -> None:
    some = [
        Wait(1, 15, since=1), Wait(2, 15, since=0), Wait(3, 15, priority=1, since=9),
        Wait(4, 15, priority=2, since=5),
    ]  # fmt: skip
    found = fitting(some, Freed(NINE, NINE + 15, ZONE, 1), NINE - 60, lambda _wait: [NINE])
    assert [fit.wait.id for fit in found] == [3, 4, 2, 1]


def test_an_answer_is_awaited_during_the_hours_when_people_answer() -> None:
    far = MIDNIGHT + 5 * 24 * 60
    assert answer_until(NINE, 60, far, ZONE) == NINE + 60
    # At 19:30, half an hour is left before the night; the rest is the morning's.
    assert answer_until(MIDNIGHT + 19 * 60 + 30, 60, far, ZONE) == MIDNIGHT + (24 + 8) * 60 + 30
    assert answer_until(MIDNIGHT + 3 * 60, 60, far, ZONE) == NINE
    # Nobody is awaited after the visit has begun.
    assert answer_until(NINE, 60, NINE + 20, ZONE) == NINE + 20


@given(st.integers(NINE, NINE + 400 * 24 * 60), st.integers(5, 1440))
def test_an_answer_never_has_less_time_than_said(now: int, minutes: int) -> None:
    assert answer_until(now, minutes, now + 10**6, ZONE) - now >= minutes
