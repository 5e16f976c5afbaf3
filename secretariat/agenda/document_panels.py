"""What a visit's sheet shows of the documents of its reason."""

from __future__ import annotations

from typing import Any

from secretariat.agenda.models import Appointment
from secretariat.agenda.queries import documents
from secretariat.practice.models import Staff


def to_hand(*, appointment: Appointment, staff: Staff) -> dict[str, Any] | None:
    """Panel of a visit's sheet: what its patient is handed, a key each."""
    found = documents.to_hand(appointment)
    return {"template": "agenda/_to_hand.html", "documents": found} if found else None
