"""Who fits a freed time, in which order; and until when an offer waits. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from secretariat.agenda.local_time import clock_minutes, on_the_wall

EVERY_DAY = frozenset(range(7))
OPENS, CLOSES = 8 * 60, 20 * 60
"""Between these minutes of the clock people answer; outside, an offer waits for the morning."""


class Freed(NamedTuple):
    """A time to propose, in minutes of UTC: `[start, end)` in one practitioner's agenda."""

    start: int
    end: int
    zone: str
    practitioner: int


@dataclass(frozen=True, slots=True)
class Wait:
    """What someone waits for. Empty sets and None mean « any »."""

    id: int
    minutes: int
    """Length of the visit in that agenda."""
    priority: int = 3
    """1 before 2 before 3."""
    since: int = 0
    """The minute at which the wait began."""
    practitioners: frozenset[int] = frozenset()
    weekdays: frozenset[int] = EVERY_DAY
    """0 is Monday."""
    from_clock: int | None = None
    """The visit begins at that minute of the day or later."""
    to_clock: int | None = None
    """The visit ends at that minute of the day or sooner."""
    first_day: date | None = None
    last_day: date | None = None
    notice: int = 0
    """Minutes that the patient needs to come."""
    before: int | None = None
    """The visit that the patient has already begins then: only something sooner is of use."""


class Fit(NamedTuple):
    """Someone who could come, and the minute at which their visit would begin."""

    wait: Wait
    start: int


def suits(wait: Wait, start: int, zone: str, now: int) -> bool:
    """Whether the patient can come for a visit that begins at `start`, whoever receives."""
    if start < now + wait.notice or start < now:
        return False
    if wait.before is not None and start >= wait.before:
        return False
    wall = on_the_wall(start, zone)
    day, clock = wall.date(), clock_minutes(wall.time())
    return (
        day.weekday() in wait.weekdays
        and (wait.first_day is None or day >= wait.first_day)
        and (wait.last_day is None or day <= wait.last_day)
        and (wait.from_clock is None or clock >= wait.from_clock)
        and (wait.to_clock is None or clock + wait.minutes <= wait.to_clock)
    )


def place(wait: Wait, freed: Freed, starts: Iterable[int], now: int) -> int | None:
    """Where that visit would begin: as near as can be to the beginning of the freed time.

    Args:
        starts: the minutes at which the rules let this visit begin, in any order; those that do
            not meet the freed time are of no interest.
    """
    if wait.practitioners and freed.practitioner not in wait.practitioners:
        return None
    meeting = (
        one
        for one in starts
        if one < freed.end and freed.start < one + wait.minutes
        and suits(wait, one, freed.zone, now)
    )  # fmt: skip
    return min(meeting, key=lambda one: (abs(one - freed.start), one), default=None)


def fitting(
    waits: Iterable[Wait], freed: Freed, now: int, starts: Callable[[Wait], Iterable[int]]
) -> list[Fit]:
    """Those who could come, best first: the urgent before the others, then the longest wait.

    Args:
        starts: for each, the minutes at which the engine lets the visit begin.
    """
    found = (
        Fit(wait, start)
        for wait in waits
        if (start := place(wait, freed, starts(wait), now)) is not None
    )
    return sorted(found, key=lambda fit: (fit.wait.priority, fit.wait.since, fit.wait.id))


def together(fits: Sequence[Fit], most: int) -> list[Fit]:
    """The first `most` of these to ask at once: all want the same minutes, so that the one who
    answers first leaves the others without, and nobody is kept waiting for nothing."""
    chosen: list[Fit] = []
    for fit in fits:
        if len(chosen) == most:
            break
        if all(_meet(fit, other) for other in chosen):
            chosen.append(fit)
    return chosen


def _meet(one: Fit, other: Fit) -> bool:
    first, second = one.start, other.start
    return first < second + other.wait.minutes and second < first + one.wait.minutes


def answer_until(now: int, minutes: int, start: int, zone: str) -> int:
    """Until when an answer is awaited: so many minutes of the hours when people answer.

    Args:
        now: when it is proposed.
        minutes: how long, between 8:00 and 20:00 on the site's clock.
        start: when the visit begins: nobody is awaited longer.
    """
    left, moment = minutes, now
    while left > 0 and moment < start:
        clock = clock_minutes(on_the_wall(moment, zone).time())
        if clock < OPENS:
            moment += OPENS - clock
        elif clock >= CLOSES:
            moment += 24 * 60 - clock
        else:
            step = min(left, CLOSES - clock)
            moment, left = moment + step, left - step
    return min(moment, start)
