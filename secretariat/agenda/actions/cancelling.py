"""Cancel a visit, and take the cancelling back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda import telling
from secretariat.agenda.actions import following, placing
from secretariat.agenda.actions.moving import as_given, standing
from secretariat.agenda.models import Appointment
from secretariat.agenda.wishes import Wish
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


@transaction.atomic
def cancel(
    *,
    appointment: Appointment,
    version: int,
    wanted_by: str,
    why: str,
    by: Staff,
    at: datetime,
    tell: bool = True,
) -> Appointment:
    """Cancel a visit.

    Args:
        wanted_by: one of `Appointment.CancelledFor`: patient, practice, mistake.
        why: a few words, may be empty.
        tell: promise the patient to tell them; False when something else does.

    Raises:
        AlreadyCancelled, ChangedMeanwhile, NotAllowed, BadInput.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas d’annuler des rendez-vous.")
    if wanted_by not in Appointment.CancelledFor.values:
        raise BadInput("Indiquez qui annule : le patient, le cabinet, ou une erreur de saisie.")
    placing.lock([appointment.agenda_id])
    current = standing(appointment, version)
    current.cancelled_at, current.cancelled_by = at, by
    current.cancelled_for, current.cancelled_why = wanted_by, why.strip()[:200]
    current.version += 1
    current.save()
    placing.give_rooms_back(current)
    if tell:
        telling.cancelled(current, by, at)
    following.cancelled(current, by, at)
    _note(current, "agenda.cancel", by, at, wanted_by=wanted_by)
    return current


@transaction.atomic
def restore(*, appointment: Appointment, by: Staff, at: datetime) -> Appointment:
    """Take a cancelling back, if the time is still free.

    Raises:
        TimeTaken: somebody else has it now; the visit stays cancelled.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de rétablir des rendez-vous.")
    placing.lock([appointment.agenda_id], appointment.reason_id)
    current = placing.fresh(appointment.pk, appointment.practice_id)
    if current.cancelled_at is None:
        return current
    alone = current.cancelled_by is not None and current.cancelled_by.role_key == "patient_link"
    current.cancelled_at, current.cancelled_by = None, None
    current.cancelled_for = current.cancelled_why = ""
    current.version += 1
    minutes = round((current.ends_at - current.starts_at).total_seconds() / 60)
    ask = as_given(current, minutes, at)
    wish = Wish(
        current.agenda, current.starts_at, ask, by, at, squeeze=current.squeezed,
        force=current.forced, ignoring=current.pk,
    )  # fmt: skip
    placing.write(current, wish, placing.rooms_again(wish))
    telling.restored(current, by, at, given_up_alone=alone)
    following.booked(current, by, at)
    _note(current, "agenda.restore", by, at)
    return current


def _note(appointment: Appointment, verb: str, by: Staff, at: datetime, **detail: str) -> None:
    daybook.note(
        practice_id=appointment.practice_id,
        by=by,
        at=at,
        verb=verb,
        subject=appointment,
        patient_id=appointment.patient_id,
        starts_at=appointment.starts_at.isoformat(),
        **detail,
    )
