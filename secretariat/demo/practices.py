"""The two practices: who works there, when they receive, what for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from secretariat.agenda.actions.agendas import open_agenda
from secretariat.agenda.actions.openings import set_rule
from secretariat.agenda.actions.reasons import add_reason, offer
from secretariat.agenda.models import Agenda, VisitReason
from secretariat.core import scope
from secretariat.demo import dermatology, habits
from secretariat.practice import actions as practice
from secretariat.practice.models import Practice, Practitioner, Site, Staff, User

PASSWORD = "demo"  # noqa: S105 - known to all, and said so on every page

MORNING = (time(8, 30), time(12, 30))
AFTERNOON = (time(14), time(18, 30))

GENERAL = (
    ("Consultation", 15, "follow_up", 1, ""),
    ("Première consultation", 30, "first", 2, "Apporter la carte Vitale et les anciens résultats."),
    ("Urgence du jour", 15, "urgent", 3, "Rappeler si l’état change ; en cas de gravité, le 15."),
    ("Suivi de traitement", 20, "follow_up", 4, "Apporter l’ordonnance en cours."),
    ("Vaccination", 10, "other", 5, "Apporter le carnet de vaccination et le vaccin."),
    ("Certificat", 15, "other", 6, "Apporter le formulaire à remplir."),
)

# By the link of their message, patients take another hour alone for these; the others call back.
TAKEN_ALONE = frozenset({"Suivi de traitement", "Vaccination", "Certificat"})


@dataclass
class House:
    """A practice being furnished."""

    practice: Practice
    site: Site
    staff: dict[str, Staff] = field(default_factory=dict)
    agendas: list[Agenda] = field(default_factory=list)
    reasons: dict[int, list[VisitReason]] = field(default_factory=dict)


def furnish(at: datetime, today: date) -> tuple[House, House]:
    """Open both practices with their people; leaves the scope of neither open."""
    users = {login: practice.create_login(login=login, password=PASSWORD) for login in LOGINS}
    tilleuls = _open("Cabinet des Tilleuls", "tilleuls", 1, "01 99 00 10 10", at)
    _tilleuls(tilleuls, users, at, today)
    port = _open("Centre du Port", "port", 3, "01 99 00 20 20", at)
    _port(port, users, at, today)
    scope.close()
    return tilleuls, port


LOGINS = (
    "secretaire", "telesecretaire", "medecin", "medecin2", "dermato", "remplacant", "responsable",
    "voisine",
)  # fmt: skip


def _open(name: str, slug: str, colour: int, phone: str, at: datetime) -> House:
    made = practice.open_practice(name=name, slug=slug, colour=colour, at=at)
    scope.apply([made.pk])
    site = practice.add_site(
        practice=made, name=name, by=None, at=at, address="1 rue des Tilleuls", postcode="99010",
        town="Ville-Invention", phone="+33" + phone.replace(" ", "")[1:],
        school_zone="B",
        access="Rez-de-chaussée, sonner à l’interphone ; place adaptée dans la cour.",
    )  # fmt: skip
    return House(made, site)


def _tilleuls(house: House, users: dict[str, User], at: datetime, today: date) -> None:
    _engage(house, users["responsable"], "manager", "Mme Keller", at)
    _engage(house, users["secretaire"], "secretary", "Alice", at)
    _engage(house, users["telesecretaire"], "remote_secretary", "Zoé", at)
    general = _reasons(house, GENERAL, at)
    skin = [*dermatology.reasons(_ruler(house), at), general[3]]
    doctors = {
        login: _receives(
            house, users[login], name=name, speciality=speciality, reasons=reasons, at=at,
            except_for=except_for,
        )
        for login, name, speciality, reasons, except_for in (
            ("medecin", ("Lefèvre", "Anne"), "Médecine générale", general, ()),
            ("medecin2", ("Nguyen", "Minh"), "Médecine générale", general, ()),
            ("dermato", ("Moreau", "Claire"), "Dermatologie", skin, (dermatology.SURGERY_DAY,)),
        )
    }  # fmt: skip
    practice.engage(
        practice=house.practice, user=users["remplacant"], role_key="locum", display_name="Bob",
        practitioner=doctors["medecin2"], starts_on=today - timedelta(days=7),
        ends_on=today + timedelta(days=21),
        by=house.staff["Mme Keller"], at=at,
    )  # fmt: skip
    lefevre, nguyen, moreau = house.agendas
    desk = habits.Desk(house.practice, house.site, _ruler(house), at, today)
    dermatology.settle(desk, moreau, {reason.name: reason for reason in skin})
    habits.settle(desk, lefevre, nguyen, {reason.name: reason for reason in general})


def _port(house: House, users: dict[str, User], at: datetime, today: date) -> None:
    _engage(house, users["voisine"], "secretary", "Charlie", at)
    _engage(house, users["telesecretaire"], "remote_secretary", "Zoé", at)
    general = _reasons(house, GENERAL, at)
    for name in (("Le Goff", "Yann"), ("Diallo", "Awa")):
        _receives(house, None, name=name, speciality="Médecine générale", reasons=general, at=at)
    desk = habits.Desk(house.practice, house.site, _ruler(house), at, at.date())
    habits.second_site(desk, house.agendas[1].practitioner, general)


def _engage(
    house: House,
    user: User,
    role: str,
    name: str,
    at: datetime,
    *,
    practitioner: Practitioner | None = None,
) -> None:
    house.staff[name] = practice.engage(
        practice=house.practice, user=user, role_key=role, display_name=name,
        practitioner=practitioner, by=None, at=at,
    )  # fmt: skip


def _reasons(
    house: House, wanted: tuple[tuple[str, int, str, int, str], ...], at: datetime
) -> list[VisitReason]:
    by = _ruler(house)
    return [
        add_reason(
            name=name, minutes=minutes, kind=kind, colour=colour, instructions=words,
            position=position, bookable_by_patient=name in TAKEN_ALONE, by=by, at=at,
        )
        for position, (name, minutes, kind, colour, words) in enumerate(wanted)
    ]  # fmt: skip


def _receives(
    house: House,
    user: User | None,
    *,
    name: tuple[str, str],
    speciality: str,
    reasons: list[VisitReason],
    at: datetime,
    except_for: Sequence[tuple[int, tuple[time, time]]] = (),
) -> Practitioner:
    by = _ruler(house)
    doctor = practice.add_practitioner(
        practice=house.practice, family_name=name[0], given_name=name[1], speciality=speciality,
        by=by, at=at,
    )  # fmt: skip
    if user is not None:
        _engage(house, user, "physician", f"Dr {name[0]}", at, practitioner=doctor)
    position = len(house.agendas)
    agenda = open_agenda(
        practitioner=doctor, site=house.site, by=by, at=at, colour=position + 1, position=position
    )
    day_off = (2, 4, 0)[position % 3]
    for weekday in range(5):
        for starts, ends in (MORNING,) if weekday == day_off else (MORNING, AFTERNOON):
            if (weekday, (starts, ends)) in except_for:
                continue
            set_rule(
                agenda=agenda, weekday=weekday, starts=starts, ends=ends,
                from_date=at.date() - timedelta(days=60), by=by, at=at,
            )  # fmt: skip
    for reason in reasons:
        offer(agenda=agenda, reason=reason, by=by, at=at)
    house.agendas.append(agenda)
    house.reasons[agenda.pk] = reasons
    return doctor


def _ruler(house: House) -> Staff:
    return next(staff for staff in house.staff.values() if staff.may("agenda.rules"))
