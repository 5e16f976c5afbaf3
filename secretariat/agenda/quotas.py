"""How an agenda shares its day among reasons: times kept free, at most so many, a share. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from secretariat.agenda.local_time import day_bounds, minutes_showing

NOON = time(13)
"""Where the morning ends, on the site's clock."""
LINE = 5
"""A time kept free begins on a line of the day view."""
HOUR = 60


@dataclass(frozen=True, slots=True)
class Quota:
    """« Le matin, garder 2 temps de 15 min pour les urgences, libérés le jour même. »"""

    kind: Literal["keep", "most", "share"]
    amount: int
    """Times, visits, or percent of the open minutes."""
    reasons: frozenset[int] | None
    """None: visits of all reasons."""
    part: Literal["day", "morning", "afternoon", "half"] = "half"
    weekdays: int = 127
    """A bit a weekday, Monday first."""
    minutes: int = 0
    """For `keep`: length of each time kept."""
    release: Literal["never", "day", "notice"] = "never"
    release_hours: int = 0
    from_date: date = date.min
    to_date: date | None = None
    id: int = 0
    author: str = ""
    label: str = ""

    def in_force(self, day: date) -> bool:
        """Whether it speaks of that day."""
        return (
            bool(self.weekdays >> day.weekday() & 1)
            and self.from_date <= day
            and (self.to_date is None or day <= self.to_date)
        )

    def counts(self, reason: int) -> bool:
        """Whether a visit of that reason is one of its own."""
        return self.reasons is None or reason in self.reasons

    def window(self, minute: int, day: date, zone: str) -> tuple[int, int] | None:
        """The part of `day` that holds `minute`, in minutes of UTC; None when none does."""
        first, last = day_bounds(day, zone)
        noon = noon_of(day, zone)
        match self.part:
            case "day":
                return first, last
            case "morning":
                return (first, noon) if minute < noon else None
            case "afternoon":
                return (noon, last) if minute >= noon else None
        return (first, noon) if minute < noon else (noon, last)

    def released(self, minute: int, day: date, zone: str, at: int | None) -> bool:
        """Whether what it kept at `minute` of `day` is given to all, asked at minute `at`."""
        if at is None or self.release == "never":
            return False
        if self.release == "day":
            return at >= day_bounds(day, zone)[0]
        return at >= minute - self.release_hours * HOUR


def noon_of(day: date, zone: str) -> int:
    """The minute that ends the morning (no clock of the world changes at 13:00)."""
    return minutes_showing(day, NOON, zone)[0]


def room_for(stretches: Iterable[tuple[int, int]], minutes: int) -> int:
    """How many times of `minutes` fit in these free stretches, each from a five-minute line."""
    return sum(max(0, end - (start + -start % LINE)) // minutes for start, end in stretches)
