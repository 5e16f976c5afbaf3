"""What the agenda and the room of notices show of each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from secretariat.agenda import announcements
from secretariat.agenda.models import Appointment, VisitReason
from secretariat.notices.kinds import Facts
from secretariat.notices.models import Notice
from secretariat.notices.queries import ledger, writable
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

KINDS = ("visit.", "replan.")
"""The kinds of notice whose `about_id` is a visit."""


def visit_ledger(*, appointment: Appointment, staff: Staff) -> dict[str, Any] | None:
    """Panel of a visit's sheet: what its patient was told of it."""
    if appointment.patient_id is None or not staff.may("notices.read"):
        return None
    lines = ledger.about(appointment.practice_id, KINDS, [appointment.pk])
    return {"template": "notices/_visit_ledger.html", "lines": lines} if lines else None


def not_writable(*, patient: Patient, staff: Staff, at: datetime) -> list[dict[str, str]] | None:
    """Panel « agenda.patient.warnings »: no message can reach this patient."""
    why = writable.why_not(patient.practice_id, patient.pk)
    if not why:
        return None
    return [{"icon": "message-off", "words": f"{why} Dire l’heure de vive voix, l’imprimer."}]


def example(*, practice_id: int, patient_id: int | None, at: datetime) -> Facts | None:
    """Panel « notices.example »: the next visit of a patient, or of the practice."""
    coming = Appointment.objects.filter(
        practice_id=practice_id, starts_at__gt=at, cancelled_at__isnull=True,
        patient_id__isnull=False,
    )  # fmt: skip
    if patient_id is not None:
        coming = coming.filter(patient_id=patient_id)
    visit = coming.select_related("agenda__site").order_by("starts_at").first()
    if visit is None:
        return None
    before = visit.starts_at - timedelta(hours=2)
    invented = Notice(
        detail={"before": before.isoformat(), "minutes": 30},
        answer_by=visit.starts_at - timedelta(days=1),
    )
    return announcements.facts_of(invented, visit)


def reasons(*, practice_id: int) -> list[str]:
    """Panel « notices.forbidden_words »: no message names a reason."""
    return list(VisitReason.objects.filter(practice_id=practice_id).values_list("name", flat=True))
