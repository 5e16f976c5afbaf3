"""Dates as French people, programs and spreadsheets write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .refusals import BadValue
from .rows import Cell

OLDEST = 130
"""Years: nobody in a file is older."""
_FRANCE = ZoneInfo("Europe/Paris")
_EXCEL_EPOCH = date(1899, 12, 30)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou aug august",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_HOUR = re.compile(r"[T ]+\d{1,2}[:h]\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?(Z|[+-]\d{2}:?\d{2})?$", re.I)
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$")
_YEAR_FIRST = re.compile(r"^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})$")
_NAMED = re.compile(r"^(?:[a-z]+ )?(\d{1,2})(?:er)?[ \-/.]*([a-z]+)\.?[ \-/.]*(\d{4}|\d{2})$")


def past_date(cell: Cell, today: date) -> date | None:
    """A date that is not in the future, or None for an empty cell.

    Args:
        cell: `12/03/1985`, `12-03-85`, `1985-03-12`, `19850312`, `12 mars 1985`, a spreadsheet's
            day number (`31118`) or native date. Two figures for the year mean the latest
            year that is not in the future.
        today: local date of the import.

    Raises:
        BadValue: not a date, ambiguous, in the future, or more than `OLDEST` years ago.
    """
    if isinstance(cell, datetime):
        found: date | None = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        found = _read(cell, today)
    if found is None:
        return None
    if found > today:
        raise BadValue(f"La date « {_shown(cell)} » est dans le futur.")
    if found.year < today.year - OLDEST:
        raise BadValue(f"La date « {_shown(cell)} » est trop ancienne (plus de {OLDEST} ans).")
    return found


def unknown_day(cell: Cell, today: date) -> tuple[date, str] | None:
    """The date to keep for `00/03/1950` or `00/00/1950`, and the remark to make; else None.

    EXI ID 11 and 12: unknown day → the 1st; unknown day and month → 31 December.
    """
    if not isinstance(cell, str):
        return None
    text = _HOUR.sub("", cell.strip())
    if match := _DAY_FIRST.match(text):
        day, month, year = match.groups()
    elif match := _YEAR_FIRST.match(text):
        year, month, day = match.groups()
    else:
        return None
    if int(day) or len(year) != 4 or int(month) > 12 or not 0 < today.year - int(year) < OLDEST:
        return None
    if int(month):
        return date(
            int(year), int(month), 1
        ), "jour de naissance inconnu, enregistré au 1er du mois"
    return date(int(year), 12, 31), "jour et mois de naissance inconnus, enregistrés au 31 décembre"


def _read(text: str, today: date) -> date | None:
    text = " ".join(text.split())
    if not text:
        return None
    if _INSTANT.match(text):
        return _local_day(text)
    plain = _HOUR.sub("", text)
    if match := _DAY_FIRST.match(plain):
        day, month, year = match.groups()
        return _date(text, _year(year, int(month), int(day), today), int(month), int(day))
    if match := _YEAR_FIRST.match(plain):
        return _date(text, int(match[1]), int(match[2]), int(match[3]))
    if plain.isascii() and plain.isdigit():
        return _only_figures(plain, today)
    flat = unicodedata.normalize("NFKD", plain.lower())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    match = _NAMED.match(flat)
    if match and match[2] in _MONTHS:
        month_number, day_number = _MONTHS[match[2]], int(match[1])
        year_number = _year(match[3], month_number, day_number, today)
        return _date(text, year_number, month_number, day_number)
    raise BadValue(f"« {_shown(text)} » n’est pas une date.")


def _local_day(text: str) -> date:
    """Programs that store a birth date as an instant write 11 March 23:00 UTC for the 12th."""
    try:
        return datetime.fromisoformat(text).astimezone(_FRANCE).date()
    except (ValueError, OverflowError):
        raise BadValue(f"La date « {_shown(text)} » n’existe pas.") from None


def _only_figures(text: str, today: date) -> date:
    if len(text) == 8:
        if 1800 <= int(text[:4]) <= today.year and int(text[4:6]) in range(1, 13):
            return _date(text, int(text[:4]), int(text[4:6]), int(text[6:]))
        return _date(text, int(text[4:]), int(text[2:4]), int(text[:2]))
    if len(text) == 4 and 1850 <= int(text) <= today.year:
        raise BadValue(f"« {text} » n’est qu’une année : il manque le jour et le mois.")
    if len(text) in (4, 5):
        return _EXCEL_EPOCH + timedelta(days=int(text))
    raise BadValue(f"« {_shown(text)} » n’est pas une date.")


def _year(text: str, month: int, day: int, today: date) -> int:
    """Two figures mean the latest year that does not put the date in the future."""
    if len(text) == 4:
        return int(text)
    year = today.year // 100 * 100 + int(text)
    return year - 100 if (year, month, day) > (today.year, today.month, today.day) else year


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        swapped = month > 12 and 1 <= day <= 12
        why = " (jour et mois inversés ?)" if swapped else ""
        raise BadValue(f"La date « {_shown(text)} » n’existe pas{why}.") from None


def _shown(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return cell.strip()[:40]
