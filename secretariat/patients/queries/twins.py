"""Files that the one being typed may double, shown before anything is created."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from secretariat.patients import search
from secretariat.patients.matching import Likeness, Person
from secretariat.patients.models import Patient
from secretariat.patients.queries.rows import Row, rows

MOST = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """A file that may be the newcomer's, and why."""

    row: Row
    why: str
    grave: bool


def likely(
    practice_id: int, newcomer: Person, *, at: datetime, today: date, most: int = MOST
) -> list[Twin]:
    """Files that resemble `newcomer`, the likeliest first."""
    found = search.likely_duplicates(practice_id, newcomer, most=most)
    by_pk = Patient.objects.filter(practice_id=practice_id).in_bulk([d.patient_id for d in found])
    patients = [by_pk[one.patient_id] for one in found]
    return [
        Twin(row, one.likeness.value, one.likeness in {Likeness.SAME, Likeness.LIKELY})
        for row, one in zip(rows(practice_id, patients, at, today), found, strict=True)
    ]


def same(practice_id: int, patients: Sequence[Patient], *, at: datetime, today: date) -> list[Twin]:
    """Files with the very traits of the newcomer."""
    shown = rows(practice_id, patients, at, today)
    return [Twin(row, Likeness.SAME.value, True) for row in shown]
