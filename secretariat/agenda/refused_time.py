"""Why a time cannot be given: the rule that refuses it, and who wrote that rule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import chain

from secretariat.agenda.facts import AgendaFacts, Ask, Busy, Elsewhere, Held, Taken
from secretariat.agenda.free_time import free_intervals, own_time, rooms_for, taken
from secretariat.agenda.local_time import clock_minutes, midnight, on_the_wall, pieces
from secretariat.agenda.locums import absences_in_force, locum_at
from secretariat.agenda.openings import Interval, OpeningException, OpeningRule, wall_hours
from secretariat.agenda.quotas import Quota
from secretariat.agenda.rationing import Rationing


class Cause(Enum):
    """What refuses a time."""

    PAST = auto()
    NOTICE = auto()
    """Sooner than those who ask may book."""
    HORIZON = auto()
    """Later than those who ask may book."""
    NO_OPENING = auto()
    """No rule opens the agenda that day."""
    OUTSIDE_HOURS = auto()
    HOLIDAY = auto()
    CLOSURE = auto()
    """A day or some hours closed for once."""
    PROTECTED = auto()
    """Home visits, meeting, duty."""
    KEPT_FOR_OTHERS = auto()
    """Open, but for other reasons or another mode."""
    LOCUM = auto()
    """The locum leaves that reason to the holder."""
    ABSENCE = auto()
    TAKEN = auto()
    BUFFER = auto()
    """Preparation or cleaning of this visit, or of its neighbour."""
    ELSEWHERE = auto()
    """The practitioner is at another site, or on the road."""
    HELD = auto()
    """Someone else types."""
    ROOM = auto()
    ROOM_CLOSED = auto()
    """The room it needs is closed, or the equipment out of order."""
    QUOTA = auto()
    TOO_SHORT = auto()
    """The time is free, but something begins before the visit would end."""


BY_VISITS = frozenset({Cause.TAKEN, Cause.BUFFER})
"""What a squeeze stands beside, knowingly."""


@dataclass(frozen=True, slots=True)
class NotFree:
    """Why the time at minute `at` is refused. Minutes are of UTC; empty when without object."""

    cause: Cause
    at: int
    zone: str
    label: str = ""
    """Of the closure or absence, the holiday's name, the other site, who holds, who stands in."""
    author: str = ""
    id: int = 0
    """Of the closure, the absence, the quota or the visit that takes the time."""
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
    quota: Quota | None = None
    rooms: tuple[str, ...] = ()
    """Rooms of which none is free; the one that is closed first."""

    @property
    def first_cause(self) -> Cause:
        """What stands in the way, at once or before the end."""
        return self.then.cause if self.then else self.cause


def why_not(
    facts: AgendaFacts, minute: int, wanted: Ask | int, *, not_before: int | None = None
) -> NotFree | None:
    """Why a visit cannot begin at `minute`; None if it can.

    Args:
        facts: with what touches the visit's local days.
        wanted: the visit, or only its length in minutes.
        not_before: the present minute, where the past is refused.
    """
    ask = Ask.of(wanted)
    zone = facts.hours.site.zone
    if not_before is not None and minute < not_before:
        return NotFree(Cause.PAST, minute, zone)
    if ask.not_before is not None and minute < ask.not_before:
        return NotFree(Cause.NOTICE, minute, zone, span=(ask.not_before, ask.not_before))
    if ask.not_after is not None and minute > ask.not_after:
        return NotFree(Cause.HORIZON, minute, zone, span=(ask.not_after, ask.not_after))
    return _no_room_in_the_day(facts, minute, ask) or _no_room_in_the_rules(facts, minute, ask)


def without_visits(facts: AgendaFacts) -> AgendaFacts:
    """The same agenda as if nobody came: what is left is what a squeeze cannot pass.

    A squeeze takes no room and no time that is kept free; it is counted by the other quotas.
    """
    return replace(facts, busy=(), needs=(), quotas=())


def _no_room_in_the_day(facts: AgendaFacts, minute: int, ask: Ask) -> NotFree | None:
    zone, end = facts.hours.site.zone, minute + ask.minutes
    days = {on_the_wall(edge, zone).date() for edge in (minute, end - 1)}
    hours = facts.hours.serving(ask.wanted)
    openings = list(chain.from_iterable(hours.on(day) for day in sorted(days)))
    blocked = minute
    for free in free_intervals(openings, taken(facts, ask)):
        if free.start <= blocked < free.end:
            blocked = free.end
    if blocked >= end:
        return None
    cause = _cause(facts, ask, blocked, openings)
    if blocked == minute:
        return cause
    left = blocked - minute
    return NotFree(Cause.TOO_SHORT, minute, zone, asked=ask.minutes, left=left, then=cause)


def _no_room_in_the_rules(facts: AgendaFacts, minute: int, ask: Ask) -> NotFree | None:
    zone = facts.hours.site.zone
    if facts.needs and rooms_for(facts, ask, minute) is None:
        return _no_resource(facts, ask, minute)
    if facts.quotas:
        quota = Rationing(facts, ask, own_time(facts)).refuses(minute)
        if quota is not None:
            return NotFree(
                Cause.QUOTA, minute, zone, quota.label, quota.author, quota.id, quota=quota
            )
    return None


def _no_resource(facts: AgendaFacts, ask: Ask, minute: int) -> NotFree:
    zone = facts.hours.site.zone
    lacking = [
        room
        for need in facts.needs
        if rooms_for(replace(facts, needs=[need]), ask, minute) is None
        for room in need
    ]
    # Each need alone has one, all together have not: they want the same.
    rooms = lacking or [room for need in facts.needs for room in need]
    first, last = minute - ask.before, minute + ask.minutes + ask.after
    for room in rooms:
        if shut := room.closed(first, last):
            names = tuple(dict.fromkeys((room.name, *(one.name for one in rooms))))
            return NotFree(
                Cause.ROOM_CLOSED, minute, zone, shut.label, shut.author, shut.id,
                (shut.start, shut.end), rooms=names,
            )  # fmt: skip
    names = tuple(dict.fromkeys(room.name for room in rooms))
    return NotFree(Cause.ROOM, minute, zone, rooms=names)


def _cause(facts: AgendaFacts, ask: Ask, minute: int, openings: Sequence[Interval]) -> NotFree:
    zone = facts.hours.site.zone
    if not any(opening.start <= minute < opening.end for opening in openings):
        return _closed(facts, ask, minute)
    locum = locum_at(facts, minute)
    if locum and ask.reason in locum.not_taken:
        return NotFree(Cause.LOCUM, minute, zone, locum.name, locum.author, locum.id)
    for away in absences_in_force(facts):
        if away.start <= minute < away.end:
            span = (away.start, away.end)
            return NotFree(Cause.ABSENCE, minute, zone, away.label, away.author, away.id, span)
    return (
        _taken_by(facts, minute)
        or _away_or_held(facts, ask, minute)
        or _beside(facts, ask, minute)
        or _no_resource(facts, ask, minute)
    )


def _taken_by(facts: AgendaFacts, minute: int) -> NotFree | None:
    for one in facts.busy:
        begins, ends = _itself(one)
        if begins <= minute < ends:
            zone = facts.hours.site.zone
            return NotFree(Cause.TAKEN, minute, zone, id=_id_of(one), span=(begins, ends))
    return None


def _away_or_held(facts: AgendaFacts, ask: Ask, minute: int) -> NotFree | None:
    zone = facts.hours.site.zone
    for away in facts.elsewhere:
        if away.start <= minute < away.end:
            return _elsewhere(away, minute, zone)
    for held in facts.held:
        if held.start - ask.after <= minute < held.end + ask.before:
            return _held(held, minute, zone)
    return None


def _beside(facts: AgendaFacts, ask: Ask, minute: int) -> NotFree | None:
    """The neighbour whose minutes around it, or those of this visit, leave no room."""
    for one in facts.busy:
        if one[0] - ask.after <= minute < one[1] + ask.before:
            zone = facts.hours.site.zone
            return NotFree(Cause.BUFFER, minute, zone, id=_id_of(one), span=_itself(one))
    return None


def _elsewhere(away: Elsewhere, minute: int, zone: str) -> NotFree:
    span = (away.start + away.travel, away.end - away.travel)
    return NotFree(
        Cause.ELSEWHERE, minute, zone, away.site, id=away.id, span=span, left=away.travel
    )


def _held(held: Held, minute: int, zone: str) -> NotFree:
    return NotFree(Cause.HELD, minute, zone, held.by, id=held.id, span=(held.until, held.until))


def _closed(facts: AgendaFacts, ask: Ask, minute: int) -> NotFree:
    """Which layer of the opening hours leaves that minute shut, the most precise first."""
    hours, zone = facts.hours, facts.hours.site.zone
    wall = on_the_wall(minute, zone)
    day, wall_minute = wall.date(), clock_minutes(wall.time())
    closures = [e for e in hours.exceptions_on(day) if e.kind == "closed" and e.covers(wall_minute)]
    everyone = hours.on(day)
    if any(one.start <= minute < one.end for one in everyone):
        why = next(one.why for one in everyone if one.start <= minute < one.end)
        return NotFree(
            Cause.KEPT_FOR_OTHERS, minute, zone, _label_of(why), _author_of(why),
            hours=tuple(hours.serving(ask.wanted).on(day)),
        )  # fmt: skip
    opened = tuple(hours.serving(ask.wanted).on(day))
    for closure in sorted(closures, key=lambda closure: closure.closes_the_day):
        span = None if closure.closes_the_day else _span_around(minute, closure, zone)
        return NotFree(
            Cause.CLOSURE, minute, zone, closure.label, closure.author, closure.id, span, opened
        )
    if holiday := hours.site.holiday(day):
        return NotFree(Cause.HOLIDAY, minute, zone, holiday, hours=opened)
    for rule in hours.protected_on(day):
        if _covers(rule, wall_minute):
            return NotFree(
                Cause.PROTECTED, minute, zone, rule.label, rule.author, rule.id, hours=opened
            )
    cause = Cause.OUTSIDE_HOURS if opened else Cause.NO_OPENING
    return NotFree(cause, minute, zone, hours=opened)


def _covers(rule: OpeningRule, wall_minute: int) -> bool:
    start, end = wall_hours(rule)
    return start <= wall_minute < end


def _label_of(why: Sequence[object]) -> str:
    return next((label for one in why if (label := str(getattr(one, "label", "")))), "")


def _author_of(why: Sequence[object]) -> str:
    return next((name for one in why if (name := str(getattr(one, "author", "")))), "")


def _span_around(minute: int, closure: OpeningException, zone: str) -> tuple[int, int]:
    """The closed time around `minute`, inside its piece of the day."""
    part = next(p for p in pieces(closure.date, zone) if p.start <= minute < p.end)
    start, end = wall_hours(closure)
    shift = midnight(closure.date) - part.offset
    return max(start + shift, part.start), min(end + shift, part.end)


def _itself(one: Taken) -> tuple[int, int]:
    """The visit without the minutes around it."""
    return (one.begins, one.ends) if isinstance(one, Busy) else (one[0], one[1])


def _id_of(one: Taken) -> int:
    found = one[2] if len(one) > 2 else 0
    return found if isinstance(found, int) else 0
