"""The verbs of the practice room."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection, transaction

from secretariat.core import scope
from secretariat.core.refusal import Refusal
from secretariat.practice.accounts import normal_login
from secretariat.practice.models import Practice, Practitioner, Site, Staff, User
from secretariat.practice.roles import ROLES


class LoginTaken(Refusal):
    """The login belongs to someone already."""


class DatesMissing(Refusal):
    """A dated role (locum, trainee) needs its period."""


@transaction.atomic
def open_practice(*, name: str, slug: str, colour: int, at: datetime) -> Practice:
    """Open a practice. Runs outside any practice: from the command line only.

    Args:
        name: as shown on screen.
        slug: short name for commands and files.
        colour: 1 to 8, the band shown to someone who serves several practices.
        at: now, UTC.
    """
    with connection.cursor() as cursor:
        # The row's own number must be in scope before it can be written.
        cursor.execute("SELECT nextval(pg_get_serial_sequence('practice_practice', 'id'))")
        pk = cursor.fetchone()[0]
    with scope.scope([pk]):
        return Practice.objects.create(pk=pk, name=name, slug=slug, colour=colour, created_at=at)


@transaction.atomic
def add_site(*, practice: Practice, name: str, **details: object) -> Site:
    """Add an address where patients are received; details are Site's other columns."""
    return Site.objects.create(practice=practice, name=name, **details)


@transaction.atomic
def add_practitioner(
    *, practice: Practice, family_name: str, speciality: str, **details: object
) -> Practitioner:
    """Add a person who receives patients; details are Practitioner's other columns."""
    return Practitioner.objects.create(
        practice=practice, family_name=family_name, speciality=speciality, **details
    )


@transaction.atomic
def create_login(*, login: str, password: str | None) -> User:
    """Make a login; a person keeps the same one in every practice they serve.

    Raises:
        LoginTaken: someone already has this login, whatever its capitals and accents.
    """
    username = normal_login(login)
    if User.objects.filter(username=username).exists():
        raise LoginTaken(f"L'identifiant « {username} » est déjà pris : choisissez-en un autre.")
    return User.objects.create_user(username=username, password=password)


@transaction.atomic
def engage(
    *,
    practice: Practice,
    user: User,
    role_key: str,
    display_name: str,
    practitioner: Practitioner | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Staff:
    """Give a person a post in the practice.

    Raises:
        DatesMissing: the role is dated and a bound is absent.
    """
    if ROLES[role_key].dated and (starts_on is None or ends_on is None):
        raise DatesMissing(
            f"Un poste de « {ROLES[role_key].label} » a un premier et un dernier jour : indiquez-les."
        )
    return Staff.objects.create(
        practice=practice,
        user=user,
        role_key=role_key,
        display_name=display_name,
        practitioner=practitioner,
        starts_on=starts_on,
        ends_on=ends_on,
    )
