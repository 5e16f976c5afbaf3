"""When a visit is reminded. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

LATE_BY = timedelta(hours=20)
"""A reminder later than this (the worker was off) is not sent: the next one, or none."""


@dataclass(frozen=True, slots=True)
class When:
    """So many days before at an hour of the local clock, or so many hours before.

    Either `days` and `at_time`, or `hours`.
    """

    days: int | None = None
    at_time: time | None = None
    hours: int | None = None

    @property
    def key(self) -> str:
        """« d2-1000 » or « h24 »: the same reminder, the same key."""
        if self.hours is not None:
            return f"h{self.hours}"
        return f"d{self.days}-{self.at_time:%H%M}"

    @property
    def words(self) -> str:
        """« 2 jours avant, à 10 h 00 », « 24 h avant »."""
        if self.hours is not None:
            return f"{self.hours} h avant"
        days = "la veille" if self.days == 1 else f"{self.days} jours avant"
        assert self.at_time is not None  # noqa: S101 (for mypy)
        return f"{days}, à {self.at_time.hour} h {self.at_time:%M}"

    @property
    def reach(self) -> timedelta:
        """How far before the visit, at most."""
        if self.hours is not None:
            return timedelta(hours=self.hours)
        return timedelta(days=(self.days or 0) + 1)

    def missed(self, moment: datetime, at: datetime) -> bool:
        """Whether it is too late for this reminder: the worker was off for long."""
        allowed = min(LATE_BY, timedelta(hours=self.hours / 2)) if self.hours else LATE_BY
        return at - moment > allowed


DEFAULT = (When(days=2, at_time=time(10)),)
"""Until the practice says otherwise."""


def due(starts_at: datetime, zone: str, when: When) -> datetime:
    """The moment of the reminder of a visit, UTC; its hour is the local one, whatever the season.

    Args:
        starts_at: of the visit, UTC.
        zone: IANA name of the site's clock.
    """
    if when.hours is not None:
        return starts_at - timedelta(hours=when.hours)
    here = ZoneInfo(zone)
    day = starts_at.astimezone(here).date() - timedelta(days=when.days or 0)
    return datetime.combine(day, when.at_time or time(10), here).astimezone(UTC)
