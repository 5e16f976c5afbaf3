"""Say who comes to a visit that another program gave without a sure patient."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda import telling
from secretariat.agenda.actions import placing
from secretariat.agenda.actions.moving import AlreadyCancelled
from secretariat.agenda.models import Appointment
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


class SomeoneElse(Refusal):
    """The visit is another patient's. Facts: appointment."""


@transaction.atomic
def attach_patient(
    *, appointment: Appointment, patient: Patient, by: Staff, at: datetime
) -> Appointment:
    """Give a visit its patient; asking twice does nothing more.

    Raises:
        SomeoneElse, AlreadyCancelled, NotAllowed, BadInput.
    """
    current = _current(appointment, by)
    if patient.practice_id != current.practice_id:
        raise BadInput("Choisissez un patient du cabinet.")
    if current.patient_id == patient.pk:
        return current
    if current.patient_id is not None:
        raise SomeoneElse(
            "Un autre poste a déjà rattaché ce rendez-vous à un patient : rien n’a été changé.",
            appointment=current,
        )
    current.patient = patient
    return _save(current, "agenda.attach", patient.pk, by, at)


@transaction.atomic
def detach_patient(*, appointment: Appointment, by: Staff, at: datetime) -> Appointment:
    """Take the patient off a visit that has a title of its own, when it was not the right one.

    Raises:
        AlreadyCancelled, NotAllowed, BadInput.
    """
    current = _current(appointment, by)
    patient_id = current.patient_id
    if patient_id is None:
        return current
    if not current.title:
        raise BadInput("Ce rendez-vous n’a pas de libellé : il ne peut pas rester sans patient.")
    telling.known(current, telling.STANDING, at)  # none of it is true of them
    current.patient = None
    return _save(current, "agenda.detach", patient_id, by, at)


def _current(appointment: Appointment, by: Staff) -> Appointment:
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de rattacher des rendez-vous.")
    placing.lock([appointment.agenda_id])
    current = placing.fresh(appointment.pk, appointment.practice_id)
    if current.cancelled_at is not None:
        raise AlreadyCancelled("Ce rendez-vous est annulé : rien n’a été changé.")
    return current


def _save(current: Appointment, verb: str, patient_id: int, by: Staff, at: datetime) -> Appointment:
    current.version += 1
    current.save(update_fields=["patient", "version"])
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb=verb, subject=current,
        patient_id=patient_id, starts_at=current.starts_at.isoformat(),
    )  # fmt: skip
    return current
