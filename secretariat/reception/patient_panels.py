"""What the reception knows of a patient, shown where a time is given."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from secretariat.agenda.models import Appointment
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.reception.models import Visit

LOOKED_BACK = timedelta(days=365)
REPEATED = 2
"""Once may happen to anyone."""


def call_sheet(*, staff: Staff) -> str | None:
    """Panel « notices.call »: where a new call sheet opens; takes patient, phone and request."""
    return reverse("reception:new_call") if staff.may("reception.work") else None


def no_shows(*, patient: Patient, staff: Staff, at: datetime) -> list[dict[str, str]] | None:
    """Panel « agenda.patient.warnings »: visits that the patient missed; one statement."""
    if not staff.may("reception.read"):
        return None
    given = Appointment.objects.filter(
        practice_id=patient.practice_id, patient=patient,
        starts_at__gte=at - LOOKED_BACK, starts_at__lt=at,
    )  # fmt: skip
    missed = Visit.objects.filter(
        practice_id=patient.practice_id, appointment__in=given, missed_at__isnull=False
    ).count()
    if missed < REPEATED:
        return None
    came = "venue" if patient.sex == Patient.Sex.FEMALE else "venu"
    return [{"icon": "user-off", "words": f"N’est pas {came} {missed} fois en 12 mois."}]
