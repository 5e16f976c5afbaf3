"""School holidays by zone (A, B, C), from the library `vacances-scolaires-france`.

Past the last year the ministry has published, no day is a holiday: a rule « sauf vacances » then
stays open, and the day it is published it closes by itself.
"""

from datetime import date
from functools import lru_cache

from vacances_scolaires_france import SchoolHolidayDates

ZONES = ("A", "B", "C")
"""What `Site.school_zone` may hold, besides "" for none."""


@lru_cache(maxsize=4)
def _days(zone: str) -> frozenset[date]:
    if zone not in ZONES:
        return frozenset()
    known = SchoolHolidayDates().data
    return frozenset(day for day, row in known.items() if row[f"vacances_zone_{zone.lower()}"])


def is_school_holiday(day: date, zone: str) -> bool:
    """Whether schools of the zone are closed for holidays that day; False without a zone."""
    return bool(zone) and day in _days(zone)


def last_known_day() -> date:
    """The last day that the published calendars tell of."""
    return max(day for zone in ZONES for day in _days(zone))
