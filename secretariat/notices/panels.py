"""What this room shows on the pages of others: the ledger, the addresses that said STOP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from secretariat.notices.queries import ledger, writable
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Staff

MOST = 6


def patient_ledger(*, staff: Staff, patient: Patient, at: datetime) -> dict[str, Any] | None:
    """Panel « patients.page »: what the patient was told, the latest first."""
    if not staff.may("notices.read"):
        return None
    lines = ledger.of_patient(patient.practice_id, patient.pk, MOST + 1)
    return {
        "template": "notices/_patient_ledger.html",
        "patient": patient,
        "lines": lines[:MOST],
        "more": len(lines) > MOST,
        "why_not": writable.why_not(patient.practice_id, patient.pk),
    }


def stopped_points(*, staff: Staff, points: Sequence[ContactPoint]) -> dict[int, dict[str, Any]]:
    """Panel « patients.points »: which ways to reach someone asked for no more messages."""
    if not points or not staff.may("notices.read"):
        return {}
    stops = writable.stops(staff.practice_id, [point.value for point in points])
    may = staff.may("notices.work")
    return {
        point.pk: {
            "template": "notices/_stop.html", "point": point, "stop": stops.get(point.value),
            "may": may,
        }
        for point in points
    }  # fmt: skip
