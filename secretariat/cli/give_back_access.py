"""Rend l’accès à une personne qui a perdu son mot de passe ou son second facteur.

Un mot de passe provisoire est montré une fois ; l’ancien, le second facteur et les codes de secours
ne servent plus, et les postes ouverts à son nom se ferment. Vérifiez qui vous le demande.
"""

from __future__ import annotations

import argparse
import secrets

from secretariat.cli import house, progress
from secretariat.config.trouble import Trouble

HELP = "rendre l’accès à qui a perdu son mot de passe ou son téléphone"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose login."""
    parser.add_argument("login", metavar="IDENTIFIANT", help="compte de la personne")


def run(options: argparse.Namespace) -> int:
    """Give a provisional password; it stands alone on the last line of the output."""
    with house.opened():
        from secretariat.core import clock
        from secretariat.practice import actions
        from secretariat.practice.accounts import normal_login
        from secretariat.practice.everywhere import every_practice
        from secretariat.practice.models import Staff

        password = secrets.token_urlsafe(12)
        with every_practice():
            posts = Staff.objects.select_related("practice").order_by("pk")
            staff = posts.filter(user__username=normal_login(options.login)).first()
            if staff is None:
                raise Trouble(f"« {options.login} » n’a de poste dans aucun cabinet.")
            actions.give_back_access(staff=staff, password=password, by=None, at=clock.now())
    progress.say(f"Mot de passe provisoire de {staff}, à changer à la première connexion :")
    print(password, flush=True)
    return 0
