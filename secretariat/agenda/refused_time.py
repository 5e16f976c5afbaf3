"""Why a time cannot be given: the rule that refuses it, and who wrote that rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import chain

from secretariat.agenda.free_time import AgendaFacts, Taken, free_intervals
from secretariat.agenda.local_time import clock_minutes, midnight, on_the_wall, pieces
from secretariat.agenda.openings import Interval, OpeningException, wall_hours


class Cause(Enum):
    """What refuses a time."""

    PAST = auto()
    NO_OPENING = auto()
    """No rule opens the agenda that day."""
    OUTSIDE_HOURS = auto()
    HOLIDAY = auto()
    CLOSURE = auto()
    """A day or some hours closed for once."""
    ABSENCE = auto()
    TAKEN = auto()
    TOO_SHORT = auto()
    """The time is free, but something begins before the visit would end."""


@dataclass(frozen=True, slots=True)
class NotFree:
    """Why the time at minute `at` is refused. Minutes are of UTC; empty when without object."""

    cause: Cause
    at: int
    zone: str
    label: str = ""
    """Of the closure or absence, or the holiday's name."""
    author: str = ""
    id: int = 0
    """Of the closure, the absence or the visit that takes the time."""
    span: tuple[int, int] | None = None
    """What the closure, absence or visit covers; None for a closure of the whole day."""
    hours: tuple[Interval, ...] = ()
    """When the agenda is open that day all the same."""
    asked: int = 0
    """For `TOO_SHORT`: length of the visit."""
    left: int = 0
    """For `TOO_SHORT`: free minutes from `at`."""
    then: "NotFree | None" = None
    """For `TOO_SHORT`: what begins after these minutes."""


def why_not(
    facts: AgendaFacts, minute: int, minutes: int, *, not_before: int | None = None
) -> NotFree | None:
    """Why a visit of `minutes` cannot begin at `minute`; None if it can.

    Facts must hold what touches the visit's local days. `not_before` is the present minute,
    where the past is refused.
    """
    zone = facts.hours.site.zone
    if not_before is not None and minute < not_before:
        return NotFree(Cause.PAST, minute, zone)
    days = {on_the_wall(edge, zone).date() for edge in (minute, minute + minutes - 1)}
    openings = list(chain.from_iterable(facts.hours.on(day) for day in sorted(days)))
    blocked = minute
    for free in free_intervals(openings, facts.busy, facts.absences):
        if free.start <= blocked < free.end:
            blocked = free.end
    if blocked >= minute + minutes:
        return None
    cause = _cause(facts, blocked, openings)
    if blocked == minute:
        return cause
    left = blocked - minute
    return NotFree(Cause.TOO_SHORT, minute, zone, asked=minutes, left=left, then=cause)


def _cause(facts: AgendaFacts, minute: int, openings: Sequence[Interval]) -> NotFree:
    zone = facts.hours.site.zone
    if not any(opening.start <= minute < opening.end for opening in openings):
        return _closed(facts, minute)
    for away in facts.absences:
        if away.start <= minute < away.end:
            span = (away.start, away.end)
            return NotFree(Cause.ABSENCE, minute, zone, away.label, away.author, away.id, span)
    taken = next(busy for busy in facts.busy if busy[0] <= minute < busy[1])
    return NotFree(Cause.TAKEN, minute, zone, id=_id_of(taken), span=(taken[0], taken[1]))


def _closed(facts: AgendaFacts, minute: int) -> NotFree:
    """Which layer of the opening hours leaves that minute shut, the most precise first."""
    hours, zone = facts.hours, facts.hours.site.zone
    wall = on_the_wall(minute, zone)
    day, wall_minute = wall.date(), clock_minutes(wall.time())
    opened = tuple(hours.on(day))
    closures = [e for e in hours.exceptions_on(day) if e.kind == "closed" and e.covers(wall_minute)]
    for closure in sorted(closures, key=lambda closure: closure.closes_the_day):
        span = None if closure.closes_the_day else _span_around(minute, closure, zone)
        return NotFree(
            Cause.CLOSURE, minute, zone, closure.label, closure.author, closure.id, span, opened
        )
    if holiday := hours.site.holiday(day):
        return NotFree(Cause.HOLIDAY, minute, zone, holiday, hours=opened)
    cause = Cause.OUTSIDE_HOURS if opened else Cause.NO_OPENING
    return NotFree(cause, minute, zone, hours=opened)


def _span_around(minute: int, closure: OpeningException, zone: str) -> tuple[int, int]:
    """The closed time around `minute`, inside its piece of the day."""
    part = next(p for p in pieces(closure.date, zone) if p.start <= minute < p.end)
    start, end = wall_hours(closure)
    shift = midnight(closure.date) - part.offset
    return max(start + shift, part.start), min(end + shift, part.end)


def _id_of(taken: Taken) -> int:
    found = taken[2] if len(taken) > 2 else 0
    return found if isinstance(found, int) else 0
