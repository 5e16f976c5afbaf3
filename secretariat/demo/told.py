"""Some patients to tell: a visit moved, another cancelled by the practice, a few not reached."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from secretariat.agenda.actions import cancel, move
from secretariat.agenda.actions.reminding import set_reminders
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries.by_link import other_times
from secretariat.agenda.reminder_times import When
from secretariat.core.refusal import Refusal
from secretariat.demo.practices import House
from secretariat.practice.models import Staff

MOVED, CANCELLED = 4, 2


def tell(house: House, at: datetime) -> None:
    """Visits of the days to come change: their patients must know.

    Half of the invented patients accept messages; the others are soon « non joints », which is
    what the list is for.
    """
    by = next(staff for staff in house.staff.values() if staff.may("agenda.rules"))
    set_reminders(
        reason=None, whens=[When(days=2, at_time=time(10)), When(hours=24)],
        silent=False, by=by, at=at,
    )  # fmt: skip
    coming = Appointment.objects.filter(
        practice_id=house.practice.pk, starts_at__gt=at + timedelta(days=1), cancelled_at=None,
        patient__isnull=False, group__isnull=True, resources_used__isnull=True,
    )  # fmt: skip
    visits = list(coming.select_related("agenda__site", "reason", "patient").order_by("starts_at"))
    for visit in visits[5 : 5 + CANCELLED * 9 : 9]:
        cancel(
            appointment=visit, version=visit.version, wanted_by="practice", by=by, at=at,
            why="réunion du cabinet",
        )  # fmt: skip
    for visit in visits[11 : 11 + MOVED * 7 : 7]:
        _move(visit, by, at)


def _move(visit: Appointment, by: Staff, at: datetime) -> None:
    """To the first other free time of the same agenda, a few days later."""
    found = other_times(visit, by=by, at=at, days_from=4)
    moments = [datetime.fromisoformat(line.value.partition("@")[2])
               for day in found.days for line in day.times]  # fmt: skip
    for moment in moments[:3]:
        try:
            move(appointment=visit, version=visit.version, starts_at=moment, by=by, at=at)
        except Refusal:
            continue
        return
