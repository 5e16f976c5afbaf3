"""An agenda as iCalendar (RFC 5545), for calendars that follow it. Pure: values in, text out.

Moments are written in UTC: no hour is ambiguous, whatever the clock on the wall does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_PRODUCT = "-//Secretariat//Agenda//FR"
_EVERY = "PT15M"
_WIDTH = 75
"""Octets of a line; what is longer goes on after a space (RFC 5545, 3.1)."""


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


def events(name: str, zone: str, times: Iterable[Busy]) -> str:
    """A calendar of VEVENTs.

    Args:
        name: of the calendar.
        zone: IANA name of the clock on the wall, a hint for calendars that show it.
    """
    head = [
        f"NAME:{_text(name)}",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{zone}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_EVERY}",
        f"X-PUBLISHED-TTL:{_EVERY}",
    ]
    return _calendar([*head, *(line for one in times for line in _event(one))])


def free_busy(
    uid: str, since: datetime, until: datetime, times: Iterable[Busy], at: datetime
) -> str:
    """A calendar of one VFREEBUSY between two moments: when, and nothing else.

    Args:
        at: when this was worked out.
    """
    lines = [
        "BEGIN:VFREEBUSY", f"UID:{uid}", f"DTSTAMP:{_moment(at)}",
        f"DTSTART:{_moment(since)}", f"DTEND:{_moment(until)}",
    ]  # fmt: skip
    kept = sorted(times, key=lambda one: one.starts_at)
    for kind, wanted in (("BUSY", False), ("BUSY-UNAVAILABLE", True)):
        for start, end in _together([one for one in kept if one.away is wanted]):
            first, last = max(start, since), min(end, until)
            if first < last:
                lines.append(f"FREEBUSY;FBTYPE={kind}:{_moment(first)}/{_moment(last)}")
    return _calendar([*lines, "END:VFREEBUSY"])


def _event(one: Busy) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uid}"
    yield f"DTSTAMP:{_moment(one.written_at)}"
    yield f"DTSTART:{_moment(one.starts_at)}"
    yield f"DTEND:{_moment(one.ends_at)}"
    yield f"SEQUENCE:{one.changes}"
    yield f"SUMMARY:{_text(one.summary)}"
    yield "STATUS:CONFIRMED"
    yield "TRANSP:OPAQUE"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


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


def _calendar(lines: Iterable[str]) -> str:
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN"]
    folded = (part for line in (*whole, *lines, "END:VCALENDAR") for part in _folded(line))
    return "\r\n".join(folded) + "\r\n"


def _folded(line: str) -> Iterator[str]:
    if len(line) * 4 <= _WIDTH or len(line.encode()) <= _WIDTH:
        yield line
        return
    piece, room = "", _WIDTH
    for character in line:
        if len((piece + character).encode()) > room:
            yield piece
            piece, room = " ", _WIDTH
        piece += character
    yield piece


def _text(value: str) -> str:
    """TEXT: separators escaped; whatever ends a line cannot begin another property."""
    even = " ".join(value.split())
    for mark in ("\\", ";", ","):
        even = even.replace(mark, f"\\{mark}")
    return "".join(character for character in even if character.isprintable())


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
