"""From series to occurrences, inside a window of time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import icalendar
import recurring_ical_events
from icalendar import vDDDTypes, vRecur

from .events import Attendee, Event, Moment
from .refusals import BadEvent


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time in an agenda.

    `recurrence_id` is the instant (UTC) at which its series first had it, whatever it was moved
    to; None for a single event. `key` is the same each time the same file, or a newer export of
    the same agenda, is read. `starts_at` and `ends_at` are in UTC, the end is excluded; a whole
    day goes from midnight to midnight at the site.
    """

    key: str
    uid: str
    recurrence_id: datetime | None
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    cancelled: bool
    busy: bool
    summary: str
    description: str
    location: str
    categories: tuple[str, ...]
    attendees: tuple[Attendee, ...]
    sequence: int
    line: int


@dataclass(frozen=True, slots=True)
class Window:
    """Instants between which occurrences are wanted, and the zone of the site for whole days."""

    starts_at: datetime
    ends_at: datetime
    site: tzinfo

    def touches(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Some of it is inside (an event without length counts as its first instant)."""
        return starts_at < self.ends_at and max(ends_at, starts_at + timedelta(seconds=1)) > (
            self.starts_at
        )

    def instant(self, moment: Moment) -> datetime:
        """The moment in UTC; a day begins at midnight at the site."""
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), self.site)
        return moment.astimezone(UTC)


def occurrences(group: Sequence[Event], window: Window) -> Iterator[Occurrence]:
    """Occurrences of the events that share a UID, those outside the window left out.

    Raises:
        BadEvent: the rule cannot be computed.
    """
    if any(event.rule or event.extra for event in group):
        yield from _series(group, window)
        return
    singles = _newest([event for event in group if event.replaces is None])
    distinct = len(singles) > 1
    for event in [*singles, *_newest_changes(group)]:
        found = _occurrence(event, event.start, event.end, event.replaces, window)
        if distinct and event.replaces is None:
            found = _occurrence(event, event.start, event.end, event.start, window)
        if window.touches(found.starts_at, found.ends_at):
            yield found


def key(uid: str, recurrence_id: datetime | None) -> str:
    """The key under which an occurrence is known at every import."""
    said = f"{recurrence_id.astimezone(UTC):%Y%m%dT%H%M%SZ}" if recurrence_id else ""
    return hashlib.sha256(f"{uid}\n{said}".encode()).hexdigest()


def _series(group: Sequence[Event], window: Window) -> Iterator[Occurrence]:
    masters = _newest([event for event in group if event.replaces is None])
    changes = _newest_changes(group)
    if len(masters) > 1:
        # A program gave one identifier to several events: their starts tell them apart. Nothing
        # says whose the changed occurrences are; the first series takes them.
        for position, master in enumerate(masters):
            uid = f"{master.uid}\n{window.instant(master.start):%Y%m%dT%H%M}"
            own = [master, *changes] if position == 0 else [master]
            yield from _series([replace(event, uid=uid) for event in own], window)
        return
    chosen = [*masters, *changes]
    calendar = icalendar.Calendar()
    days_only = all(event.all_day for event in chosen)
    try:
        for index, event in enumerate(chosen):
            calendar.add_component(_component(event, index))
        found = recurring_ical_events.of(calendar).between(*_span(window, days_only=days_only))
    except Exception as error:  # two libraries raise many kinds on rules that make no sense
        raise BadEvent("La répétition ne peut pas être calculée.") from error
    for component in found:
        event = chosen[int(component["X-INDEX"])]
        start, end = component["DTSTART"].dt, component["DTEND"].dt
        occurrence = _occurrence(event, start, end, _original(component, event), window)
        if window.touches(occurrence.starts_at, occurrence.ends_at):
            yield occurrence


def _original(component: Any, event: Event) -> Moment:
    """When the series first had this occurrence."""
    start: Moment = component["DTSTART"].dt
    if event.replaces is None:
        return start
    if event.and_future:
        moved = _wall(event.start) - _wall(event.replaces)
        return start - moved
    return event.replaces


def _wall(moment: Moment) -> datetime:
    """What the clock on the wall shows, to measure by how much a series was moved."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time())


def _span(window: Window, *, days_only: bool) -> tuple[Moment, Moment]:
    if not days_only:
        return window.starts_at.astimezone(UTC), window.ends_at.astimezone(UTC)
    first: date = window.starts_at.astimezone(window.site).date()
    last: date = window.ends_at.astimezone(window.site).date()
    return first - timedelta(days=1), last + timedelta(days=1)


def _component(event: Event, index: int) -> icalendar.Event:
    component = icalendar.Event()
    component.add("UID", "series")
    component.add("DTSTART", event.start)
    component.add("DTEND", event.end)
    component.add("SEQUENCE", event.sequence)
    component.add("X-INDEX", str(index))
    if event.rule:
        component.add("RRULE", vRecur.from_ical(event.rule))
    if event.extra:
        component.add("RDATE", list(event.extra))
    if event.left_out:
        component.add("EXDATE", list(event.left_out))
    if event.replaces is not None:
        replaced = vDDDTypes(event.replaces)
        if event.and_future:
            replaced.params["RANGE"] = "THISANDFUTURE"
        component.add("RECURRENCE-ID", replaced)
    return component


def _occurrence(
    event: Event, start: Moment, end: Moment, original: Moment | None, window: Window
) -> Occurrence:
    recurrence_id = None if original is None else window.instant(original)
    return Occurrence(
        key=key(event.uid, recurrence_id),
        uid=event.uid.partition("\n")[0][:255],
        recurrence_id=recurrence_id,
        starts_at=window.instant(start),
        ends_at=window.instant(end),
        all_day=not isinstance(start, datetime),
        cancelled=event.cancelled,
        busy=event.busy,
        summary=event.summary,
        description=event.description,
        location=event.location,
        categories=event.categories,
        attendees=event.attendees,
        sequence=event.sequence,
        line=event.line,
    )


def _age(event: Event) -> tuple[int, str, int]:
    """The last written of several versions is the greatest."""
    return event.sequence, event.changed, event.line


def _newest(masters: Sequence[Event]) -> list[Event]:
    """The newest version of an event; several when one UID was given to different events.

    Versions of one event differ by SEQUENCE; programs that reuse a UID leave it alike.
    """
    if not masters:
        return []
    last = max(event.sequence for event in masters)
    alike = [event for event in masters if event.sequence == last]
    if any(event.rule for event in alike) and not all(event.rule for event in alike):
        return [max(alike, key=_age)]
    by_start: dict[Moment, Event] = {}
    for event in sorted(alike, key=_age):
        by_start[event.start] = event
    return list(by_start.values())


def _newest_changes(group: Sequence[Event]) -> list[Event]:
    """One version of each changed occurrence."""
    newest: dict[Moment, Event] = {}
    for event in sorted(group, key=_age):
        if event.replaces is not None:
            newest[event.replaces] = event
    return list(newest.values())
