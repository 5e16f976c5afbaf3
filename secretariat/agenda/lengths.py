"""How long a visit lasts: the reason's length in that agenda, longer for some."""

from __future__ import annotations

from secretariat.agenda.models import Agenda, Appointment, VisitReason
from secretariat.core.prepared import fetch
from secretariat.core.refusal import BadInput, Refusal
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff


class NotForRemote(Refusal):
    """The reason is kept by the practice's own desk."""


class ReasonNotOffered(Refusal):
    """The reason is not offered in this agenda."""


def duration(
    agenda: Agenda, reason: VisitReason | None, by: Staff, patient: Patient | None = None
) -> int:
    """Minutes of a visit for `reason` in `agenda`, if `by` may book it there.

    Args:
        patient: lasts longer for someone whom the practitioner never saw, or who needs more time
            or an interpreter, when the reason says so.

    Raises:
        BadInput, ReasonNotOffered, NotForRemote.
    """
    if reason is None:
        raise BadInput("Choisissez un motif, ou une durée.")
    offer = fetch(
        _OFFER,
        {"agenda": agenda.pk, "reason": reason.pk, "patient": patient.pk if patient else None},
    )
    if not offer or not reason.active:
        raise ReasonNotOffered(
            f"« {reason.name} » n’est pas proposé dans l’agenda de {agenda.name}."
        )
    if by.role_key == "remote_secretary" and not reason.bookable_by_remote:
        raise NotForRemote(
            f"« {reason.name} » est donné par le cabinet seulement : prenez un message."
        )
    [(minutes, first_minutes, seen)] = offer
    usual = minutes or reason.minutes
    if patient is None:
        return int(usual)
    if not seen:
        usual = first_minutes or reason.first_minutes or usual
    return int(usual) + more_minutes(reason, patient)


_OFFER = """
SELECT offer.minutes, offer.first_minutes, EXISTS (
    SELECT FROM agenda_appointment AS visit
    JOIN agenda_agenda AS theirs ON theirs.id = visit.agenda_id
    WHERE visit.practice_id = offer.practice_id AND visit.patient_id = %(patient)s::bigint
      AND visit.cancelled_at IS NULL AND theirs.practitioner_id = agenda.practitioner_id)
FROM agenda_offeredreason AS offer JOIN agenda_agenda AS agenda ON agenda.id = offer.agenda_id
WHERE offer.agenda_id = %(agenda)s AND offer.reason_id = %(reason)s
"""


def more_minutes(reason: VisitReason, patient: Patient) -> int:
    """What is added for someone who needs more time or an interpreter."""
    slow = patient.needs_more_time or patient.needs_interpreter
    return reason.more_minutes if slow else 0


def practitioners_seen(patient: Patient) -> set[int]:
    """The practitioners of the practice with whom the patient has, or had, a visit that stands."""
    visits = Appointment.objects.filter(
        practice_id=patient.practice_id, patient=patient, cancelled_at__isnull=True
    )
    return set(visits.values_list("agenda__practitioner_id", flat=True).distinct())
