"""Ages of a campaign, counted again by the birthdays."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from secretariat.agenda.recall_criteria import Criteria, months_after

days = st.dates(date(1905, 1, 1), date(2027, 12, 31))
ages = st.none() | st.integers(0, 110)


def age(born: date, on: date) -> int:
    had_it = (on.month, on.day) >= (born.month, born.day)
    # Born on the 29th of February: the birthday of a common year is the 28th of February.
    if (born.month, born.day) == (2, 29) and (on.month, on.day) == (2, 28):
        had_it = True
    return on.year - born.year - (not had_it)


@given(days, st.dates(date(2026, 1, 1), date(2030, 12, 31)), ages, ages)
def test_birth_dates_are_those_of_the_ages_asked(
    born: date, on: date, low: int | None, high: int | None
) -> None:
    if born > on:
        return
    first, last = Criteria(age_from=low, age_to=high).born(on)
    chosen = (first is None or born >= first) and (last is None or born <= last)
    years = age(born, on)
    wanted = (low is None or years >= low) and (high is None or years <= high)
    assert chosen == wanted


@given(days, st.integers(0, 60))
def test_months_after_stay_in_their_month(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


def test_what_is_kept_of_criteria_is_plain() -> None:
    kept = Criteria(age_from=65, sex="F", not_since=date(2026, 1, 1)).written()
    assert kept == {"age_from": 65, "sex": "F", "not_since": "2026-01-01"}
