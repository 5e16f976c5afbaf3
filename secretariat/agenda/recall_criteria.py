"""Whom a campaign looks for: ages on the day, sex, usual practitioner, last visit. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Criteria:
    """What patients of a campaign have in common; None and "" for no matter."""

    age_from: int | None = None
    age_to: int | None = None
    """Both included, on the day the campaign is for."""
    sex: str = ""
    practitioner: int | None = None
    """Their usual one."""
    visited: int | None = None
    """A reason for which they came once, or not at all, see below."""
    not_since: date | None = None
    """They did not come for it since that day."""
    came_before: bool = False
    """They came for it at least once."""

    def born(self, on: date) -> tuple[date | None, date | None]:
        """Birth dates from the first (included) to the last (included) with these ages on `on`."""
        first = None if self.age_to is None else _after(years_before(on, self.age_to + 1))
        last = None if self.age_from is None else years_before(on, self.age_from)
        return first, last

    def written(self) -> dict[str, Any]:
        """As kept with the campaign."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value not in {None, "", False}
        }


def years_before(day: date, years: int) -> date:
    """The same day so many years before; the 29th of February becomes the 28th."""
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)
