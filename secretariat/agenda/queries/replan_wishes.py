"""What patients whose visits are replanned told of days and hours, on the waiting list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from secretariat.agenda.local_time import clock_minutes, minute_of
from secretariat.agenda.models import Appointment, ReplanLine, Waiting
from secretariat.agenda.replanning.asked import Wishes


def wishes(lines: Sequence[ReplanLine], at: datetime) -> dict[int, Wishes]:
    """By line: one statement for all.

    The wait for that visit, or for the same reason, says all; another wait of the same patient
    only on which weekdays and at which hours they can come.
    """
    patients = {one.appointment.patient_id for one in lines if one.appointment.patient_id}
    if not patients:
        return {}
    standing = Waiting.objects.filter(
        practice_id=lines[0].practice_id, patient_id__in=patients, ended_at__isnull=True
    )
    by_patient: dict[int | None, list[Waiting]] = {}
    for wait in standing.order_by("-asked_at", "-pk"):
        by_patient.setdefault(wait.patient_id, []).append(wait)
    found = {}
    for line in lines:
        waits = by_patient.get(line.appointment.patient_id, [])
        if waits:
            nearest = max(waits, key=lambda wait: _about(wait, line.appointment))
            found[line.pk] = _told(nearest, line.appointment, at)
    return found


def _about(wait: Waiting, visit: Appointment) -> int:
    """2 for that very visit, 1 for the same reason."""
    return 2 if wait.visit_id == visit.pk else int(wait.reason_id == visit.reason_id)


def _told(wait: Waiting, visit: Appointment, at: datetime) -> Wishes:
    days = frozenset(n for n in range(7) if wait.weekdays >> n & 1)
    hours = [clock_minutes(one) if one else None for one in (wait.from_time, wait.to_time)]
    if not _about(wait, visit):
        return Wishes(days, from_clock=hours[0], to_clock=hours[1])
    notice = wait.notice_minutes
    soonest = minute_of(at + timedelta(minutes=notice), up=True) if notice else None
    return Wishes(days, wait.from_date, wait.to_date, soonest, hours[0], hours[1])
