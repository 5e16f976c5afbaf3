"""When someone who waits could come, and since when they wait, as one reads it aloud. Pure."""

from __future__ import annotations

from datetime import date, time

from secretariat.core.day_names import DAYS

EVERY_DAY, WORKING_DAYS = 0b1111111, 0b0011111
NOTICES = {
    0: "tout de suite",
    30: "une demi-heure",
    60: "une heure",
    120: "deux heures",
    240: "une demi-journée",
    1440: "la veille",
    2880: "deux jours",
}
"""How long before the visit a patient must know, in minutes."""


def when_words(
    weekdays: int,
    hours: tuple[time | None, time | None] = (None, None),
    dates: tuple[date | None, date | None] = (None, None),
    notice: int = 0,
) -> str:
    """« lundi, jeudi · après 14 h · avant le 12/12 · prévenir la veille »; « n’importe quand »."""
    parts = [_days(weekdays), _hours(*hours), _dates(*dates)]
    if notice:
        known = NOTICES.get(notice) or f"{notice} min"
        parts.append(f"prévenir {known}{' avant' if notice < 1440 else ''}")
    return " · ".join(part for part in parts if part) or "n’importe quand"


def waited(days: int) -> str:
    """« aujourd’hui », « 1 jour », « 12 jours »."""
    if days <= 0:
        return "aujourd’hui"
    return f"{days}\N{NO-BREAK SPACE}jour{'s' * (days > 1)}"


def _days(weekdays: int) -> str:
    if weekdays == EVERY_DAY:
        return ""
    if weekdays == WORKING_DAYS:
        return "en semaine"
    return ", ".join(day for n, day in enumerate(DAYS) if weekdays >> n & 1)


def _hours(first: time | None, last: time | None) -> str:
    if first and last:
        return f"de {_clock(first)} à {_clock(last)}"
    return f"après {_clock(first)}" if first else f"avant {_clock(last)}" if last else ""


def _dates(first: date | None, last: date | None) -> str:
    if first and last:
        return f"du {first:%d/%m} au {last:%d/%m}"
    return f"dès le {first:%d/%m}" if first else f"au plus tard le {last:%d/%m}" if last else ""


def _clock(when: time) -> str:
    minutes = f"\N{NO-BREAK SPACE}{when.minute:02d}" if when.minute else ""
    return f"{when.hour}\N{NO-BREAK SPACE}h{minutes}"
