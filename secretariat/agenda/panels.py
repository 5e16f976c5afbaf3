"""What the agenda shows on the pages of lower rooms: a patient's visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from secretariat.agenda.models import Appointment
from secretariat.core import clock
from secretariat.core.prepared import fetch
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

MOST_PAST = 3
MOST_COMING = 6
_LAST_AND_NEXT = """
SELECT visit.patient_id, site.time_zone,
       max(visit.starts_at) FILTER (WHERE visit.starts_at < %s),
       min(visit.starts_at) FILTER (WHERE visit.starts_at >= %s)
  FROM agenda_appointment visit
  JOIN agenda_agenda agenda ON agenda.id = visit.agenda_id
  JOIN practice_site site ON site.id = agenda.site_id
 WHERE visit.practice_id = %s AND visit.patient_id = ANY(%s::bigint[])
   AND visit.cancelled_at IS NULL
 GROUP BY visit.patient_id, site.time_zone
"""


def last_and_next(
    *, practice_id: int, patient_ids: Sequence[int], at: datetime
) -> dict[int, dict[str, str]]:
    """For each patient the last day and the next time of a visit, on its site's clock.

    One statement, whatever the number of patients.
    """
    found = fetch(_LAST_AND_NEXT, [at, at, practice_id, list(patient_ids)])
    marks: dict[int, dict[str, Any]] = {}
    for patient, zone, last, following in found:
        mark = marks.setdefault(patient, {})
        if last:
            mark["last"] = max(mark.get("last", last), last)
        if following and following <= mark.get("next", following):
            mark["next"], mark["zone"] = following, zone
        mark.setdefault("zone", zone)
    return {pk: _in_words(mark) for pk, mark in marks.items()}


def _in_words(mark: dict[str, Any]) -> dict[str, str]:
    words = {}
    if "last" in mark:
        words["last_visit"] = f"{clock.local(mark['last'], mark['zone']):%d/%m/%Y}"
    if "next" in mark:
        words["next_visit"] = f"{clock.local(mark['next'], mark['zone']):%d/%m/%Y %H:%M}"
    return words


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
