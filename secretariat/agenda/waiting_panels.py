"""What the patient's page shows of the waiting list and of recalls."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from secretariat.agenda.queries import recalls, waiting
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.recall_words import due_words
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff


def patient_waits(*, staff: Staff, patient: Patient, at: datetime) -> dict[str, Any] | None:
    """The panel of a patient's page: what they wait for, when they are to be seen again."""
    if not staff.may("agenda.book"):
        return None
    return {
        "template": "agenda/_patient_waits.html",
        "patient": patient,
        "waiting": [waiting.line(one, at, DEFAULT_ZONE) for one in waiting.of_patient(patient)],
        "recalls": [(one, due_words(one)) for one in recalls.of_patient(patient, at)],
        "silent": recalls.silence_of(patient),
    }


def rail(staff: Staff, at: datetime) -> list[dict[str, Any]]:
    """Panel « rail »: freed times that are proposed to nobody yet."""
    if not staff.may("agenda.book"):
        return []
    return [
        {"label": "Créneaux à proposer", "icon": "hourglass", "kind": "waiting",
         "number": waiting.to_propose(staff.practice_id, at), "name": "agenda:waiting"},
    ]  # fmt: skip
