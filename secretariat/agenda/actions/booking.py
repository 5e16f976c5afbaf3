"""Give a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda.actions import placing
from secretariat.agenda.models import Agenda, Appointment, OfferedReason, VisitReason
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff


class NotForRemote(Refusal):
    """The reason is kept by the practice's own desk."""


class ReasonNotOffered(Refusal):
    """The reason is not offered in this agenda."""


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
) -> Appointment:
    """Give `patient` a time, or block it under a `title`.

    Args:
        agenda: whose book; with its site.
        reason: gives the duration unless `minutes` does.
        starts_at: aware, whole minute.
        squeeze: « entre deux », beside another visit, under `by`'s name.
        force: outside the rules, under `by`'s name, for those allowed.

    Raises:
        TimeTaken, OutsideHours, NotAllowed, ReasonNotOffered, NotForRemote, BadInput.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de donner des rendez-vous.")
    if patient is None and not title.strip():
        raise BadInput("Indiquez le patient, ou ce qui bloque ce temps.")
    length = minutes or duration(agenda, reason, by)
    placing.lock([agenda.pk])
    rule = placing.check(agenda, starts_at, length, by=by, squeeze=squeeze, force=force)
    appointment = Appointment(
        practice_id=agenda.practice_id,
        agenda=agenda,
        patient=patient,
        reason=reason,
        title=title.strip()[:200],
        starts_at=starts_at,
        ends_at=placing.ends(starts_at, length),
        note=note.strip()[:500],
        created_at=at,
        created_by=by,
        **placing.marks(squeeze=squeeze, rule=rule, by=by),
    )
    placing.write(appointment.save, placing.refuse_taken(agenda, starts_at, length))
    placing.note(appointment, "agenda.book", by, at)
    return appointment


def duration(agenda: Agenda, reason: VisitReason | None, by: Staff) -> int:
    """Minutes of a visit for `reason` in `agenda`, if `by` may book it there."""
    if reason is None:
        raise BadInput("Choisissez un motif, ou une durée.")
    offer = OfferedReason.objects.filter(agenda=agenda, reason=reason).first()
    if offer is None or not reason.active:
        raise ReasonNotOffered(
            f"« {reason.name} » n’est pas proposé dans l’agenda de {agenda.name}."
        )
    if by.role_key == "remote_secretary" and not reason.bookable_by_remote:
        raise NotForRemote(
            f"« {reason.name} » est donné par le cabinet seulement : prenez un message."
        )
    return offer.minutes or reason.minutes
