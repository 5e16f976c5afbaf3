"""Ouvre un cabinet : son nom, son site, ses praticiens, et le compte de son responsable."""

from __future__ import annotations

import argparse
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from secretariat.cli import house, progress
from secretariat.config.trouble import Trouble

if TYPE_CHECKING:
    from secretariat.practice.models import Practice, Site, Staff

HELP = "ouvrir un cabinet"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What a practice needs to begin."""
    parser.add_argument("name", metavar="NOM", help="nom du cabinet : « Cabinet des Tilleuls »")
    parser.add_argument("--slug", metavar="COURT", help="nom court, pour les commandes")
    parser.add_argument("--colour", type=int, default=1, choices=range(1, 9), help="bandeau, 1 à 8")
    parser.add_argument("--site", metavar="NOM", help="nom du site (par défaut celui du cabinet)")
    parser.add_argument(
        "--time-zone", default="Europe/Paris", metavar="FUSEAU", help="fuseau (Europe/Paris)"
    )
    parser.add_argument(
        "--practitioner",
        action="append",
        default=[],
        metavar="NOM:SPÉCIALITÉ",
        help="praticien, « Lefèvre:Médecine générale » ; autant de fois que nécessaire",
    )
    parser.add_argument(
        "--staff",
        action="append",
        default=[],
        metavar="IDENTIFIANT:RÔLE:NOM",
        help="personne, « alice:secretary:Alice Roux » ; le premier compte est le responsable",
    )
    parser.add_argument("--manager", required=True, metavar="IDENTIFIANT", help="du responsable")
    parser.add_argument("--manager-name", metavar="NOM", help="nom affiché du responsable")


def run(options: argparse.Namespace) -> int:
    """Open the practice, in one transaction; each new login's first password is shown once."""
    with house.opened():
        from django.db import transaction

        with transaction.atomic():
            passwords = _open(options)
    progress.say(f"Le cabinet « {options.name} » est ouvert.")
    for login, password in passwords.items():
        progress.say(f"  {login} : mot de passe provisoire {password}")
    return 0


def _open(options: argparse.Namespace) -> dict[str, str]:
    """Do everything asked; returns {login: first password}."""
    from django.utils.text import slugify

    from secretariat.core import clock, scope
    from secretariat.practice import actions

    at = clock.now()
    practice = actions.open_practice(
        name=options.name, slug=options.slug or slugify(options.name), colour=options.colour, at=at
    )
    with scope.scope([practice.pk]):
        manager, passwords = _engage(
            practice, f"{options.manager}:manager:{options.manager_name or options.manager}", at
        )
        site = actions.add_site(
            practice=practice,
            name=options.site or options.name,
            time_zone=options.time_zone,
            by=manager,
            at=at,
        )
        for text in options.practitioner:
            _add_practitioner(site, text, manager, at)
        for text in options.staff:
            passwords |= _engage(practice, text, at)[1]
    return passwords


def _add_practitioner(site: Site, text: str, manager: Staff, at: datetime) -> None:
    """A practitioner and their appointment book at the site."""
    from secretariat.agenda.actions.agendas import open_agenda
    from secretariat.practice import actions

    family_name, speciality = _parts(text, 2)
    practitioner = actions.add_practitioner(
        practice=site.practice, family_name=family_name, speciality=speciality, by=manager, at=at
    )
    open_agenda(practitioner=practitioner, site=site, by=manager, at=at)


def _engage(practice: Practice, text: str, at: datetime) -> tuple[Staff, dict[str, str]]:
    """Give someone their post; returns it with {login: what to show as first password}."""
    from secretariat.practice import actions
    from secretariat.practice.accounts import normal_login
    from secretariat.practice.models import User
    from secretariat.practice.roles import ROLES

    login, role, name = _parts(text, 3)
    if role not in ROLES:
        raise Trouble(f"Le rôle « {role} » n’existe pas (au choix : {', '.join(ROLES)}).")
    user = User.objects.filter(username=normal_login(login)).first()
    shown = "celui qui existe déjà"
    if user is None:
        shown = secrets.token_urlsafe(12)
        user = actions.create_login(login=login, password=shown, given=True)
    staff = actions.engage(
        practice=practice, user=user, role_key=role, display_name=name, by=None, at=at
    )
    return staff, {user.username: shown}


def _parts(text: str, count: int) -> list[str]:
    """`text` cut at its colons.

    Raises:
        Trouble: not `count` parts.
    """
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != count or not all(parts):
        raise Trouble(f"« {text} » : il faut {count} parties séparées par « : ».")
    return parts
