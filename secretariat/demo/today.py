"""A living today: some have left, some wait, one doctor runs late, the telephone has rung."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from secretariat.agenda.actions.openings import add_exception
from secretariat.agenda.models import Agenda, Appointment
from secretariat.core import clock
from secretariat.demo.practices import House
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.reception.actions import answer, close, jot, step

_REQUESTS = (
    ("Demande un renouvellement d’ordonnance", "message", "Renouvellement à préparer, merci."),
    ("Résultats de prise de sang", "message", "Voudrait connaître ses résultats."),
    ("Horaires du cabinet", "informed", ""),
    ("S’est trompé de numéro", "nothing", ""),
    ("Doit décaler son rendez-vous", "message", "Rappeler pour un autre jour."),
)


def open_if_closed(house: House, today: date, at: datetime) -> None:
    """A demonstration tried on a Sunday or at night still shows people at work.

    Opens the agendas around the present hour when the weekly hours leave it shut.
    """
    by = next(staff for staff in house.staff.values() if staff.may("agenda.rules"))
    zone = house.site.time_zone
    local = clock.local(at, zone)
    if today.weekday() < 5 and time(9) <= local.time() <= time(17, 30):
        return
    first = max(0, min(local.hour - 3, 16))
    for agenda in house.agendas:
        add_exception(
            agenda=agenda, date=today, kind="open", starts=time(first), by=by, at=at,
            ends=time(min(23, first + 8)), label="Ouverture pour la démonstration",
        )  # fmt: skip


def live(house: House, patients: list[Patient], today: date, at: datetime, random: Random) -> None:
    """Bring the passages up to the present moment, and let the telephone ring."""
    by = next(staff for staff in house.staff.values() if staff.may("reception.work"))
    for position, agenda in enumerate(house.agendas):
        # The second doctor of the house runs forty minutes late.
        _passages(agenda, house.site.time_zone, today, at, by, late=40 if position == 1 else 5)
    _telephone(house, patients, at, by, random)


def _passages(
    agenda: Agenda, zone: str, today: date, at: datetime, by: Staff, *, late: int
) -> None:
    since = datetime.combine(today, time(0), ZoneInfo(zone))
    visits = Appointment.objects.filter(
        agenda=agenda, starts_at__gte=since, starts_at__lt=since + timedelta(days=1),
        cancelled_at__isnull=True,
    ).order_by("starts_at")  # fmt: skip
    for number, visit in enumerate(visits):
        arrived = visit.starts_at - timedelta(minutes=(3, 11, 6, 0, 8)[number % 5])
        entered = visit.starts_at + timedelta(minutes=late + number % 4)
        left = entered + (visit.ends_at - visit.starts_at)
        if number % 17 == 9 and visit.ends_at < at:
            step(appointment=visit, key="miss", by=by, at=visit.ends_at)
            continue
        for key, moment in (("arrive", arrived), ("enter", entered), ("leave", left)):
            if moment > at:
                break
            step(appointment=visit, key=key, by=by, at=max(moment, arrived))


def _telephone(
    house: House, patients: list[Patient], at: datetime, by: Staff, random: Random
) -> None:
    for number, (request, outcome, message) in enumerate(_REQUESTS):
        rang = at - timedelta(minutes=130 - number * 25)
        patient = random.choice(patients)
        phone = (
            patient.contact_points.filter(system="phone").values_list("value", flat=True).first()
        )
        call = answer(by=by, at=rang, caller_phone=phone or "")
        call = jot(
            call=call, version=call.version, by=by, at=rang, patient=patient,
            caller_name=str(patient), request=request, message=message,
        )  # fmt: skip
        promise = at + timedelta(minutes=20 * number - 10) if outcome == "message" else None
        doctor = house.agendas[number % len(house.agendas)].practitioner
        close(
            call=call, version=call.version, outcome=outcome, by=by, at=rang + timedelta(minutes=3),
            message_for=doctor if outcome == "message" else None, call_back_by=promise,
        )  # fmt: skip
