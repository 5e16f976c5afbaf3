"""What a patient does by the link of a message: confirm, cancel in time, take another time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from secretariat.agenda import telling
from secretariat.agenda.actions.cancelling import cancel
from secretariat.agenda.actions.moving import AlreadyCancelled, ChangedMeanwhile, move, standing
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries.by_link import can_be_taken
from secretariat.core.refusal import Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


class TooLateByLink(Refusal):
    """The practice wants to be called now."""


class NotOffered(Refusal):
    """That time is not, or no longer, offered to this patient."""


_NO_LONGER = "Cette heure n’est plus proposée : choisissez-en une autre."


@contextmanager
def _said_to_a_patient() -> Iterator[None]:
    """What a desk reads of a refusal (whose agenda, who is away, who wrote the rule) is not for
    patients."""
    try:
        yield
    except AlreadyCancelled as no:
        raise AlreadyCancelled("Ce rendez-vous est déjà annulé : rien n’a été changé.") from no
    except ChangedMeanwhile as no:
        raise ChangedMeanwhile(
            "Le cabinet vient de changer ce rendez-vous : rien n’a été modifié, revoyez-le."
        ) from no
    except Refusal as no:
        raise NotOffered(_NO_LONGER) from no


@transaction.atomic
def confirm(*, appointment: Appointment, version: int, by: Staff, at: datetime) -> Appointment:
    """The patient says that they come, at this hour; said twice, it is said once.

    Raises:
        AlreadyCancelled, ChangedMeanwhile: it has another hour now.
    """
    with _said_to_a_patient():
        current = standing(appointment, version)
    if current.confirmed_at is None:
        current.confirmed_at = at
        current.save(update_fields=["confirmed_at"])
        telling.known(current, telling.HOURS, at)
        daybook.note(
            practice_id=current.practice_id, by=by, at=at, verb="agenda.confirm",
            subject=current, patient_id=current.patient_id,
        )  # fmt: skip
    return current


@transaction.atomic
def give_up(*, appointment: Appointment, version: int, by: Staff, at: datetime) -> Appointment:
    """The patient cancels, within the practice's limit.

    Raises:
        TooLateByLink, AlreadyCancelled, ChangedMeanwhile.
    """
    _in_time(appointment, at)
    with _said_to_a_patient():
        gone = cancel(
            appointment=appointment, version=version, by=by, at=at, tell=False,
            wanted_by=Appointment.CancelledFor.PATIENT, why="par le lien du message",
        )  # fmt: skip
    telling.known(gone, telling.STANDING, at)
    return gone


@transaction.atomic
def take(
    *, appointment: Appointment, version: int, starts_at: datetime, by: Staff, at: datetime
) -> Appointment:
    """The patient takes another of the times offered: the same visit, moved.

    The old hour keeps no message: the one that follows is a confirmation of the new one.

    Raises:
        TooLateByLink, NotOffered, TimeTaken, AlreadyCancelled, ChangedMeanwhile.
    """
    _in_time(appointment, at)
    if not can_be_taken(appointment, starts_at, by=by, at=at):
        raise NotOffered(_NO_LONGER)
    with _said_to_a_patient():
        moved = move(
            appointment=appointment, version=version, starts_at=starts_at, by=by, at=at, tell=False
        )
    telling.taken(moved, by, at)
    return moved


def _in_time(appointment: Appointment, at: datetime) -> None:
    hours = telling.rules_of(appointment.practice_id).cancel_hours
    if appointment.starts_at - at < timedelta(hours=hours):
        raise TooLateByLink(
            f"À moins de {hours} h du rendez-vous, appelez le cabinet : "
            "votre rendez-vous n’a pas été changé."
        )
