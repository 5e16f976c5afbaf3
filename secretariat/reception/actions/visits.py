"""Arrivals and the waiting room."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from secretariat.agenda import actions as agenda_actions
from secretariat.agenda.actions import placing
from secretariat.agenda.models import Agenda, Appointment, VisitReason
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy import daybook
from secretariat.reception.models import Visit, VisitStep
from secretariat.reception.steps import STATES, STEPS, last_step, state_of

COLUMNS = tuple(step.column for step in STEPS.values())


class StepNotPossible(Refusal):
    """The passage is not where the person thought; another desk was quicker. Facts: state."""


def times(visit: Visit | None) -> dict[str, datetime | None]:
    """The times of a passage by column; all empty for one not begun."""
    return {column: getattr(visit, column, None) for column in COLUMNS}


@transaction.atomic
def step(*, appointment: Appointment, key: str, by: Staff, at: datetime) -> Visit:
    """Take a passage one step further: arrive, call, enter, leave, miss.

    Doing again the step just done (double click, two desks) answers the same visit.

    Raises:
        StepNotPossible: the step does not follow the present state.
        NotAllowed, BadInput.
    """
    wanted = STEPS.get(key)
    if wanted is None:
        raise BadInput("Cette étape n’existe pas.")
    _allowed(by)
    visit = _held(appointment)
    state = state_of(times(visit))
    if state == wanted.state:
        return visit
    if state not in wanted.after:
        words = STATES[state][0].lower()
        raise StepNotPossible(f"Ce patient est « {words} » : rien n’a été changé.", state=state)
    if key == "arrive":
        visit.missed_at = None
    setattr(visit, wanted.column, at)
    visit.version += 1
    visit.save()
    VisitStep.objects.create(practice_id=visit.practice_id, visit=visit, step=key, at=at, by=by)
    _note(visit, f"reception.{key}", by, at)
    return visit


@transaction.atomic
def undo(*, appointment: Appointment, by: Staff, at: datetime) -> Visit:
    """Take the last step back; its line stays, marked as undone.

    Raises:
        StepNotPossible: there is nothing to take back.
    """
    _allowed(by)
    visit = _held(appointment)
    last = last_step(times(visit))
    if last is None:
        raise StepNotPossible("Il n’y a rien à annuler pour ce patient.", state="expected")
    setattr(visit, last.column, None)
    visit.version += 1
    visit.save()
    done = visit.steps.filter(step=last.key, undone_at__isnull=True).order_by("-pk").first()
    if done is not None:
        done.undone_at = at
        done.save(update_fields=["undone_at"])
    _note(visit, "reception.undo", by, at, step=last.key)
    return visit


@transaction.atomic
def walk_in(
    *, agenda: Agenda, patient: Patient, reason: VisitReason | None, by: Staff, at: datetime
) -> Visit:
    """Someone comes without an appointment: squeezed in now, and already in the waiting room.

    Args:
        agenda: who will see them.
        reason: may be unknown; the visit then counts 15 minutes.
    """
    now = at.replace(second=0, microsecond=0)
    now -= timedelta(minutes=now.minute % 5)
    appointment = agenda_actions.book(
        agenda=agenda,
        patient=patient,
        reason=reason,
        minutes=None if reason else 15,
        starts_at=now,
        squeeze=True,
        force=by.may("agenda.force"),
        by=by,
        at=at,
    )
    visit = step(appointment=appointment, key="arrive", by=by, at=at)
    visit.unexpected = True
    visit.save(update_fields=["unexpected"])
    return visit


def _allowed(by: Staff) -> None:
    if not (by.may("reception.work") or by.may("reception.call_in")):
        raise NotAllowed("Votre rôle ne permet pas de tenir l’accueil.")


def _held(appointment: Appointment) -> Visit:
    """The passage of this appointment, held until commit; made at its first step."""
    placing.fresh(appointment.pk, appointment.practice_id)  # two desks wait for each other here
    if Appointment.objects.filter(pk=appointment.pk, cancelled_at__isnull=False).exists():
        raise StepNotPossible("Ce rendez-vous est annulé : rien n’a été changé.", state="cancelled")
    visit, _ = Visit.objects.get_or_create(
        appointment=appointment, defaults={"practice_id": appointment.practice_id}
    )
    return visit


def _note(visit: Visit, verb: str, by: Staff, at: datetime, **detail: str) -> None:
    daybook.note(
        practice_id=visit.practice_id,
        by=by,
        at=at,
        verb=verb,
        subject=visit,
        patient_id=visit.appointment.patient_id,
        appointment=visit.appointment_id,
        **detail,
    )
