"""Give a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda import loading, telling
from secretariat.agenda.actions import following, placing
from secretariat.agenda.actions.holding import let_go
from secretariat.agenda.lengths import duration
from secretariat.agenda.models import Agenda, Appointment, VisitGroup, VisitReason
from secretariat.agenda.wishes import Wish
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff


@transaction.atomic
def book(
    *,
    agenda: Agenda,
    patient: Patient | None,
    reason: VisitReason | None,
    starts_at: datetime,
    by: Staff,
    at: datetime,
    minutes: int | None = None,
    title: str = "",
    note: str = "",
    squeeze: bool = False,
    force: bool = False,
    group: VisitGroup | None = None,
    sheet: str = "",
    tell: bool = True,
) -> Appointment:
    """Give `patient` a time, or block it under a `title`.

    Args:
        agenda: whose book; with its site.
        reason: gives the duration unless `minutes` does, the minutes around and the rooms.
        starts_at: aware, whole minute.
        squeeze: « entre deux », beside another visit, under `by`'s name; takes no room.
        force: outside the rules, under `by`'s name, for those allowed.
        group: the chain, household or series it belongs to.
        sheet: the one that held the time: the hold ends here.
        tell: promise the patient a confirmation.

    Raises:
        TimeTaken, OutsideHours, NotAllowed, ReasonNotOffered, NotForRemote, BadInput.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de donner des rendez-vous.")
    if not (patient or title.strip()):
        raise BadInput("Indiquez le patient, ou ce qui bloque ce temps.")
    # A length of one's own does not make a reason one that is given here.
    usual = duration(agenda, reason, by, patient) if reason or not minutes else None
    placing.lock([agenda.pk], reason.pk if reason else None)
    wheelchair = bool(patient and patient.needs_wheelchair)
    ask = loading.ask(reason, minutes or usual or 0, at=at, wheelchair=wheelchair)
    wish = Wish(agenda, starts_at, ask, by, at, squeeze=squeeze, force=force)
    place = placing.check(wish)
    appointment = _visit(wish, place, patient, reason)
    appointment.title, appointment.note = title.strip()[:200], note.strip()[:500]
    appointment.group = group
    placing.write(appointment, wish, place)
    _after(appointment, sheet, tell)
    return appointment


def _after(appointment: Appointment, sheet: str, tell: bool) -> None:
    """What follows a visit given: its hold ends, its patient will know, the day book says it."""
    by, at = appointment.created_by, appointment.created_at
    if sheet:
        let_go(sheet=sheet, by=by)
    if tell:
        telling.booked(appointment, by, at)
    following.booked(appointment, by, at)
    placing.note(appointment, "agenda.book", by, at)


def _visit(
    wish: Wish, place: placing.Place, patient: Patient | None, reason: VisitReason | None
) -> Appointment:
    return Appointment(
        practice_id=wish.agenda.practice_id,
        agenda=wish.agenda,
        patient=patient,
        reason=reason,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        minutes_before=wish.ask.before,
        minutes_after=wish.ask.after,
        created_at=wish.at,
        created_by=wish.by,
        **placing.marks(squeeze=wish.squeeze, rule=place.rule, by=wish.by),
    )
