"""One week in two: which days, and which rules never meet."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from secretariat.agenda.rhythm import Rhythm, meet, next_day

MONDAY = date(2026, 11, 23)
days = st.dates(MONDAY, MONDAY + timedelta(60))
rhythms = st.builds(
    lambda weekday, since, length, every: Rhythm(
        weekday, since, since + timedelta(length) if length is not None else None, every
    ),
    st.integers(0, 1),
    days,
    st.none() | st.integers(0, 90),
    st.integers(1, 4),
)


def comes(rhythm: Rhythm, day: date) -> bool:
    """As a person counts it on a calendar."""
    monday = rhythm.since - timedelta(rhythm.since.weekday())
    weeks = (day - monday).days // 7
    return (
        day.weekday() == rhythm.weekday
        and day >= rhythm.since
        and (rhythm.until is None or day <= rhythm.until)
        and weeks % rhythm.every == 0
    )


def test_one_week_in_two_is_counted_from_the_week_of_the_first_day() -> None:
    thursday = date(2026, 11, 26)
    every_other_tuesday = Rhythm(1, thursday, None, 2)
    # That week's Tuesday is before the first day: the next one is two weeks later.
    assert next_day(every_other_tuesday, MONDAY) == date(2026, 12, 8)


@given(rhythms, days)
def test_the_next_day_is_the_first_that_comes(rhythm: Rhythm, today: date) -> None:
    naive = next(
        (day for n in range(200) if comes(rhythm, day := today + timedelta(n))),
        None,
    )
    assert next_day(rhythm, today) == naive


@given(rhythms, rhythms)
def test_two_rules_meet_on_some_day_or_never(one: Rhythm, other: Rhythm) -> None:
    calendar = (MONDAY + timedelta(n) for n in range(400))
    assert meet(one, other) == any(comes(one, day) and comes(other, day) for day in calendar)


def test_outside_and_during_school_holidays_never_meet() -> None:
    assert not meet(Rhythm(0, MONDAY, holidays="except"), Rhythm(0, MONDAY, holidays="only"))
    assert meet(Rhythm(0, MONDAY, holidays="except"), Rhythm(0, MONDAY))
