"""What the telephone's screens read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.models import Appointment
from secretariat.patients.models import ContactPoint, Patient
from secretariat.reception.models import Call

SHOWN = 300


def calls(practice_id: int) -> QuerySet[Call]:
    """Calls with the names a list shows."""
    return Call.objects.filter(practice_id=practice_id).select_related(
        "patient", "taken_by", "message_for", "appointment__agenda", "settled_by"
    )


def by_sheet(practice_id: int, sheet: UUID) -> Call | None:
    """The call of a sheet, if its first words are kept already."""
    return calls(practice_id).filter(sheet=sheet).first()


def of_day(practice_id: int, day: date, zone: str) -> list[Call]:
    """The calls of a local day, the latest first."""
    since, until = map(moment_of, day_bounds(day, zone))
    found = calls(practice_id).filter(started_at__gte=since, started_at__lt=until)
    return list(found.order_by("-started_at")[:SHOWN])


def to_settle(practice_id: int) -> list[Call]:
    """Promises and messages not yet dealt with, the most pressing first."""
    found = calls(practice_id).filter(closed_at__isnull=False, settled_at__isnull=True)
    found = found.filter(Q(call_back_by__isnull=False) | Q(outcome=Call.Outcome.MESSAGE))
    return sorted(found, key=lambda call: call.call_back_by or call.started_at + timedelta(days=99))


def addressed_to(practice_id: int, practitioner_id: int) -> list[Call]:
    """Messages for a practitioner, not yet dealt with, the most pressing first."""
    return [call for call in to_settle(practice_id) if call.message_for_id == practitioner_id]


def still_open(practice_id: int) -> list[Call]:
    """Sheets without an outcome."""
    found = calls(practice_id).filter(closed_at__isnull=True)
    return list(found.order_by("-started_at")[:SHOWN])


@dataclass(frozen=True, slots=True)
class Card:
    """What the one who answers may say about a patient."""

    patient: Patient
    contact_points: list[ContactPoint]
    household: list[Patient]
    coming: list[Appointment]
    last: Appointment | None


def card(patient: Patient, at: datetime) -> Card:
    """The caller's card: who lives with them, their next visits, the last one. Five queries."""
    own = Appointment.objects.filter(
        practice_id=patient.practice_id, patient=patient, cancelled_at__isnull=True
    ).select_related("agenda", "reason")
    household: list[Patient] = []
    if patient.household_id is not None:
        members = Patient.objects.filter(
            practice_id=patient.practice_id, household_id=patient.household_id
        ).exclude(pk=patient.pk)
        household = list(members.order_by("birth_date"))
    return Card(
        patient,
        list(patient.contact_points.order_by("rank", "pk")),
        household,
        list(own.filter(starts_at__gte=at).order_by("starts_at")[:5]),
        own.filter(starts_at__lt=at).order_by("-starts_at").first(),
    )


def patient(practice_id: int, pk: int) -> Patient | None:
    """A patient of the practice, to fill a sheet; None for anyone else's."""
    return Patient.objects.filter(practice_id=practice_id, pk=pk).first()


def known_by(practice_id: int, phone: str) -> list[Patient]:
    """Who can be reached at `phone` (E.164): the caller, or someone of their household."""
    if not phone:
        return []
    return list(
        Patient.objects.filter(
            practice_id=practice_id, contact_points__value=phone, deceased_on__isnull=True
        )
        .distinct()
        .order_by("birth_date")[:8]
    )
