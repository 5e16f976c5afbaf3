"""Which weeks a weekly rule comes in, and whether two rules ever meet. Pure."""

from datetime import date, timedelta
from math import lcm
from typing import NamedTuple

_WEEK = timedelta(days=7)


class Rhythm(NamedTuple):
    """A day of the week, one week in `every` counted from the week of `since`."""

    weekday: int
    """0 is Monday."""
    since: date
    until: date | None = None
    """Last day, included; None goes on."""
    every: int = 1
    holidays: str = ""
    """"except" or "only" school holidays; "" for the whole year."""


def next_day(rhythm: Rhythm, today: date) -> date | None:
    """The first day from `today` on which it comes, whatever the school holidays."""
    monday = rhythm.since - timedelta(days=rhythm.since.weekday())
    day = monday + timedelta(days=rhythm.weekday)
    wanted = max(today, rhythm.since)
    if day < wanted:
        stride = 7 * rhythm.every
        day += timedelta(days=-(-(wanted - day).days // stride) * stride)
    return day if rhythm.until is None or day <= rhythm.until else None


def meet(one: Rhythm, other: Rhythm) -> bool:
    """Whether some day has both. School holidays are taken to have every day of the week."""
    if one.weekday != other.weekday or {one.holidays, other.holidays} == {"except", "only"}:
        return False
    first = max(one.since, other.since)
    # Their common weeks come back after the smallest common multiple.
    for week in range(lcm(one.every, other.every) + 1):
        day = next_day(one, first + week * _WEEK)
        if day is None:
            return False
        if day == next_day(other, day):
            return True
    return False
