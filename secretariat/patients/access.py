"""Open one file: fetched, authorised and traced in one call."""

from __future__ import annotations

from datetime import datetime, timedelta

from secretariat.patients.models import Patient
from secretariat.practice.doors import TracedAbsence
from secretariat.practice.models import Staff
from secretariat.privacy import register

STILL_OPEN = timedelta(hours=12)
"""A sheet left open refreshes itself for a day's work under the line of its opening."""


def patient_for(staff: Staff, pk: int, *, at: datetime, screen: str) -> Patient:
    """The patient `pk` for `staff`, written in the register of opened files.

    Args:
        at: when, UTC.
        screen: what was opened, in French, read later in « qui a ouvert ce dossier ».

    Raises:
        TracedAbsence: no such patient in the post's practice, or the post reads no files; a
            404 for the person, a line in the register.
    """
    patient = (
        Patient.objects.select_related("household", "usual_practitioner")
        .filter(pk=pk, practice_id=staff.practice_id)
        .first()
    )
    if patient is None or not staff.may("patients.read"):
        register.trace_denied(staff=staff, at=at, screen=f"{screen} (dossier {pk})")
        raise TracedAbsence
    register.trace(staff=staff, patient_id=patient.pk, at=at, screen=screen)
    return patient


def patient_still_open(staff: Staff, pk: int, *, at: datetime, screen: str) -> Patient:
    """The same for a sheet that refreshes itself: traced unless `staff` has it open already.

    Raises:
        TracedAbsence: as `patient_for`.
    """
    found = (
        Patient.objects.select_related("household", "usual_practitioner")
        .filter(pk=pk, practice_id=staff.practice_id)
        .first()
    )
    known = staff.may("patients.read") and register.opened_since(
        staff=staff, patient_id=pk, since=at - STILL_OPEN
    )
    return found if found and known else patient_for(staff, pk, at=at, screen=screen)
