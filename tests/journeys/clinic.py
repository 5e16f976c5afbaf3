"""Off stage: a clinic of many doctors, with a laser, for the scenes that need one."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secretariat.agenda.models import Agenda
    from secretariat.practice.models import Practice, Site, Staff

DAYS_OPEN = range(7)


def open_clinic(slug: str, login: str, doctors: int) -> int:
    """A practice of its own with one secretary; Dr Tilia01, Dr Tilia02… open every day.

    Odd ones are cardiologists and have a laser, the others are paediatricians. Answers its key.
    """
    from secretariat.agenda.actions.resources import add_resource
    from secretariat.core import clock, scope
    from secretariat.practice import actions as practice

    at = clock.now()
    made = practice.open_practice(name=f"Clinique {slug}", slug=slug, colour=5, at=at)
    scope.apply([made.pk])
    site = practice.add_site(practice=made, name="Aile nord", by=None, at=at, town="Ville")
    boss = _engaged(made, f"{login}-chef", "manager", at)
    _engaged(made, login, "secretary", at)
    laser = add_resource(site=site, name="Laser", kind="equipment", by=boss, at=at)
    reasons = _reasons(boss, laser.pk, at)
    for number in range(1, doctors + 1):
        agenda = _receives(made, site, number, boss, at)
        _offer(agenda, reasons[number % 2], boss, at)
    return made.pk


def _engaged(made: Practice, login: str, role: str, at: datetime) -> Staff:
    from secretariat.practice import actions as practice

    user = practice.create_login(login=login, password=None)
    return practice.engage(
        practice=made, user=user, role_key=role, display_name=login.title(), by=None, at=at
    )


def _reasons(boss: Staff, laser: int, at: datetime) -> tuple[int, int]:
    """What the paediatricians give, then what the cardiologists give, with the laser."""
    from secretariat.agenda.actions.reasons import add_reason, set_needs
    from secretariat.agenda.models import Resource

    found = [
        add_reason(name=name, minutes=20, kind="follow_up", colour=colour, by=boss, at=at)
        for colour, name in enumerate(("Consultation", "Laser"), start=1)
    ]
    set_needs(reason=found[1], needs=[[Resource.objects.get(pk=laser)]], by=boss, at=at)
    return found[0].pk, found[1].pk


def _receives(made: Practice, site: Site, number: int, boss: Staff, at: datetime) -> Agenda:
    from secretariat.agenda.actions.agendas import open_agenda
    from secretariat.agenda.actions.openings import set_rule
    from secretariat.practice import actions as practice

    doctor = practice.add_practitioner(
        practice=made, family_name=f"Tilia{number:02}", by=boss, at=at,
        speciality="Cardiologie" if number % 2 else "Pédiatrie",
    )  # fmt: skip
    agenda = open_agenda(practitioner=doctor, site=site, by=boss, at=at, position=number)
    for weekday in DAYS_OPEN:
        set_rule(
            agenda=agenda, weekday=weekday, starts=time(8), ends=time(19),
            from_date=date(2020, 1, 1), by=boss, at=at,
        )  # fmt: skip
    return agenda


def _offer(agenda: Agenda, reason: int, boss: Staff, at: datetime) -> None:
    from secretariat.agenda.actions.reasons import offer
    from secretariat.agenda.models import VisitReason

    offer(agenda=agenda, reason=VisitReason.objects.get(pk=reason), by=boss, at=at)
