"""The cast of every test: two practices, their people, their agendas. Made through actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from secretariat.agenda.models import Agenda, OfferedReason, OpeningRule, VisitReason
from secretariat.core import scope
from secretariat.practice import actions as practice
from secretariat.practice.models import Practice, Practitioner, Site, Staff, User

# A Monday, at 9:00 in Paris: the desk has just opened.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass
class House:
    """A practice with everything a test may ask for by name."""

    practice: Practice
    site: Site
    staff: dict[str, Staff] = field(default_factory=dict)
    agendas: dict[str, Agenda] = field(default_factory=dict)
    reasons: dict[str, VisitReason] = field(default_factory=dict)
    practitioners: dict[str, Practitioner] = field(default_factory=dict)

    def agenda(self, name: str) -> Agenda:
        """The agenda of a practitioner, by family name, site loaded."""
        return Agenda.objects.select_related("site").get(pk=self.agendas[name].pk)


def _house(name: str, slug: str, colour: int) -> House:
    made = practice.open_practice(name=name, slug=slug, colour=colour, at=NOW)
    scope.apply([made.pk])
    site = practice.add_site(practice=made, name=name, by=None, at=NOW, town="Ville-Invention")
    return House(made, site)


def _user(login: str) -> User:
    # One cheap hash for all: the tests of passwords make their own.
    user = User(username=login)
    user.set_unusable_password()
    user.save()
    return user


def _doctor(house: House, name: str, speciality: str, author: Staff) -> None:
    doctor = practice.add_practitioner(
        practice=house.practice, family_name=name, speciality=speciality, by=author, at=NOW
    )
    agenda = Agenda.objects.create(
        practice=house.practice, practitioner=doctor, site=house.site, name=f"Dr {name}"
    )
    for weekday in range(5):
        for starts, ends in ((time(9), time(12)), (time(14), time(18))):
            OpeningRule.objects.create(
                practice=house.practice, agenda=agenda, weekday=weekday, starts=starts, ends=ends,
                from_date=date(2026, 1, 1), author=author, created_at=NOW,
            )  # fmt: skip
    for reason in house.reasons.values():
        OfferedReason.objects.create(practice=house.practice, agenda=agenda, reason=reason)
    house.practitioners[name], house.agendas[name] = doctor, agenda


def _reasons(house: House) -> None:
    for name, minutes, kind in (
        ("Consultation", 15, "follow_up"),
        ("Première consultation", 30, "first"),
        ("Urgence", 10, "urgent"),
    ):
        house.reasons[name] = VisitReason.objects.create(
            practice=house.practice, name=name, minutes=minutes, kind=kind
        )


@pytest.fixture
def zoe_user(db: None) -> User:
    """Zoé's login: one for both practices."""
    return _user("zoe")


@pytest.fixture
def tilleuls(db: None, zoe_user: User) -> Iterator[House]:
    """Cabinet des Tilleuls: Alice, Mme Keller, Zoé, Drs Lefèvre and Moreau. Its scope is open."""
    house = _house("Cabinet des Tilleuls", "tilleuls", 1)
    _engage(house, _user("alice"), "secretary", "Alice")
    _engage(house, _user("keller"), "manager", "Mme Keller")
    _engage(house, zoe_user, "remote_secretary", "Zoé")
    _reasons(house)
    for name, speciality in (("Lefèvre", "Médecine générale"), ("Moreau", "Dermatologie")):
        _doctor(house, name, speciality, house.staff["Alice"])
    _engage(
        house,
        _user("lefevre"),
        "physician",
        "Dr Lefèvre",
        practitioner=house.practitioners["Lefèvre"],
    )
    scope.apply([house.practice.pk])
    yield house
    scope.close()


@pytest.fixture
def port(db: None, zoe_user: User, tilleuls: House) -> House:
    """Centre du Port: Charlie, Zoé, Dr Le Goff. The scope stays on the Tilleuls."""
    house = _house("Centre du Port", "port", 2)
    _engage(house, _user("charlie"), "secretary", "Charlie")
    _engage(house, zoe_user, "remote_secretary", "Zoé")
    _reasons(house)
    _doctor(house, "Le Goff", "Médecine générale", house.staff["Charlie"])
    scope.apply([tilleuls.practice.pk])
    return house


def _engage(
    house: House, user: User, role_key: str, name: str, practitioner: Practitioner | None = None
) -> Staff:
    staff = practice.engage(
        practice=house.practice, user=user, role_key=role_key, display_name=name,
        practitioner=practitioner, by=None, at=NOW,
    )  # fmt: skip
    house.staff[name] = staff
    return staff


@pytest.fixture
def alice(tilleuls: House) -> Staff:
    """Secretary of the Tilleuls."""
    return tilleuls.staff["Alice"]


@pytest.fixture
def keller(tilleuls: House) -> Staff:
    """Manager of the Tilleuls."""
    return tilleuls.staff["Mme Keller"]


@pytest.fixture
def zoe(tilleuls: House) -> Staff:
    """Remote secretary, at her post for the Tilleuls."""
    return tilleuls.staff["Zoé"]


@pytest.fixture
def lefevre(tilleuls: House) -> Staff:
    """GP of the Tilleuls."""
    return tilleuls.staff["Dr Lefèvre"]


@pytest.fixture
def charlie(port: House) -> Staff:
    """Secretary of the other practice."""
    return port.staff["Charlie"]


class Desk(Client):
    """A browser. A request closes the database's scope; the test's own is opened again after it."""

    def request(self, **request: Any) -> Any:
        """Send, then look at the database as before."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('app.practices', true)")
            before = cursor.fetchone()[0] or "{}"
        response = super().request(**request)
        scope.apply(int(pk) for pk in before.strip("{}").split(",") if pk)
        return response


@pytest.fixture
def at_desk() -> Callable[[Staff], Client]:
    """A browser logged in as a member of the cast: `at_desk(alice).get(...)`."""

    def open_desk(staff: Staff) -> Client:
        client = Desk()
        client.force_login(
            User.objects.get(pk=staff.user_id),
            "secretariat.practice.accounts.Passwords",
        )
        session = client.session
        session["practice_in_view"] = staff.practice_id
        session["second_factor_seen"] = True
        session.save()
        return client

    return open_desk


@pytest.fixture
def paris() -> Callable[..., datetime]:
    """`paris(9, 30)`: today of the cast, on the clock of Paris; `paris(9, 30, day=...)`."""
    from zoneinfo import ZoneInfo

    def moment(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
        local = datetime.combine(day, time(hour, minute), ZoneInfo("Europe/Paris"))
        return local.astimezone(UTC)

    return moment
