"""What the agenda shows on the pages of lower rooms: a patient's visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from secretariat.agenda.models import Appointment
from secretariat.core import clock
from secretariat.core.prepared import fetch
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

MOST_PAST = 3
MOST_COMING = 6
# Each patient by the index (practice, patient, start), one row each way: asked for all at once, a
# plan made for the average practice of a big host reads every visit of the biggest one.
_ONE = """
LEFT JOIN LATERAL (
    SELECT visit.starts_at, site.time_zone
    FROM agenda_appointment visit
    JOIN agenda_agenda agenda ON agenda.id = visit.agenda_id
    JOIN practice_site site ON site.id = agenda.site_id
    WHERE visit.practice_id = %(practice)s AND visit.patient_id = wanted.id
      AND visit.cancelled_at IS NULL AND visit.starts_at {which}
    LIMIT 1
) AS {name} ON true
"""
_LAST_AND_NEXT = (
    "SELECT wanted.id, last.starts_at, last.time_zone, next.starts_at, next.time_zone,"  # noqa: S608
    " NOT EXISTS (SELECT FROM patients_contactpoint point WHERE point.patient_id = wanted.id"
    " AND (point.accepts_calls OR point.accepts_messages))"
    " FROM unnest(%(patients)s::bigint[]) AS wanted(id)"
    + _ONE.format(which="< %(at)s ORDER BY visit.starts_at DESC", name="last")
    + _ONE.format(which=">= %(at)s ORDER BY visit.starts_at", name="next")
)


_HELD = """
SELECT agenda_id, starts_at::text, ends_at::text FROM agenda_hold
WHERE practice_id = %s AND staff_id <> %s AND expires_at > %s ORDER BY 1, 2
"""


def times_held(*, staff: Staff) -> str | None:
    """Changes with the times that colleagues keep while they type: no deed tells them."""
    held = fetch(_HELD, [staff.practice_id, staff.pk, clock.now()])
    return str(crc32(repr(held).encode())) if held else None


def last_and_next(
    *, practice_id: int, patient_ids: Sequence[int], at: datetime
) -> dict[int, dict[str, str]]:
    """For each patient the last day and the next time of a visit, on its site's clock, and whether
    nobody could call or write to them.

    One statement, whatever the number of patients.
    """
    found = fetch(
        _LAST_AND_NEXT, {"at": at, "practice": practice_id, "patients": list(patient_ids)}
    )
    marks: dict[int, dict[str, str]] = {}
    for patient, last, last_zone, following, zone, mute in found:
        mark = marks[patient] = {}
        if last:
            mark["last_visit"] = f"{clock.local(last, last_zone):%d/%m/%Y}"
        if following:
            mark["next_visit"] = f"{clock.local(following, zone):%d/%m/%Y %H:%M}"
        if mute:
            mark["no_way"] = "Aucun moyen de joindre"
    return {patient: mark for patient, mark in marks.items() if mark}


def patient_visits(*, staff: Staff, patient: Patient, at: datetime) -> dict[str, Any] | None:
    """The panel of a patient's page: what is to come, what was; None without the right."""
    if not staff.may("agenda.read"):
        return None
    visits = Appointment.objects.filter(
        practice_id=patient.practice_id, patient=patient
    ).select_related("agenda__site", "reason")
    coming = visits.filter(starts_at__gte=at, cancelled_at__isnull=True).order_by("starts_at")
    past = visits.filter(starts_at__lt=at).order_by("-starts_at")
    return {
        "template": "agenda/_patient_visits.html",
        "patient": patient,
        "coming": [_shown(visit) for visit in coming[:MOST_COMING]],
        "past": [_shown(visit) for visit in past[:MOST_PAST]],
        "may_book": staff.may("agenda.book"),
    }


def _shown(visit: Appointment) -> dict[str, Any]:
    return {"visit": visit, "at": clock.local(visit.starts_at, visit.agenda.site.time_zone)}
