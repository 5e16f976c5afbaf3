"""What a person chose for a calendar: which agenda, what its entries are, which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

Meant = Literal["guess", "visits", "blocks"]

BEHIND, AHEAD = timedelta(days=30), timedelta(days=400)
LONGEST_DAYS = 2000

MEANT: dict[str, str] = {
    "guess": "À deviner, entrée par entrée",
    "visits": "Des rendez-vous de patients",
    "blocks": "Du temps pris, sans patient",
}
"""What the entries of a calendar are, as the screen asks it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The choices; both days are included."""

    agenda: int
    meant: Meant
    first_day: date
    last_day: date

    def window(self, zone: str) -> tuple[datetime, datetime]:
        """The moments between which entries are read, for the clock of `zone`."""
        place = ZoneInfo(zone)
        start = datetime.combine(self.first_day, time(), place)
        end = datetime.combine(self.last_day + timedelta(days=1), time(), place)
        return start.astimezone(UTC), end.astimezone(UTC)

    def as_options(self) -> dict[str, Any]:
        """The plan as JSON keeps it."""
        return {
            "agenda": self.agenda,
            "meant": self.meant,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
        }


def usual(agenda: int, today: date) -> Plan:
    """Thirty days behind, four hundred ahead."""
    return Plan(agenda, "guess", today - BEHIND, today + AHEAD)


def read(options: dict[str, Any]) -> Plan | None:
    """The plan that options hold; None when nobody has chosen yet."""
    try:
        meant = options["meant"]
        first, last = (date.fromisoformat(options[name]) for name in ("first_day", "last_day"))
        return Plan(int(options["agenda"]), meant if meant in MEANT else "guess", first, last)
    except (KeyError, TypeError, ValueError):
        return None
