"""What follows a visit given, moved or cancelled: who waited, who was to be seen again, what is
free again. A statement each, in the transaction of the deed; nothing when it concerns nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from secretariat.agenda.models import Appointment, FreedTime
from secretariat.core import clock
from secretariat.core.prepared import fetch
from secretariat.practice.models import Staff

# A recall is closed by a visit for its reason that is not much too early. Someone who waits is
# served when the visit comes by the day they named; otherwise the visit is one to be moved earlier.
_BOOKED = """
WITH recalled AS (
    UPDATE agenda_recall AS recall SET closed_at = %(at)s, closed_by_id = %(by)s,
           outcome = 'booked', appointment_id = %(visit)s
    WHERE practice_id = %(practice)s AND patient_id = %(patient)s AND reason_id = %(reason)s
      AND closed_at IS NULL AND due_on - tolerance_days <= %(day)s::date
    RETURNING id
), served AS (
    UPDATE agenda_waiting AS waiting SET version = version + 1, visit_id = %(visit)s,
           ended_at = CASE WHEN to_date >= %(day)s::date THEN %(at)s::timestamptz END,
           ended_by_id = CASE WHEN to_date >= %(day)s::date THEN %(by)s::bigint END,
           outcome = CASE WHEN to_date >= %(day)s::date THEN 'booked' ELSE '' END
    WHERE practice_id = %(practice)s AND patient_id = %(patient)s AND reason_id = %(reason)s
      AND ended_at IS NULL AND (visit_id IS NULL OR EXISTS (
          SELECT FROM agenda_appointment AS former
          WHERE former.id = waiting.visit_id AND former.cancelled_at IS NOT NULL))
    RETURNING id
)
SELECT (SELECT count(*) FROM recalled), (SELECT count(*) FROM served)
"""
_REOPENED = """
WITH again AS (
    UPDATE agenda_recall AS recall SET closed_at = NULL, closed_by_id = NULL, outcome = '',
           appointment_id = NULL
    WHERE practice_id = %(practice)s AND appointment_id = %(visit)s AND NOT EXISTS (
        SELECT FROM agenda_recall AS other WHERE other.practice_id = recall.practice_id
        AND other.patient_id = recall.patient_id AND other.reason_id = recall.reason_id
        AND other.closed_at IS NULL)
    RETURNING id
)
SELECT count(*) FROM again
"""
# Written only where someone waits for a reason of that agenda: most cancellings cost a look.
_FREED = """
INSERT INTO agenda_freedtime (practice_id, agenda_id, starts_at, ends_at, why, visit_id, state,
                              passes_on, sheet, freed_at, freed_by_id)
SELECT %(practice)s, %(agenda)s, %(starts)s, %(ends)s, %(why)s, %(visit)s, 'open', false,
       %(sheet)s, %(at)s, %(by)s
WHERE EXISTS (
    SELECT FROM agenda_waiting AS waiting JOIN agenda_offeredreason AS offered
      ON offered.reason_id = waiting.reason_id AND offered.agenda_id = %(agenda)s
    WHERE waiting.practice_id = %(practice)s AND waiting.ended_at IS NULL)
ON CONFLICT DO NOTHING RETURNING id
"""


JUST_GIVEN = timedelta(minutes=15)
"""A visit taken back so soon was a slip: its time was never really taken."""


def booked(visit: Appointment, by: Staff, at: datetime) -> None:
    """A visit was given, or given back: the recall of its reason is closed, the wait served.

    Args:
        visit: with its agenda and site.
    """
    if visit.patient_id is None or visit.reason_id is None or visit.starts_at <= at:
        return
    fetch(_BOOKED, {
        "practice": visit.practice_id, "patient": visit.patient_id, "reason": visit.reason_id,
        "visit": visit.pk, "by": by.pk, "at": at,
        "day": clock.local_date(visit.starts_at, visit.agenda.site.time_zone),
    })  # fmt: skip


def cancelled(visit: Appointment, by: Staff, at: datetime) -> None:
    """A visit is cancelled: its time may be proposed, its recall is open again."""
    if visit.patient_id is not None:
        fetch(_REOPENED, {"practice": visit.practice_id, "visit": visit.pk})
    slip = visit.cancelled_for == "mistake" and at - visit.created_at < JUST_GIVEN
    if not visit.squeezed and not slip:
        _free(visit, place_of(visit), why="cancelled", by=by, at=at)


class Place(NamedTuple):
    """Where a visit stands, before it moves."""

    agenda_id: int
    starts_at: datetime
    ends_at: datetime
    squeezed: bool
    """Beside another visit: leaving it frees no time."""


def place_of(visit: Appointment) -> Place:
    """Where it stands now."""
    return Place(visit.agenda_id, visit.starts_at, visit.ends_at, visit.squeezed)


def moved(visit: Appointment, stood: Place, by: Staff, at: datetime) -> None:
    """A visit left a place: it may be proposed, unless the visit covers some of it still."""
    same = stood.agenda_id == visit.agenda_id
    if same and visit.starts_at < stood.ends_at and stood.starts_at < visit.ends_at:
        return
    if not stood.squeezed:
        _free(visit, stood, why="moved", by=by, at=at)


def _free(visit: Appointment, place: Place, *, why: str, by: Staff, at: datetime) -> None:
    assert why in FreedTime.Why.values  # noqa: S101 (written past the model layer)
    if place.starts_at <= at:
        return
    fetch(_FREED, {
        "practice": visit.practice_id, "agenda": place.agenda_id,
        "starts": place.starts_at, "ends": place.ends_at, "why": why,
        "visit": visit.pk, "sheet": uuid4(), "at": at, "by": by.pk,
    })  # fmt: skip
