"""When each half-day will really end, from how long visits really last. Pure.

The practitioner sees one patient after the other: each visit begins at its hour or when the one
before ends, whichever is later, and lasts what such visits were seen to last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

OBSERVED_MINUTES = (2, 180)
"""A passage outside these bounds was clicked by mistake, or forgotten until the evening."""
ENOUGH = 5
"""Fewer passages than this say nothing: the planned length stands."""
EXPECTED_FOR = 30
"""Minutes after their hour during which someone who has not come is still expected."""
FORGOTTEN = 180
"""Minutes after which someone still marked « en attente » or « en consultation » has left."""
WORTH_SAYING = 10
"""Minutes over, from which a half-day stands out."""


class Planned(NamedTuple):
    """A visit of the day, in minutes of UTC; `length` is what it is expected to last."""

    start: int
    end: int
    length: int
    patient: bool = True
    """False for what blocks the agenda: it takes its time, but nobody waits for its end."""
    arrived: int | None = None
    entered: int | None = None
    left: int | None = None
    missed: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more is expected of it."""
        return self.missed or self.left is not None


class Part(NamedTuple):
    """A half-day, or a day without a break."""

    since: int
    until: int
    """Visits that begin in `[since, until)` are its own."""
    closes: int | None
    """When its opening ends; None when nothing opens."""


class Ending(NamedTuple):
    """When the last patient of a part should leave."""

    ends: int
    planned: int
    """When that part was to end: its closing, or the end of its last visit outside hours."""

    @property
    def over(self) -> int:
        """Minutes beyond, 0 when it ends in time or nearly."""
        beyond = self.ends - self.planned
        return beyond if beyond >= WORTH_SAYING else 0


def parts(openings: Iterable[tuple[int, int]], day: tuple[int, int], noon: int) -> list[Part]:
    """The half-days of a day: one only when it is open across noon for more than an hour after.

    Args:
        openings: open times, in minutes of UTC.
        day: first and last minute of the local day.
        noon: where the morning ends, on the clock of the site.
    """
    known = sorted(openings)
    if any(start < noon and end > noon + 60 for start, end in known):
        return [Part(*day, max(end for _start, end in known))]
    morning = max((end for start, end in known if start < noon), default=None)
    afternoon = max((end for start, end in known if start >= noon), default=None)
    return [Part(day[0], noon, morning), Part(noon, day[1], afternoon)]


def endings(
    visits: Sequence[Planned], among: Iterable[Part], now: int | None
) -> list[tuple[Part, Ending]]:
    """For each part that still holds a patient, when it should end.

    Args:
        visits: of one agenda, that day.
        now: the present minute when the day is today; None for a day to come.
    """
    expected = list(simulated(visits, now))
    found = []
    for part in among:
        mine = [(one, end) for one, end in expected
                if one.patient and part.since <= one.start < part.until]  # fmt: skip
        if not any(now is None or not one.over for one, _ in mine):
            continue
        last = max(one.end for one, _ in mine)
        planned = part.closes or last
        found.append((part, Ending(max(end for _, end in mine), planned)))
    return found


def simulated(visits: Iterable[Planned], now: int | None) -> Iterator[tuple[Planned, int]]:
    """Each visit that takes time, with the minute at which it ends or should end."""
    in_order = sorted(visits, key=lambda one: (one.start, one.end))
    free = now if now is not None else min((one.start for one in in_order), default=0)
    for one in in_order:
        if one.left is not None:
            yield one, one.left
        elif now is not None and _inside(one, now):
            free = max(free, (one.entered or now) + one.length)
            yield one, free
    for one in in_order:
        if one.over or (now is not None and (_inside(one, now) or _given_up(one, now))):
            continue
        free = max(free, one.start) + _left_to_do(one, now)
        yield one, free


def _inside(one: Planned, now: int) -> bool:
    return one.left is None and one.entered is not None and now - one.entered < FORGOTTEN


def _given_up(one: Planned, now: int) -> bool:
    """Nobody waits for that visit any more."""
    if not one.patient:
        return one.end <= now
    if one.entered is not None:
        return now - one.entered >= FORGOTTEN
    if one.arrived is not None:
        return now - max(one.arrived, one.start) >= FORGOTTEN
    return now > one.start + EXPECTED_FOR


def _left_to_do(one: Planned, now: int | None) -> int:
    """Minutes: what blocks the agenda goes on to its own end, whenever one looks."""
    if one.patient or now is None:
        return one.length
    return one.end - max(one.start, now)
