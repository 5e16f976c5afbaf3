"""The skeleton of an iCalendar file: which lines belong to which event or time zone.

Done before any library sees the text, so that a cut file is refused, one damaged event does not
take the others along, and attachments and alarms cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .refusals import UnreadableCalendar

MAX_BYTES = 50 * 1024**2
MAX_EVENTS = 100_000
MAX_DEPTH = 5
MAX_VALUE = 100_000
"""Characters kept of one property; longer ones are cut (dates never are so long)."""
MAX_LINES_IN_EVENT = 5_000

KEPT = frozenset(
    {
        "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE",
        "RECURRENCE-ID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "TRANSP", "SEQUENCE",
        "ATTENDEE", "CATEGORIES", "DTSTAMP", "LAST-MODIFIED", "X-ALT-DESC",
        "X-MICROSOFT-CDO-ALLDAYEVENT",
    }
)  # fmt: skip
"""Properties of an event that are read; the others are dropped here."""
_OTHER_NAMES = frozenset(
    {
        "BEGIN", "END", "ATTACH", "CLASS", "COMMENT", "GEO", "PERCENT-COMPLETE", "PRIORITY",
        "RESOURCES", "COMPLETED", "DUE", "FREEBUSY", "TZID", "TZNAME", "TZOFFSETFROM",
        "TZOFFSETTO", "TZURL", "CONTACT", "ORGANIZER", "RELATED-TO", "URL", "ACTION", "REPEAT",
        "TRIGGER", "CREATED", "REQUEST-STATUS", "CALSCALE", "METHOD", "PRODID", "VERSION",
        "NAME", "COLOR", "IMAGE", "CONFERENCE", "SOURCE", "REFRESH-INTERVAL", "ACKNOWLEDGED",
        "STRUCTURED-DATA", "STYLED-DESCRIPTION", "PROXIMITY", "BUSYTYPE",
    }
)  # fmt: skip
_NAME = re.compile(r"^([A-Za-z0-9-]+)[;:]")

TRUNCATED = "Le calendrier est coupé avant la fin : exportez-le de nouveau. Rien n’a été importé."
NOT_A_CALENDAR = "Ce fichier n’est pas un calendrier iCalendar (.ics)."


@dataclass(frozen=True, slots=True)
class Property:
    """`NAME;PARAM=x:value`; parameter names are in capitals, the value is as written."""

    name: str
    params: dict[str, str]
    value: str


@dataclass(slots=True)
class Block:
    """An event or a time zone: its properties, and the line of the file where it begins."""

    line: int
    properties: list[Property] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        """The first property of that name."""
        return next((found for found in self.properties if found.name == name), None)

    def all(self, name: str) -> list[Property]:
        """Every property of that name."""
        return [found for found in self.properties if found.name == name]


@dataclass(slots=True)
class Skeleton:
    """One VCALENDAR: its own properties, its time zones (as text, by TZID) and its events."""

    properties: dict[str, str] = field(default_factory=dict)
    zones: dict[str, list[str]] = field(default_factory=dict)
    events: list[Block] = field(default_factory=list)
    ignored: int = 0


def skeletons(path: Path) -> list[Skeleton]:
    """The calendars of a file.

    Raises:
        UnreadableCalendar: too big, not a calendar, cut, or its parts are wrongly nested.
    """
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableCalendar(
            f"Le calendrier dépasse {MAX_BYTES // 1024**2} Mo : exportez une période plus courte."
        )
    walker = _Walker()
    for number, line in _logical_lines(path.read_bytes()):
        walker.take(number, line)
    return walker.finish()


class _Walker:
    """Follows BEGIN and END."""

    def __init__(self) -> None:
        self._found: list[Skeleton] = []
        self._open: list[str] = []
        self._event: Block | None = None
        self._zone: list[str] = []
        self._events = 0

    def take(self, number: int, line: str) -> None:
        upper = line[:40].upper()
        if upper.startswith("BEGIN:"):
            self._begin(number, _kind(line))
        elif upper.startswith("END:"):
            self._end(number, _kind(line))
        elif not self._open:
            raise UnreadableCalendar(NOT_A_CALENDAR, line=number)
        if "VTIMEZONE" in self._open[1:2] or upper.startswith("END:VTIMEZONE"):
            self._take_zone_line(line)
        elif self._event is not None and self._open[-1:] == ["VEVENT"]:
            self._take_event_line(line)
        elif self._open == ["VCALENDAR"]:
            found = split(line)
            if found is not None:
                self._found[-1].properties.setdefault(found.name, found.value[:200])

    def finish(self) -> list[Skeleton]:
        if self._open:
            raise UnreadableCalendar(TRUNCATED)
        if not self._found:
            raise UnreadableCalendar(NOT_A_CALENDAR)
        return self._found

    def _begin(self, number: int, kind: str) -> None:
        if not self._open and kind != "VCALENDAR":
            raise UnreadableCalendar(NOT_A_CALENDAR, line=number)
        if (kind == "VCALENDAR") != (not self._open) or len(self._open) >= MAX_DEPTH:
            raise UnreadableCalendar(TRUNCATED, line=number)
        self._open.append(kind)
        if kind == "VCALENDAR":
            self._found.append(Skeleton())
        elif len(self._open) == 2:
            if kind == "VEVENT":
                self._event = Block(number)
            elif kind == "VTIMEZONE":
                self._zone = []
            else:
                self._found[-1].ignored += 1

    def _end(self, number: int, kind: str) -> None:
        if not self._open or self._open.pop() != kind:
            raise UnreadableCalendar(TRUNCATED, line=number)
        if kind == "VEVENT" and len(self._open) == 1 and self._event is not None:
            self._events += 1
            if self._events > MAX_EVENTS:
                raise UnreadableCalendar(f"Le calendrier a plus de {MAX_EVENTS} événements.")
            self._found[-1].events.append(self._event)
            self._event = None

    def _take_event_line(self, line: str) -> None:
        found = split(line)
        event = self._event
        if found is None or event is None or found.name not in KEPT:
            return
        if len(event.properties) < MAX_LINES_IN_EVENT:
            event.properties.append(found)

    def _take_zone_line(self, line: str) -> None:
        self._zone.append(line)
        if line.upper().startswith("END:VTIMEZONE"):
            tzids = [found.value for one in self._zone if (found := split(one))
                     and found.name == "TZID"]  # fmt: skip
            if tzids and len(self._zone) < 1000:
                self._found[-1].zones.setdefault(tzids[0].strip(), self._zone)


def _kind(line: str) -> str:
    return line.partition(":")[2].partition("\\n")[0].strip().upper()


def split(line: str) -> Property | None:
    """Name, parameters and value of one unfolded line; None when it has no value."""
    parts, start, quoted = [], 0, False
    for position, sign in enumerate(line):
        if sign == '"':
            quoted = not quoted
        elif sign in ";:" and not quoted:
            parts.append(line[start:position])
            start = position + 1
            if sign == ":":
                break
    else:
        return None
    params = {}
    for part in parts[1:]:
        key, _, value = part.partition("=")
        params[key.strip().upper()] = value.strip().strip('"')
    return Property(parts[0].strip().upper(), params, line[start:][:MAX_VALUE])


def _logical_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """Unfolded lines with the number of their first physical line.

    Unfolding comes before decoding: programs fold in the middle of an accented letter.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    number, parts = 0, [b""]
    for count, raw in enumerate(data.split(b"\n"), start=1):
        physical = raw.rstrip(b"\r")
        if parts[-1].endswith(b"=") and b"QUOTED-PRINTABLE" in parts[0][:200].upper():
            parts[-1] = parts[-1][:-1]  # soft line break of vCalendar 1.0
            parts.append(physical)
        elif physical[:1] in (b" ", b"\t"):
            parts.append(physical[1:])
        elif _begins_property(physical) or (number == 0 and physical):
            if number:
                yield number, _decoded(b"".join(parts))
            number, parts = count, [physical]
        elif physical:  # a line break that should have been written \n
            parts.append(b"\\n" + physical)
    if number:
        yield number, _decoded(b"".join(parts))


def _begins_property(line: bytes) -> bool:
    match = _NAME.match(line[:80].decode("ascii", "replace"))
    if match is None:
        return False
    name = match[1].upper()
    return name in KEPT or name in _OTHER_NAMES or name.startswith("X-")


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")
