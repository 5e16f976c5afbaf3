"""What the agenda shows on the pages of lower rooms: a patient's visits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, Max, Min, Q, When

from secretariat.agenda.models import Appointment
from secretariat.core import clock
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

MOST_PAST = 3
MOST_COMING = 6


def last_and_next(
    *, practice_id: int, patient_ids: Sequence[int], at: datetime
) -> dict[int, dict[str, str]]:
    """For each patient the last day and the next time of a visit, on its site's clock.

    One statement, whatever the number of patients.
    """
    zone = F("agenda__site__time_zone")
    past, coming = Q(starts_at__lt=at), Q(starts_at__gte=at)
    found = (
        Appointment.objects.filter(
            practice_id=practice_id, patient_id__in=patient_ids, cancelled_at__isnull=True
        )
        .values("patient_id", zone=zone)
        .annotate(last=_moment(Max, past), next=_moment(Min, coming))
    )
    marks: dict[int, dict[str, Any]] = {}
    for line in found:
        mark = marks.setdefault(line["patient_id"], {})
        if line["last"]:
            mark["last"] = max(mark.get("last", line["last"]), line["last"])
        if line["next"] and line["next"] <= mark.get("next", line["next"]):
            mark["next"], mark["zone"] = line["next"], line["zone"]
        mark.setdefault("zone", line["zone"])
    return {pk: _in_words(mark) for pk, mark in marks.items()}


def _moment(kind: type[Max] | type[Min], when: Q) -> Max | Min:
    return kind(Case(When(when, then="starts_at"), output_field=DateTimeField()))


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
