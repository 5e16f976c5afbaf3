"""What the tests of screens send and read: a booking form, the notice and events of an answer."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from secretariat.agenda import actions
from secretariat.agenda.models import Appointment
from secretariat.practice.models import Staff
from tests.cast import NOW, House

HTMX = {"HX-Request": "true"}


def booking(house: House, clock: str = "09:00", **changes: Any) -> dict[str, Any]:
    """A booking form as Alice fills it: Dr Lefèvre, the day of the cast, a consultation."""
    form: dict[str, Any] = {
        "agenda": house.agendas["Lefèvre"].pk,
        "day": "2026-11-23",
        "clock": clock,
        "reason": house.reasons["Consultation"].pk,
        "title": "Visiteur médical",
        "form_token": str(uuid4()),
    }
    return form | changes


def book(house: House, by: Staff, starts_at: datetime, **how: Any) -> Appointment:
    """A time given to « Visiteur » in Dr Lefèvre's book, unless `how` says otherwise."""
    wanted: dict[str, Any] = {
        "agenda": house.agenda("Lefèvre"), "patient": None, "title": "Visiteur",
        "reason": house.reasons["Consultation"], "starts_at": starts_at, "by": by, "at": NOW,
    } | how  # fmt: skip
    return actions.book(**wanted)


def events(answer: Any) -> dict[str, Any]:
    """What the answer tells the page."""
    told: dict[str, Any] = json.loads(answer.headers.get("HX-Trigger", "{}"))
    return told


def undo_of(answer: Any) -> str:
    """Where « Annuler » of the answer's notice posts."""
    address: str = events(answer)["notice"]["undo"]
    return address
