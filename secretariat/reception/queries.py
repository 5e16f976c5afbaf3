"""What the rail and the agenda read of the day's passages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from secretariat.core.prepared import fetch
from secretariat.practice.models import Staff
from secretariat.reception.actions.visits import COLUMNS
from secretariat.reception.models import Call, Visit
from secretariat.reception.steps import STATES, state_of, too_long, waiting_minutes

# The event classes of the agenda screen, see docs/design.md.
_CLASSES = {
    "expected": "st-expected", "arrived": "st-arrived", "called": "st-called",
    "entered": "st-inside", "left": "st-left", "missed": "st-absent",
}  # fmt: skip
# The passages begun among some visits.
_BEGUN = f"""
SELECT appointment_id, {", ".join(COLUMNS)} FROM reception_visit
 WHERE practice_id = %s AND appointment_id = ANY(%s::bigint[])
"""  # noqa: S608 - constants of this room


def appointment_marks(
    practice_id: int, appointment_ids: list[int], at: datetime
) -> dict[int, dict[str, Any]]:
    """Panel « agenda.appointment »: each visit's state, for the agenda screen."""
    marks: dict[int, dict[str, Any]] = {}
    for pk, *moments in fetch(_BEGUN, [practice_id, appointment_ids]):
        passed = dict(zip(COLUMNS, moments, strict=True))
        state = state_of(passed)
        waited = waiting_minutes(passed, at)
        word, icon = STATES[state]
        css = "st-late-wait" if too_long(waited) else _CLASSES[state]
        marks[pk] = {"state": state, "word": word, "icon": icon, "css": css, "waited": waited}
    return marks


def rail(staff: Staff, at: datetime) -> list[dict[str, Any]]:
    """Panel « rail »: who waits too long, what was promised on the telephone."""
    if not staff.may("reception.read"):
        return []
    waiting = Visit.objects.filter(
        practice_id=staff.practice_id,
        arrived_at__isnull=False,
        arrived_at__gte=at.replace(hour=0, minute=0),
        entered_at__isnull=True,
        left_at__isnull=True,
    ).values_list("arrived_at", flat=True)
    waited = [int((at - arrived).total_seconds() // 60) for arrived in waiting if arrived]
    door = [
        {"label": "Attend depuis plus de 15 min", "icon": "alarm", "kind": "urgent",
         "number": sum(map(too_long, waited)), "name": "reception:day"},
        {"label": "En salle d’attente", "icon": "armchair", "kind": "waiting",
         "number": len(waited), "name": "reception:day"},
    ]  # fmt: skip
    return door + (_promises(staff, at) if staff.may("reception.work") else [])


def _promises(staff: Staff, at: datetime) -> list[dict[str, Any]]:
    """What was promised on the telephone, for those who may open the list."""
    promised, messages = _telephone(staff, at)
    return [
        {"label": "Rappels promis", "icon": "phone-outgoing", "number": promised[0],
         "kind": "urgent" if promised[1] else "waiting", "name": "reception:calls"},
        {"label": "Messages à transmettre", "icon": "message", "kind": "waiting",
         "number": messages, "name": "reception:calls"},
    ]  # fmt: skip


def _telephone(staff: Staff, at: datetime) -> tuple[tuple[int, int], int]:
    """(promises to keep, those already late), and messages not yet dealt with."""
    open_calls = Call.objects.filter(
        practice_id=staff.practice_id, settled_at__isnull=True, closed_at__isnull=False
    ).filter(Q(call_back_by__isnull=False) | Q(outcome=Call.Outcome.MESSAGE))
    due = list(open_calls.values_list("call_back_by", "outcome"))
    promises = [by for by, _ in due if by is not None]
    late = sum(by < at for by in promises)
    return (len(promises), late), sum(by is None for by, _ in due)
