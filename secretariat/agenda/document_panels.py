"""What a visit's sheet shows of the documents of its reason."""

from __future__ import annotations

from typing import Any

from secretariat.agenda.models import Appointment
from secretariat.agenda.queries import documents
from secretariat.practice.models import Staff


def to_hand(*, appointment: Appointment, staff: Staff) -> dict[str, Any] | None:
    """Panel of a visit's sheet: what its patient is handed, a key each."""
    found = documents.to_hand(appointment)
    if not found:
        return None
    handed = documents.handed(appointment)
    return {
        "template": "agenda/_to_hand.html",
        "documents": [(one, handed.get(one.pk)) for one in found],
        "visit": appointment,
        "left": sum(one.pk not in handed for one in found),
        "may_hand": staff.may("agenda.book") and appointment.cancelled_at is None,
    }
