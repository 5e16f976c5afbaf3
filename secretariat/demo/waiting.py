"""Those who wait for a time, some times that came back, and those who are to be seen again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, time, timedelta
from random import Random

from secretariat.agenda.actions import cancel
from secretariat.agenda.actions.recalls import Due, attempt, recall
from secretariat.agenda.actions.waiting import Terms, enter
from secretariat.agenda.models import Agenda, Appointment
from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.demo.practices import House
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

WAITING, TO_SEE, FREED = 24, 40, 3
_TERMS = (
    Terms(),
    Terms(weekdays=0b0011111, from_time=time(14)),
    Terms(weekdays=0b0000100, note="Enfants à l’école le reste de la semaine"),
    Terms(to_time=time(12), notice_minutes=120),
    Terms(notice_minutes=1440),
)


def wait(house: House, patients: list[Patient], at: datetime, random: Random) -> None:
    """Fill the waiting list and the worklist of the month, then free some times."""
    desk = [staff for staff in house.staff.values() if staff.may("reception.work")]
    few = random.sample(patients, min(len(patients), WAITING + TO_SEE))
    for number, patient in enumerate(few[:WAITING]):
        _waits(house, patient, number, by=random.choice(desk), at=at, random=random)
    for patient in few[WAITING:]:
        _to_see(house, patient, random.choice(desk), at, random)
    _free_some(house, desk[0], at)


def _waits(
    house: House, patient: Patient, number: int, *, by: Staff, at: datetime, random: Random
) -> None:
    agenda = random.choice(house.agendas)
    reason = random.choice(house.reasons[agenda.pk][:2])
    doctor = agenda.practitioner
    since = at - timedelta(days=random.randrange(40), minutes=random.randrange(400))
    terms = random.choice(_TERMS)
    if number % 8 == 0:
        terms = Terms(priority=1, priority_by=doctor, priority_on=since.date())
    elif number % 3 == 0:
        terms = Terms(doctors=(doctor,), priority=2, priority_by=doctor, priority_on=since.date())
    with suppress(Refusal):
        enter(patient=patient, reason=reason, terms=terms, by=by, at=since)


def _to_see(house: House, patient: Patient, by: Staff, at: datetime, random: Random) -> None:
    agenda = random.choice(house.agendas)
    given = house.reasons[agenda.pk]
    # Nobody is asked to come back for an emergency, or for the first time.
    reason = random.choice([one for one in given if one.kind == "follow_up"] or given)
    today = clock.local_date(at, house.site.time_zone)
    due = Due(today + timedelta(days=random.randrange(-45, 60)), by_month=random.random() < 0.7)
    with suppress(Refusal):
        made = recall(
            patient=patient, reason=reason, due=due, practitioner=agenda.practitioner, by=by,
            at=at - timedelta(days=90),
        )  # fmt: skip
        if due.on < today:
            attempt(
                recalls=[made], how="phone", by=by, at=at - timedelta(days=random.randrange(1, 20)),
                outcome=random.choice(("no_answer", "voicemail", "will_call")),
            )  # fmt: skip


def _free_some(house: House, by: Staff, at: datetime) -> None:
    """A few visits of the coming days are cancelled by their patients."""
    for place, agenda in enumerate(house.agendas[:FREED]):
        visit = _coming(agenda, at + timedelta(days=1 + place))
        if visit is not None:
            cancel(
                appointment=visit, version=visit.version, wanted_by="patient", why="", by=by,
                at=at, tell=False,
            )  # fmt: skip


def _coming(agenda: Agenda, after: datetime) -> Appointment | None:
    visits = Appointment.objects.filter(
        agenda=agenda, starts_at__gte=after, cancelled_at=None, squeezed=False, group=None,
        patient__isnull=False,
    )  # fmt: skip
    return visits.order_by("starts_at").first()
