"""What must be remembered about a visit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda.actions import placing
from secretariat.agenda.actions.moving import standing
from secretariat.agenda.models import Appointment
from secretariat.core.refusal import NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


@transaction.atomic
def write_note(
    *, appointment: Appointment, version: int, note: str, by: Staff, at: datetime
) -> Appointment:
    """Write the note of a visit again; what it said before is not kept.

    Args:
        version: the one the person saw.
        note: at most 500 signs; the day book says that it changed, not what it says.

    Raises:
        ChangedMeanwhile, AlreadyCancelled, NotAllowed.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas d’annoter des rendez-vous.")
    placing.lock([appointment.agenda_id])
    current = standing(appointment, version)
    current.note = " ".join(note.replace("\x00", "").split())[:500]
    current.version += 1
    current.save(update_fields=["note", "version"])
    daybook.note(
        practice_id=current.practice_id,
        by=by,
        at=at,
        verb="agenda.note",
        subject=current,
        patient_id=current.patient_id,
    )
    return current
