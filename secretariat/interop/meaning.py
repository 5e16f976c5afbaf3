"""What an entry of a calendar becomes here: a visit, taken time, an absence, or nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from secretariat.interop.calendar_plan import Meant
from secretariat.interop.ical.expanding import Occurrence
from secretariat.interop.ical.guessing import Guess, guess

WITHOUT_LENGTH = timedelta(minutes=15)
_LONGEST = timedelta(days=1)


class Sort(StrEnum):
    """What an entry becomes; the value is what the screen says."""

    VISIT = "Rendez-vous"
    BLOCK = "Temps pris"
    ABSENCE = "Absence"
    LEFT = "Laissé"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The sort of an entry, why in French, what it tells of a patient, and its times here."""

    sort: Sort
    reason: str
    guess: Guess
    starts_at: datetime
    ends_at: datetime


def meaning(entry: Occurrence, meant: Meant, today: date) -> Meaning:
    """What `entry` becomes.

    Args:
        meant: what a person said of the whole calendar.
        today: local date.
    """
    told = guess(
        entry.summary, entry.description, all_day=entry.all_day, today=today, busy=entry.busy
    )
    sort, reason = _sort(entry, told, meant, today)
    return Meaning(sort, reason, told, *_times(entry))


def _sort(entry: Occurrence, told: Guess, meant: Meant, today: date) -> tuple[Sort, str]:
    """The first rule that applies."""
    if entry.all_day:
        return _whole_day(entry, today)
    rules: tuple[tuple[bool, Sort, str], ...] = (
        (not entry.busy, Sort.LEFT, "Marqué « disponible » dans l’agenda d’origine."),
        (entry.ends_at - entry.starts_at > _LONGEST, Sort.ABSENCE, "Dure plus d’un jour."),
        (meant == "visits", Sort.VISIT, "Tout le calendrier est fait de rendez-vous."),
        (meant == "blocks", Sort.BLOCK, "Tout le calendrier est du temps pris."),
        (told.kind == "visit", Sort.VISIT, told.reason),
        (
            told.kind == "unknown" and bool(told.words),
            Sort.VISIT,
            "Peut-être un nom : à reconnaître.",
        ),
    )
    found = ((sort, reason) for applies, sort, reason in rules if applies)
    return next(found, (Sort.BLOCK, told.reason))


def _whole_day(entry: Occurrence, today: date) -> tuple[Sort, str]:
    """Whole days are often marked free by their program: then the title must say « congés »."""
    if entry.busy:
        return Sort.ABSENCE, "Journée entière."
    named = guess(entry.summary, "", today=today)
    if named.kind == "block" and entry.summary.strip():
        return Sort.ABSENCE, named.reason
    return Sort.LEFT, "Journée entière marquée « disponible »."


def _times(entry: Occurrence) -> tuple[datetime, datetime]:
    """Whole minutes; an entry without length gets one."""
    start = entry.starts_at.replace(second=0, microsecond=0)
    end = entry.ends_at
    if end.second or end.microsecond:
        end = end.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return start, end if end > start else start + WITHOUT_LENGTH


def fingerprint(entry: Occurrence, sort: Sort) -> str:
    """A digest of all that the file says of an entry, and of what it was taken for."""
    said = (
        entry.starts_at.isoformat(), entry.ends_at.isoformat(), str(entry.cancelled),
        entry.summary, entry.description, sort.name,
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()
