"""Calendar files for the tests, and what is read of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from secretariat.interop.ical.expanding import Occurrence
from secretariat.interop.ical.reading import CalendarFile, read_calendar

FILES = Path(__file__).parent / "files"
PARIS = ZoneInfo("Europe/Paris")


def read(path: Path, first: str = "2026-01-01", last: str = "2027-01-01") -> CalendarFile:
    return read_calendar(
        path,
        site_zone="Europe/Paris",
        starts_at=datetime.fromisoformat(first).replace(tzinfo=PARIS),
        ends_at=datetime.fromisoformat(last).replace(tzinfo=PARIS),
    )


def calendar(folder: Path, *events: str, head: str = "") -> Path:
    """A file of VEVENTs, each given by its properties separated by « | »."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *head.splitlines()]
    for number, event in enumerate(events):
        uid = [] if "UID" in event else [f"UID:event-{number}"]
        lines += ["BEGIN:VEVENT", *uid, *event.split("|"), "END:VEVENT"]
    path = folder / "agenda.ics"
    path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]), encoding="utf-8")
    return path


def local(occurrences: tuple[Occurrence, ...], summary: str = "") -> list[str]:
    """Starts on the wall of the practice: « 26/10 09:00 »."""
    return [
        f"{one.starts_at.astimezone(PARIS):%d/%m %H:%M}"
        for one in occurrences
        if one.summary.startswith(summary)
    ]


CUSTOM = """BEGIN:VTIMEZONE
TZID:Custom
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:{0}
TZOFFSETTO:{0}
END:STANDARD
END:VTIMEZONE"""
"""A time zone that only this file defines; `{0}` is its offset."""
