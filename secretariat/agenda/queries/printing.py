"""The day on paper: each one's visits in order, with what is needed when the line is down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from secretariat.agenda import loading
from secretariat.agenda.day_shape import closed_times
from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.models import Agenda, Appointment
from secretariat.agenda.queries.desk import kept_for
from secretariat.core import clock
from secretariat.patients.models import ContactPoint
from secretariat.patients.naming import shown_given_name
from secretariat.patients.reaching import shown_phone
from secretariat.practice.models import Staff


def sheets(agendas: Sequence[Agenda], day: date, staff: Staff) -> list[dict[str, Any]]:
    """One sheet an agenda, plain text only: five statements.

    Args:
        agendas: with their sites.
        day: local day.
        staff: who prints; names are for those who may read patients.
    """
    facts = {one.agenda_id: one for one in loading.facts(agendas, day, 1, visits=False)}
    reasons = kept_for(facts.values())
    visits = _visits(agendas, day)
    phones = _phones(staff.practice_id, [one.patient_id for one in visits if one.patient_id])
    named = staff.may("patients.read")
    pages = []
    for agenda in agendas:
        rows = [
            _line(one, agenda.site.time_zone, phones, named)
            for one in visits
            if one.agenda_id == agenda.pk
        ]
        shut = closed_times(facts[agenda.pk], day, reasons)
        closed = [one.words for one in shut if one.kind != "hours"]
        pages.append(
            {
                "name": agenda.name,
                "site": agenda.site.name,
                "count": f"{len(rows)} rendez-vous",
                "closed": " · ".join(dict.fromkeys(closed)),
                "visits": rows,
            }
        )
    return pages


def _visits(agendas: Sequence[Agenda], day: date) -> list[Appointment]:
    if not agendas:
        return []
    bounds = [day_bounds(day, agenda.site.time_zone) for agenda in agendas]
    return list(
        Appointment.objects.filter(
            practice_id=agendas[0].practice_id,
            agenda_id__in=[agenda.pk for agenda in agendas],
            starts_at__gte=moment_of(min(first for first, _ in bounds)),
            starts_at__lt=moment_of(max(last for _, last in bounds)),
            cancelled_at__isnull=True,
        )
        .select_related("patient", "reason")
        .order_by("starts_at", "pk")
    )


def _phones(practice_id: int, patient_ids: Sequence[int]) -> dict[int, str]:
    """The first telephone number of each patient."""
    found: dict[int, str] = {}
    points = ContactPoint.objects.filter(
        practice_id=practice_id, patient_id__in=patient_ids, system=ContactPoint.System.PHONE
    ).order_by("rank")
    for patient, value in points.values_list("patient_id", "value"):
        found.setdefault(patient, shown_phone(value))
    return found


def _line(one: Appointment, zone: str, phones: dict[int, str], named: bool) -> dict[str, str]:
    patient = one.patient
    return {
        "starts": _clock(one.starts_at, zone),
        "ends": _clock(one.ends_at, zone),
        "name": _name(one, named),
        "born": f"({patient.birth_date:%d/%m/%Y})" if patient and named else "",
        "phone": phones.get(patient.pk, "") if patient and named else "",
        "reason": one.reason.name if one.reason else "",
        "signs": ", ".join(_signs(one)),
    }


def _name(one: Appointment, named: bool) -> str:
    if one.patient is None:
        return one.title
    given = shown_given_name(one.patient.shown_given_name)
    return f"{one.patient.shown_name} {given}" if named else "Rendez-vous"


def _signs(one: Appointment) -> list[str]:
    """What must not be missed on paper either."""
    known = (("entre deux", one.squeezed), ("hors règles", one.forced))
    signs = [word for word, is_so in known if is_so]
    if patient := one.patient:
        if patient.needs_interpreter:
            signs.append(f"interprète : {patient.needs_interpreter}")
        said = (
            ("fauteuil roulant", patient.needs_wheelchair),
            ("sourd ou malentendant", patient.is_deaf),
            ("plus de temps", patient.needs_more_time),
        )
        signs += [word for word, is_so in said if is_so]
    return signs


def _clock(moment: datetime, zone: str) -> str:
    return f"{clock.local(moment, zone):%H:%M}"
