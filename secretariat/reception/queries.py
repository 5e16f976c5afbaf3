"""What the rail and the agenda read of the day's passages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from secretariat.core.prepared import fetch
from secretariat.practice.models import Staff
from secretariat.reception.actions.visits import COLUMNS
from secretariat.reception.models import Call
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
_WAITING = """
SELECT arrived_at FROM reception_visit
 WHERE practice_id = %s AND arrived_at >= %s AND entered_at IS NULL AND left_at IS NULL
"""
_TELEPHONE = """
SELECT call_back_by FROM reception_call
 WHERE practice_id = %s AND settled_at IS NULL AND closed_at IS NOT NULL
   AND (call_back_by IS NOT NULL OR outcome = %s)
"""


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
    day = at.replace(hour=0, minute=0)
    waiting = [arrived for (arrived,) in fetch(_WAITING, [staff.practice_id, day])]
    waited = [int((at - arrived).total_seconds() // 60) for arrived in waiting]
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
    due = fetch(_TELEPHONE, [staff.practice_id, Call.Outcome.MESSAGE.value])
    promises = [by for (by,) in due if by is not None]
    late = sum(by < at for by in promises)
    return (len(promises), late), sum(by is None for (by,) in due)
