"""Whole days away that a calendar tells, written through the agenda's own verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from secretariat.agenda.actions.absences import AlreadyAway, absent, cancel_absence
from secretariat.agenda.models import Absence, Agenda
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.interop.queries import visitors
from secretariat.practice.models import Staff


@dataclass(frozen=True, slots=True)
class Away:
    """The absence written; none when one covers it already, or when `clash` says why not."""

    absence_id: int | None = None
    clash: str = ""


class Absences:
    """The absences of one agenda."""

    def __init__(self, agenda: Agenda, by: Staff, at: datetime) -> None:
        self._agenda, self._by, self._at = agenda, by, at

    def take(self, label: str, starts_at: datetime, ends_at: datetime) -> Away:
        """Write an absence, unless it is known."""
        try:
            away = absent(
                agenda=self._agenda, starts_at=starts_at, ends_at=ends_at,
                label=label or "Absence", by=self._by, at=self._at,
            )  # fmt: skip
        except AlreadyAway as refusal:
            standing: Absence = refusal.facts["absence"]
            if standing.starts_at <= starts_at and standing.ends_at >= ends_at:
                return Away()
            return Away(clash=f"Absence {self._said(starts_at, ends_at)} : {refusal.sentence}")
        except BadInput as refusal:
            return Away(clash=refusal.sentence)
        return Away(away.absence.pk)

    def cancel(self, pk: int) -> None:
        """The calendar tells it no longer."""
        absence = visitors.absence(self._agenda.practice_id, pk)
        if absence is not None:
            cancel_absence(absence=absence, by=self._by, at=self._at)

    def _said(self, starts_at: datetime, ends_at: datetime) -> str:
        zone = self._agenda.site.time_zone
        first, last = clock.local(starts_at, zone), clock.local(ends_at, zone)
        return f"du {first:%d/%m/%Y à %H:%M} au {last:%d/%m/%Y à %H:%M}"
