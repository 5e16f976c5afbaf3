"""The verbs of the practice room."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict, Unpack

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.db.models import Model

from secretariat.core import scope
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.practice.accounts import normal_login
from secretariat.practice.models import Practice, Practitioner, Site, Staff, User
from secretariat.practice.roles import AUTOMATIC, PERMISSIONS, ROLES
from secretariat.practice.signals import deed_done


class LoginTaken(Refusal):
    """The login belongs to someone already."""


class AlreadyHere(Refusal):
    """The person already has a post in this practice."""


class ServesElsewhere(Refusal):
    """The login opens another practice too: no manager of one may take it over."""


class DatesMissing(Refusal):
    """A dated role (locum, trainee) needs its period."""


class SiteDetails(TypedDict, total=False):
    """What may change in a site; see `Site`."""

    name: str
    public_name: str
    address: str
    postcode: str
    town: str
    access: str
    region: str
    school_zone: str
    accessible: bool
    closes_on_holidays: bool


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
        practice = Practice.objects.create(
            pk=pk, name=name, slug=slug, colour=colour, created_at=at
        )
        _done(practice, None, at, "practice.open", practice, name=name)
        return practice


@transaction.atomic
def add_site(
    *, practice: Practice, name: str, by: Staff | None, at: datetime, **details: object
) -> Site:
    """Add an address where patients are received; details are Site's other columns."""
    site = Site.objects.create(practice=practice, name=name, **details)
    _done(practice, by, at, "practice.add_site", site, name=name)
    return site


@transaction.atomic
def change_site(*, site: Site, by: Staff, at: datetime, **details: Unpack[SiteDetails]) -> Site:
    """Change an address, its holidays or its access; what is not said stays.

    Raises:
        NotAllowed, BadInput.
    """
    may = by.may("agenda.rules") or by.may("practice.manage")
    if by.practice_id != site.practice_id or not may:
        raise NotAllowed(f"Votre rôle ({by.role.label}) ne permet pas de régler les sites.")
    current = Site.objects.select_for_update().get(pk=site.pk, practice_id=site.practice_id)
    for field, value in details.items():
        setattr(current, field, value)
    if not current.name.strip():
        raise BadInput("Donnez un nom à ce site.")
    current.save()
    _done(by.practice, by, at, "practice.change_site", current, **details)
    return current


@transaction.atomic
def add_practitioner(
    *,
    practice: Practice,
    family_name: str,
    speciality: str,
    by: Staff | None,
    at: datetime,
    **details: object,
) -> Practitioner:
    """Add a person who receives patients; details are Practitioner's other columns."""
    practitioner = Practitioner.objects.create(
        practice=practice, family_name=family_name, speciality=speciality, **details
    )
    _done(practice, by, at, "practice.add_practitioner", practitioner, name=family_name)
    return practitioner


@transaction.atomic
def create_login(*, login: str, password: str | None, given: bool = False) -> User:
    """Make a login; a person keeps the same one in every practice they serve.

    Args:
        given: somebody hands the password over; the person must choose another.

    Raises:
        LoginTaken: someone already has this login, whatever its capitals and accents.
    """
    username = normal_login(login)
    if User.objects.filter(username=username).exists():
        raise LoginTaken(f"L’identifiant « {username} » est déjà pris : choisissez-en un autre.")
    return User.objects.create_user(username=username, password=password, password_given=given)


@transaction.atomic
def password_chosen(*, user: User) -> None:
    """The person has a password that they alone know."""
    user.password_given = False
    user.save(update_fields=["password_given"])


@transaction.atomic
def give_back_access(*, staff: Staff, password: str, by: Staff | None, at: datetime) -> None:
    """A lost password or second factor: both are taken away, `password` opens once.

    The sessions of the person end, on every desk.

    Args:
        password: provisional, told by word of mouth.
        by: None for the command line, which may do it for anyone.

    Raises:
        NotAllowed: `by` does not manage the practice, or asks for themselves.
        ServesElsewhere: the login also opens another practice.
    """
    if by is not None:
        _managed_by(by, staff.practice_id)
        if staff.user_id == by.user_id:
            raise NotAllowed("Pour vous-même : menu du poste, ou demandez à un autre responsable.")
        if _serves_elsewhere(staff, at):
            raise ServesElsewhere(
                f"{staff} travaille aussi pour un autre cabinet, que ce mot de passe ouvrirait : "
                "demandez à qui a installé le logiciel (« secretariat give-back-access »)."
            )
    user = User.objects.select_for_update().get(pk=staff.user_id)
    user.set_password(password)
    user.password_given = True
    user.save(update_fields=["password", "password_given"])
    Authenticator.objects.filter(user=user).delete()
    _done(staff.practice, by, at, "practice.give_back_access", staff, login=user.username)


def _serves_elsewhere(staff: Staff, at: datetime) -> bool:
    """Whether the login holds, or will hold, a post in another practice."""
    with scope.scope([], staff.user_id):  # a person's own posts are seen from anywhere
        posts = Staff.objects.filter(user_id=staff.user_id).exclude(pk=staff.pk)
        return posts.exclude(ends_on__lt=at.date()).exists()


@transaction.atomic
def engage(
    *,
    practice: Practice,
    user: User,
    role_key: str,
    display_name: str,
    by: Staff | None,
    at: datetime,
    practitioner: Practitioner | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Staff:
    """Give a person a post in the practice.

    Raises:
        DatesMissing: the role is dated and a bound is absent.
    """
    if ROLES[role_key].dated and (starts_on is None or ends_on is None):
        label = ROLES[role_key].label
        raise DatesMissing(f"Un poste de « {label} » a un premier et un dernier jour.")
    staff = Staff.objects.create(
        practice=practice,
        user=user,
        role_key=role_key,
        display_name=display_name,
        practitioner=practitioner,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    _done(practice, by, at, "practice.engage", staff, role=role_key, login=user.username)
    return staff


@transaction.atomic
def engage_by_login(
    *,
    practice: Practice,
    login: str,
    password: str,
    role_key: str,
    display_name: str,
    by: Staff,
    at: datetime,
    practitioner: Practitioner | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> tuple[Staff, bool]:
    """Give a post to whoever has `login`; make the login, with `password`, if nobody has.

    Returns:
        The post, and whether the login is new.

    Raises:
        NotAllowed, DatesMissing, AlreadyHere.
    """
    _managed_by(by, practice.pk)
    username = normal_login(login)
    user = User.objects.filter(username=username).first()
    if user is not None and Staff.objects.filter(practice=practice, user=user).exists():
        raise AlreadyHere(f"« {username} » a déjà un poste dans ce cabinet : rien n’a été créé.")
    new = user is None
    staff = engage(
        practice=practice,
        user=user or create_login(login=login, password=password, given=True),
        role_key=role_key,
        display_name=display_name,
        practitioner=practitioner,
        starts_on=starts_on,
        ends_on=ends_on,
        by=by,
        at=at,
    )
    return staff, new


@transaction.atomic
def automatic_post(*, practice_id: int, role_key: str, at: datetime) -> Staff:
    """The post that signs what no person of the practice did; made at its first use.

    Args:
        role_key: of `roles.AUTOMATIC`.
        at: now, UTC.
    """
    found = Staff.objects.filter(practice_id=practice_id, role_key=role_key)
    post = found.select_related("practice", "user").first()
    if post is not None:
        return post
    user, new = User.objects.get_or_create(username=role_key, defaults={"is_active": False})
    if new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    post, made = Staff.objects.select_related("practice", "user").get_or_create(
        practice_id=practice_id, user=user,
        defaults={"role_key": role_key, "display_name": AUTOMATIC[role_key].label},
    )  # fmt: skip
    if made:
        _done(post.practice, None, at, "practice.engage", post, role=role_key, login=user.username)
    return post


@transaction.atomic
def dismiss(*, staff: Staff, last_day: date, by: Staff, at: datetime) -> Staff:
    """End a post after `last_day`; the next page asked for by that person is closed.

    Raises:
        NotAllowed: `by` does not manage the practice.
    """
    _managed_by(by, staff.practice_id)
    if staff.pk == by.pk:
        raise NotAllowed("On ne ferme pas son propre poste : demandez à un autre responsable.")
    staff.ends_on = last_day
    if staff.starts_on is not None and staff.starts_on > last_day:
        staff.starts_on = last_day
    staff.save(update_fields=["ends_on", "starts_on"])
    _done(staff.practice, by, at, "practice.dismiss", staff, last_day=last_day.isoformat())
    return staff


@transaction.atomic
def withhold(*, staff: Staff, permissions: list[str], by: Staff, at: datetime) -> Staff:
    """Take single rights away from a post; a withheld right wins over its role.

    Raises:
        NotAllowed: `by` does not manage the practice.
        BadInput: an unknown permission.
    """
    _managed_by(by, staff.practice_id)
    unknown = set(permissions) - set(PERMISSIONS)
    if unknown:
        raise BadInput(f"Droit inconnu : {', '.join(sorted(unknown))}.")
    staff.withheld = sorted(permissions)
    staff.save(update_fields=["withheld"])
    _done(staff.practice, by, at, "practice.withhold", staff, permissions=staff.withheld)
    return staff


def _managed_by(by: Staff, practice_id: int) -> None:
    if by.practice_id != practice_id or not by.may("practice.manage"):
        raise NotAllowed("Seule la personne responsable du cabinet règle les postes et les droits.")


def _done(
    practice: Practice, by: Staff | None, at: datetime, verb: str, subject: Model, **detail: object
) -> None:
    """Let the day book, a higher room, hear of the deed inside the same transaction."""
    deed_done.send(
        Practice, practice_id=practice.pk, by=by, at=at, verb=verb, subject=subject, detail=detail
    )
