"""One visit, with what its sheet shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from secretariat.agenda import history
from secretariat.agenda.models import Agenda, Appointment
from secretariat.core import panels
from secretariat.core.prepared import columns, fetch, row
from secretariat.patients.models import ContactPoint, Patient
from secretariat.patients.reaching import shown_phone
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry

SUBJECT = "agenda.appointment"
PANEL = "agenda.appointment.sheet"
"""Place where higher rooms hang a panel of the sheet: {template, context} or nothing."""


def appointments(practice_id: int) -> QuerySet[Appointment]:
    """The visits of a practice, with all that names one on screen."""
    return Appointment.objects.filter(practice_id=practice_id).select_related(
        "agenda__site", "agenda__practitioner", "reason", "patient", "created_by",
        "squeezed_by", "forced_by", "cancelled_by",
    )  # fmt: skip


def placed(practice_id: int, pk: int) -> Appointment:
    """A visit with its agenda and site, all that a notice says: fewer tables, sooner planned."""
    visits = Appointment.objects.filter(practice_id=practice_id)
    return visits.select_related("agenda__site").get(pk=pk)


def phones(patient: Patient) -> list[str]:
    """The patient's telephone numbers as read aloud, the first to ring first."""
    points = ContactPoint.objects.filter(
        practice_id=patient.practice_id, patient=patient, system=ContactPoint.System.PHONE
    )
    return [shown_phone(value) for value in points.order_by("rank").values_list("value", flat=True)]


def story(appointment: Appointment, agendas: Sequence[Agenda]) -> list[history.Line]:
    """What happened to a visit, oldest first, from the day book."""
    entries = (
        Entry.objects.filter(
            practice_id=appointment.practice_id,
            subject_kind=SUBJECT,
            subject_id=appointment.pk,
        )
        .order_by("number")
        .values_list("at", "by_name", "verb", "detail")
    )
    names = {agenda.pk: agenda.name for agenda in agendas}
    return history.told(entries, appointment.agenda.site.time_zone, names)


def other_visits(patient: Patient, at: datetime, *, but: int | None = None) -> list[Appointment]:
    """The next visits of a patient after `at`, so that none is given twice; five at most."""
    coming = Appointment.objects.filter(
        practice_id=patient.practice_id,
        patient=patient,
        starts_at__gte=at,
        cancelled_at__isnull=True,
    )
    if but is not None:
        coming = coming.exclude(pk=but)
    return list(coming.select_related("agenda__site", "reason").order_by("starts_at")[:5])


def hung_panels(appointment: Appointment, staff: Staff) -> list[dict[str, Any]]:
    """What higher rooms add to the sheet."""
    return panels.collect(PANEL, appointment=appointment, staff=staff)


def patient(practice_id: int, pk: int | None) -> Patient | None:
    """A patient of the practice, to write in a visit; None for anyone else's, or for nobody."""
    if pk is None or not 0 < pk < 2**63:
        return None
    found = fetch(
        f"SELECT {columns(Patient, 'p')} FROM patients_patient p"  # noqa: S608
        " WHERE practice_id = %s AND id = %s",
        [practice_id, pk],
    )
    return row(Patient, found[0]) if found else None
