"""Sauvegarde la base, les documents et leurs empreintes dans un dossier daté.

Le secrétariat peut continuer à travailler pendant ce temps.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from secretariat.cli import dump, house, progress

HELP = "sauvegarder la base et les documents"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument(
        "--into", type=Path, metavar="DOSSIER", help="dossier des sauvegardes (var/backups)"
    )


def run(options: argparse.Namespace) -> int:
    """Make the backup and say where it is."""
    with house.opened(migrated=False) as server:
        with progress.step("sauvegarde"):
            folder = dump.save(server, options.into or dump.default_folder())
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        megabytes = f"{size / 1e6:.1f}".replace(".", ",")
        progress.say(f"Sauvegarde faite : {folder} ({megabytes} Mo).")
    return 0
