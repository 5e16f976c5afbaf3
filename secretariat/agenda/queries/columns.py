"""What higher rooms say in the heading of each column of the day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from secretariat.agenda.models import Agenda
from secretariat.core import panels
from secretariat.practice.models import Staff

PLACE = "agenda.columns"
"""Place where higher rooms hang {agenda: {ends: [{text, title, late, icon, css}]}}: when each
half-day should really end. `late`, `icon` and `css` only when it stands out."""


def headings(
    agendas: Sequence[Agenda], day: date, staff: Staff, at: datetime
) -> dict[int, dict[str, Any]]:
    """By agenda; those of which nobody says anything are absent."""
    found = panels.marks(PLACE, agendas=agendas, day=day, at=at, staff=staff)
    return dict(found)
