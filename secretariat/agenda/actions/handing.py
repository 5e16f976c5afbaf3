"""Documents handed over at the desk: the day book keeps it, and nothing else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda.actions import placing
from secretariat.agenda.models import Appointment, InstructionDocument
from secretariat.agenda.queries import documents
from secretariat.core.refusal import NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


@transaction.atomic
def hand_over(*, appointment: Appointment, by: Staff, at: datetime) -> list[InstructionDocument]:
    """The patient of a visit was given its documents by hand; those given before are not again.

    Raises:
        NotAllowed.
    """
    _allowed(by)
    placing.lock([appointment.agenda_id])
    before = documents.handed(appointment)
    given = [one for one in documents.to_hand(appointment) if one.pk not in before]
    if given:
        _note(
            appointment, documents.HANDED, by, at,
            documents=[one.pk for one in given], titles=[one.title for one in given],
        )  # fmt: skip
    return given


@transaction.atomic
def take_back(*, appointment: Appointment, by: Staff, at: datetime) -> bool:
    """It was noted by mistake: whether there was something to take back.

    Raises:
        NotAllowed.
    """
    _allowed(by)
    placing.lock([appointment.agenda_id])
    if not documents.handed(appointment):
        return False
    _note(appointment, documents.NOT_HANDED, by, at)
    return True


def _allowed(by: Staff) -> None:
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de noter une remise de documents.")


def _note(
    appointment: Appointment, verb: str, by: Staff, at: datetime, **detail: list[int] | list[str]
) -> None:
    daybook.note(
        practice_id=appointment.practice_id, by=by, at=at, verb=verb, subject=appointment,
        patient_id=appointment.patient_id, **detail,
    )  # fmt: skip
