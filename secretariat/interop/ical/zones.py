"""Time zones by the many names calendars give them."""

from __future__ import annotations

import re
import zoneinfo
from datetime import tzinfo
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_PLAIN = re.compile(r"^[A-Za-z0-9_+\-/]{1,80}$")
_OFFSET_RULE = re.compile(r"^FREQ=YEARLY(;(BYMONTH|BYDAY|BYMONTHDAY|UNTIL|WKST|INTERVAL)=[^;]+)*$")


class Zones:
    """Finds the time zone that a TZID means in one file.

    Args:
        definitions: lines of each VTIMEZONE of the file, by TZID.
    """

    def __init__(self, definitions: dict[str, list[str]]) -> None:
        self._definitions = {_unescaped(name): lines for name, lines in definitions.items()}
        self._found: dict[str, tzinfo | None] = {}

    def find(self, tzid: str) -> tzinfo | None:
        """The zone, or None when nothing tells what `tzid` means.

        The world's own database is preferred to the rules written in the file, which often are
        those of one year only.
        """
        name = _unescaped(tzid)
        if name not in self._found:
            self._found[name] = _known(name) or self._defined(name) or _by_town(name)
        return self._found[name]

    def _defined(self, name: str) -> tzinfo | None:
        lines = self._definitions.get(name)
        if lines is None or not _harmless(lines):
            return None
        # Without its TZID the library keeps no trace of it: two files may give one name to
        # different zones.
        nameless = [line for line in lines if not line.upper().startswith("TZID")]
        try:
            component = Timezone.from_ical("\r\n".join(nameless))
            if not isinstance(component, Timezone):
                return None
            component.add("TZID", "file")
            found: tzinfo = component.to_tz(lookup_tzid=False)
            return found
        except Exception:  # the library raises many kinds on rules that make no sense
            return None


def _unescaped(tzid: str) -> str:
    """Outlook escapes the commas of « Bruxelles, Copenhague » at one place and not the other."""
    return tzid.strip().strip('"').replace("\\,", ",")


def _known(name: str) -> tzinfo | None:
    """A name of the world's database, of Windows, or a path that ends with one."""
    cleaned = name.strip("/")
    candidates = [cleaned, WINDOWS_TO_OLSON.get(cleaned, "")]
    parts = cleaned.split("/")
    candidates += ["/".join(parts[start:]) for start in range(1, len(parts))][:6]
    for candidate in candidates:
        if _PLAIN.match(candidate):
            try:
                return ZoneInfo(candidate)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return None


def _by_town(name: str) -> tzinfo | None:
    """« (UTC+01:00) Bruxelles, Copenhague, Madrid, Paris »."""
    return ZoneInfo("Europe/Paris") if "paris" in name.lower() else None


def _harmless(lines: list[str]) -> bool:
    """Only yearly rules: others would be computed second by second since 1601."""
    rules = [line.partition(":")[2].upper() for line in lines if line.upper().startswith("RRULE")]
    return all(_OFFSET_RULE.match(rule) and "INTERVAL=0" not in rule for rule in rules)
