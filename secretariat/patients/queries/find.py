"""Who is meant by what was typed, and who may already have a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from secretariat.core.prepared import columns, fetch, row
from secretariat.patients import search
from secretariat.patients.models import Patient
from secretariat.patients.queries.rows import Row, rows

MOST = 20
"""Lines of one answer: what an eye reads at once; more letters narrow it."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a search. `more` says that others answer it as well."""

    rows: list[Row]
    more: bool = False


def find(practice_id: int, text: str, *, at: datetime, today: date, most: int = MOST) -> Found:
    """The likeliest patients first, at most `most`."""
    ids = search.patient_ids(practice_id, text, today=today, most=most + 1)
    by_pk = _patients(practice_id, ids[:most])
    patients = [by_pk[pk] for pk in ids[:most] if pk in by_pk]
    return Found(rows(practice_id, patients, at, today), more=len(ids) > most)


def _patients(practice_id: int, pks: list[int]) -> dict[int, Patient]:
    sql = (
        f"SELECT {columns(Patient, 'p')} FROM patients_patient p"  # noqa: S608
        " WHERE p.practice_id = %s AND p.id = ANY(%s::bigint[])"
    )
    found = (row(Patient, values) for values in fetch(sql, [practice_id, pks])) if pks else ()
    return {patient.pk: patient for patient in found}


def patient(practice_id: int, pk: int | None) -> Patient | None:
    """A patient of the practice by key; None for anyone else's."""
    if pk is None:
        return None
    return Patient.objects.filter(practice_id=practice_id, pk=pk).first()
