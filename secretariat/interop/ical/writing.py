"""An agenda as iCalendar (RFC 5545), for calendars that follow it. Pure: values in, text out.

Moments are written in UTC: no hour is ambiguous, whatever the clock on the wall does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, FreeBusy, vPeriod

_PRODUCT = "-//Secretariat//Agenda//FR"
_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Busy:
    """A time taken: what it is called, its name for ever, how often it changed."""

    starts_at: datetime
    ends_at: datetime
    summary: str
    uid: str
    written_at: datetime
    changes: int = 0
    away: bool = False
    """The practitioner is absent, rather than with someone."""
    takes: bool = True
    """Takes time, rather than tells something of these days."""


def events(name: str, zone: str, times: Iterable[Busy]) -> str:
    """A calendar of VEVENTs.

    Args:
        name: of the calendar.
        zone: IANA name of the clock on the wall, a hint for calendars that show it.
    """
    calendar = _calendar()
    calendar.add("name", _shown(name))
    calendar.add("x-wr-calname", _shown(name))
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", _EVERY, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for one in times:
        calendar.add_component(_event(one))
    return _text(calendar)


def free_busy(
    uid: str, since: datetime, until: datetime, times: Iterable[Busy], at: datetime
) -> str:
    """A calendar of one VFREEBUSY between two moments: when, and nothing else.

    Args:
        at: when this was worked out.
    """
    said = FreeBusy()
    said.add("uid", uid)
    said.add("dtstamp", at.astimezone(UTC))
    said.add("dtstart", since.astimezone(UTC))
    said.add("dtend", until.astimezone(UTC))
    kept = sorted((one for one in times if one.takes), key=lambda one: one.starts_at)
    for kind, wanted in (("BUSY", False), ("BUSY-UNAVAILABLE", True)):
        for start, end in _together([one for one in kept if one.away is wanted]):
            first, last = max(start, since), min(end, until)
            if first < last:
                period = vPeriod((first.astimezone(UTC), last.astimezone(UTC)))
                said.add("freebusy", period, {"FBTYPE": kind})
    calendar = _calendar()
    calendar.add_component(said)
    return _text(calendar)


def _event(one: Busy) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("dtstamp", one.written_at.astimezone(UTC))
    event.add("dtstart", one.starts_at.astimezone(UTC))
    event.add("dtend", one.ends_at.astimezone(UTC))
    event.add("sequence", one.changes)
    event.add("summary", _shown(one.summary))
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE" if one.takes else "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _together(times: Sequence[Busy]) -> Iterator[tuple[datetime, datetime]]:
    """Times in order, those that touch or overlap made one."""
    start: datetime | None = None
    end = datetime.min.replace(tzinfo=UTC)
    for one in times:
        if start is not None and one.starts_at > end:
            yield start, end
            start = None
        start = one.starts_at if start is None else start
        end = max(end, one.ends_at)
    if start is not None:
        yield start, end


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _text(calendar: Calendar) -> str:
    return str(calendar.to_ical(), "utf-8")


def _shown(value: str) -> str:
    """One line of printable signs: what a name holds besides is nobody's to see."""
    even = " ".join(value.split())
    return "".join(character for character in even if character.isprintable())
