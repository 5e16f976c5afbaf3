"""Read a calendar file into occurrences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from . import blocks, texts
from .blocks import Property, Skeleton
from .events import Clock, Event, event
from .expanding import Occurrence, Window, occurrences
from .refusals import BadEvent, Fault, UnreadableCalendar
from .zones import Zones

LONGEST_WINDOW = timedelta(days=366 * 6)
MAX_OCCURRENCES = 200_000
MAX_SECONDS = 90
"""Time after which a calendar made to be endless is given up."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """What a calendar file holds inside the window.

    `occurrences` are sorted by start; `faults` are the events left out; `warnings` are French
    sentences about the whole file; `outside` counts the events that have nothing in the window;
    `ignored` the tasks, notes and busy times that are not events.
    """

    name: str
    sha256: str
    occurrences: tuple[Occurrence, ...]
    faults: tuple[Fault, ...] = ()
    warnings: tuple[str, ...] = ()
    events: int = 0
    outside: int = 0
    ignored: int = 0


def read_calendar(
    path: Path, *, site_zone: str, starts_at: datetime, ends_at: datetime
) -> CalendarFile:
    """Every occurrence of the file that touches the window.

    Args:
        path: an .ics file (RFC 5545; several VCALENDAR in one file are read as one).
        site_zone: IANA name; zone of whole days and of times that have no zone.
        starts_at, ends_at: the window, aware, at most `LONGEST_WINDOW`.

    Raises:
        UnreadableCalendar: not a calendar, cut, too big or too costly; nothing must be kept.
        ValueError: the window itself is wrong.
    """
    if not timedelta() < ends_at - starts_at <= LONGEST_WINDOW:
        raise ValueError("the window must be positive and at most six years")
    site = ZoneInfo(site_zone)
    found = blocks.skeletons(path)
    reader = _Reader(Window(starts_at, ends_at, site))
    for skeleton in found:
        reader.take(skeleton)
    name = texts.line(Property("", {}, found[0].properties.get("X-WR-CALNAME", "")), 120)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return reader.finish(name, digest, ignored=sum(one.ignored for one in found))


class _Reader:
    """Gathers the events of several calendars by UID, then unfolds them."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._groups: dict[str, list[Event]] = {}
        self._faults: list[Fault] = []
        self._unknown_zones: set[str] = set()
        self._unnamed = 0
        self._events = 0

    def take(self, skeleton: Skeleton) -> None:
        zones = Zones(skeleton.zones)
        shown = skeleton.properties.get("X-WR-TIMEZONE", "")
        hint = zones.find(shown) if shown else None
        clock = Clock(zones, self._window.site, hint or self._window.site, hint)
        cancelled = skeleton.properties.get("METHOD", "").strip().upper() == "CANCEL"
        for block in skeleton.events:
            self._events += 1
            try:
                self._add(event(block, clock, cancelled=cancelled))
            except BadEvent as bad:
                self._fault(block.line, texts.line(block.first("SUMMARY")), bad.sentence)
            except OverflowError:
                self._fault(block.line, texts.line(block.first("SUMMARY")), "Date impossible.")
        self._unknown_zones |= clock.unknown

    def finish(self, name: str, sha256: str, *, ignored: int) -> CalendarFile:
        began = monotonic()
        found: dict[str, Occurrence] = {}
        outside = 0
        for group in self._groups.values():
            if monotonic() - began > MAX_SECONDS:
                raise UnreadableCalendar(
                    "Les répétitions de ce calendrier sont trop longues à calculer : "
                    "exportez une période plus courte."
                )
            before = len(found)
            for occurrence in self._unfolded(group):
                found[occurrence.key] = occurrence
            outside += len(found) == before
            if len(found) > MAX_OCCURRENCES:
                raise UnreadableCalendar(
                    f"Le calendrier a plus de {MAX_OCCURRENCES} rendez-vous dans la période."
                )
        return CalendarFile(
            name=name,
            sha256=sha256,
            occurrences=tuple(sorted(found.values(), key=lambda one: (one.starts_at, one.key))),
            faults=tuple(sorted(self._faults, key=lambda fault: fault.line)),
            warnings=tuple(self._warnings()),
            events=self._events,
            outside=outside,
            ignored=ignored,
        )

    def _add(self, found: Event) -> None:
        if not found.uid:
            self._unnamed += 1
            found = replace(found, uid=_made_up_uid(found))
        self._groups.setdefault(found.uid, []).append(found)

    def _unfolded(self, group: list[Event]) -> Iterator[Occurrence]:
        try:
            yield from occurrences(group, self._window)
        except (BadEvent, OverflowError) as bad:
            said = bad.sentence if isinstance(bad, BadEvent) else "Date impossible."
            self._fault(group[0].line, group[0].summary, said)

    def _fault(self, line: int, summary: str, sentence: str) -> None:
        self._faults.append(Fault(line, summary, sentence))

    def _warnings(self) -> Iterator[str]:
        for zone in sorted(self._unknown_zones):
            yield f"Fuseau horaire inconnu « {zone} » : heures lues comme celles du cabinet."
        if self._unnamed:
            yield (
                f"{self._unnamed} événement(s) sans identifiant : un nouvel import après "
                "modification les ajouterait une seconde fois."
            )


def _made_up_uid(found: Event) -> str:
    """An identifier that the same event gets at every import."""
    traits = (found.start.isoformat(), found.end.isoformat(), found.rule, found.summary)
    return "sans-uid-" + hashlib.sha256("\n".join(traits).encode()).hexdigest()
