"""Crée la base si besoin et l’amène à la version du programme, après une sauvegarde."""

from __future__ import annotations

import argparse

from secretariat.cli import house, progress

HELP = "créer ou mettre à jour la base"


def arguments(parser: argparse.ArgumentParser) -> None:
    """No option but one for the hurried."""
    parser.add_argument(
        "--no-backup", action="store_true", help="ne pas sauvegarder avant de mettre à jour"
    )


def run(options: argparse.Namespace) -> int:
    """Migrate; a base with content is saved first."""
    with house.opened(create=True, migrated=False) as server:
        if not house.pending():
            print("La base est à jour.")
            return 0
        if _inhabited() and not options.no_backup:
            from secretariat.cli import dump

            with progress.step("sauvegarde avant mise à jour"):
                dump.save(server, dump.default_folder())
        bring_up_to_date()
    return 0


def _inhabited() -> bool:
    """Whether there is something to save: a first start may have been cut before our tables."""
    from django.db import connection

    return "practice_practice" in connection.introspection.table_names()


def bring_up_to_date() -> None:
    """Run the waiting migrations, with the time they take."""
    waiting = house.pending()
    if not waiting:
        return
    from django.core.management import call_command

    with progress.step(f"préparation de la base ({len(waiting)} migrations)"):
        call_command("migrate", verbosity=0, interactive=False)
