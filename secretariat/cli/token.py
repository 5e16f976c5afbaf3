"""Donne à un autre logiciel le jeton d’un compte, pour l’adresse /fhir.

Le logiciel agit sous le poste de cette personne, avec ses droits. Le jeton est écrit seul, sur la
dernière ligne, et n’est plus jamais montré.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from secretariat.cli import house, progress
from secretariat.config.trouble import Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from secretariat.practice.models import Staff

HELP = "donner un jeton à un autre logiciel"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose post, where, for what."""
    parser.add_argument(
        "--user", required=True, metavar="IDENTIFIANT", help="compte sous lequel il agit"
    )
    parser.add_argument(
        "--practice", metavar="COURT", help="nom court d’un cabinet ; sinon tous ceux du compte"
    )
    parser.add_argument("--name", metavar="NOM", help="nom du logiciel (ligne de commande)")
    verbs = parser.add_mutually_exclusive_group()
    verbs.add_argument("--read-only", action="store_true", help="lire seulement")
    verbs.add_argument(
        "--write", action="store_true", help="lire et écrire (c’est ce qui est fait sans option)"
    )


def run(options: argparse.Namespace) -> int:
    """Issue the token; the secret stands alone on the last line of the output."""
    with house.opened():
        from secretariat.core import clock
        from secretariat.interop.actions import tokens
        from secretariat.practice.everywhere import every_practice

        at = clock.now()
        with every_practice():
            posts = _posts(options.user, options.practice, at)
            _, secret = tokens.issue_for(
                posts=posts,
                name=options.name or "Ligne de commande",
                may_write=not options.read_only,
                by=None,
                at=at,
            )
            names = ", ".join(post.practice.name for post in posts)
    verb = "lit" if options.read_only else "lit et écrit"
    progress.say(f"Ce jeton {verb} au nom de {options.user} : {names}.")
    print(secret, flush=True)
    return 0


def _posts(login: str, slug: str | None, at: datetime) -> list[Staff]:
    """The open posts of that login, in every practice or in one.

    Raises:
        Trouble: none.
    """
    from secretariat.core import clock
    from secretariat.practice.accounts import normal_login
    from secretariat.practice.models import User
    from secretariat.practice.queries import posts_of

    user = User.objects.filter(username=normal_login(login), is_active=True).first()
    today = clock.local_date(at, "Europe/Paris")
    posts = posts_of(user.pk, today) if user else []
    found = [post for post in posts if slug in (None, post.practice.slug)]
    if not found:
        where = f" au cabinet « {slug} »" if slug else ""
        raise Trouble(f"« {login} » n’a pas de poste ouvert{where}.")
    return found
