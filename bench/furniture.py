"""The measured practice, its people and its rules, made by the product's own actions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction

from bench.load import BEHIND, PRACTITIONERS, House
from secretariat.agenda.actions.agendas import open_agenda
from secretariat.agenda.actions.openings import set_rule
from secretariat.agenda.actions.reasons import add_reason, offer
from secretariat.agenda.models import VisitReason
from secretariat.core import scope
from secretariat.practice import actions as practice
from secretariat.practice.models import Practice, Site, Staff, User

HOURS = ((time(8), time(12, 30)), (time(13, 30), time(18, 30)))
DESKS = 8
"""Secretaries, each with a session of her own."""
PASSWORD = "Chaque-soir-la-pluie-3"  # noqa: S105 - of a database thrown away


def furnish(at: datetime, today: date) -> House:
    """Open the practice: 20 practitioners open every day, holidays included."""
    made = practice.open_practice(name="Cabinet mesuré", slug="mesure", colour=2, at=at)
    scope.apply([made.pk])
    with transaction.atomic():
        site = practice.add_site(
            practice=made, name="Cabinet mesuré", by=None, at=at, closes_on_holidays=False
        )
        desks = [_desk(made, number, at) for number in range(DESKS)]
        by = desks[0]
        reasons = [
            add_reason(name=name, minutes=minutes, by=by, at=at, position=position)
            for position, (name, minutes) in enumerate((("Consultation", 15), ("Bilan", 240)))
        ]
        agendas = [
            _agenda(site, number, reasons, by=by, today=today, at=at)
            for number in range(PRACTITIONERS)
        ]
    house = House(made.pk, by.pk, tuple(agendas), reasons[0].pk, reasons[1].pk)
    scope.close()
    return replace(house, first_patient=1)


def login(number: int) -> str:
    """The login of desk `number`."""
    return f"bureau{number}"


def found() -> House:
    """The practice of a folder that was kept."""
    with scope.scope([1]), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM agenda_agenda ORDER BY position")
        agendas = tuple(pk for (pk,) in cursor.fetchall())
        reasons = list(VisitReason.objects.order_by("position").values_list("pk", flat=True))
        staff = Staff.objects.order_by("pk").values_list("pk", flat=True)[0]
    return House(1, staff, agendas, reasons[0], reasons[1], first_patient=1)


def _desk(made: Practice, number: int, at: datetime) -> Staff:
    user: User = practice.create_login(login=login(number), password=PASSWORD)
    return practice.engage(
        practice=made, user=user, role_key="secretary", display_name=f"Bureau {number}",
        by=None, at=at,
    )  # fmt: skip


def _agenda(
    site: Site, number: int, reasons: list[VisitReason], *, by: Staff, today: date, at: datetime
) -> int:
    doctor = practice.add_practitioner(
        practice=by.practice, family_name=f"Praticien {number + 1}", speciality="Médecine générale",
        by=by, at=at,
    )  # fmt: skip
    agenda = open_agenda(
        practitioner=doctor, site=site, by=by, at=at, position=number, colour=number % 8 + 1
    )
    for weekday in range(7):
        for starts, ends in HOURS:
            set_rule(
                agenda=agenda, weekday=weekday, starts=starts, ends=ends,
                from_date=today - timedelta(days=BEHIND + 7), by=by, at=at,
            )  # fmt: skip
    for reason in reasons:
        offer(agenda=agenda, reason=reason, by=by, at=at)
    return agenda.pk
