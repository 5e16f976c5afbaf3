"""Restaure une sauvegarde dans une base vide, après avoir vérifié chaque fichier.

Un seul octet changé dans la sauvegarde, et rien n’est restauré.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import datetime
from pathlib import Path

import psycopg

from secretariat.cli import anchors, dump, house, progress
from secretariat.config import cluster, database, postgres
from secretariat.config.trouble import Trouble
from secretariat.core import clock

HELP = "restaurer une sauvegarde"
_FRESH = "secretariat_restauree"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which backup, and whether it may take the place of what is there."""
    parser.add_argument("folder", type=Path, metavar="SAUVEGARDE", help="dossier d’une sauvegarde")
    parser.add_argument(
        "--replace", action="store_true", help="remplacer une base qui n’est pas vide"
    )
    parser.add_argument("--yes", action="store_true", help="ne pas demander confirmation")


def run(options: argparse.Namespace) -> int:
    """Verify, then restore; the old data are saved first when they are replaced."""
    with progress.step("vérification de la sauvegarde"):
        manifest = dump.verified(options.folder)
    with house.opened(create=True, migrated=False) as server:
        house.refuse_foreign({_migration(name) for name in manifest["migrations"]})
        occupied = bool(house.applied()) or _any_document()
        if occupied:
            _agree(server, options)
            with progress.step("sauvegarde de ce qui va être remplacé"):
                progress.say(f"  {dump.save(server, dump.default_folder())}")
        with progress.step("restauration de la base"):
            _restore(server, options.folder, replace=occupied)
        _bring_files(options.folder)
        waiting = house.pending()
    taken = clock.local(datetime.fromisoformat(manifest["taken_at"]), "Europe/Paris")
    progress.say(f"Restauré : l’état du {taken:%d/%m/%Y à %H:%M}.")
    if waiting:
        progress.say("La sauvegarde vient d’une version plus ancienne : « secretariat migrate ».")
    return 0


def _migration(dotted: str) -> tuple[str, str]:
    room, name = dotted.split(".", 1)
    return room, name


def _any_document() -> bool:
    return any(path.is_file() for path in dump.documents().rglob("*"))


def _agree(server: postgres.Server | None, options: argparse.Namespace) -> None:
    """Have it said twice that the present data may be replaced.

    Raises:
        Trouble: it was not.
    """
    if not options.replace:
        raise Trouble("La base n’est pas vide : rien n’a été restauré (voir --replace).")
    if server is None:
        raise Trouble("Avec DATABASE_URL, restaurez dans une base vide : rien n’a été restauré.")
    if options.yes:
        return
    if not sys.stdin.isatty():
        raise Trouble("Sans terminal pour confirmer, ajoutez --yes : rien n’a été restauré.")
    if input("Tapez « remplacer » pour remplacer les données présentes : ") != "remplacer":
        raise Trouble("Rien n’a été restauré.")


def _restore(server: postgres.Server | None, folder: Path, *, replace: bool) -> None:
    """Load beside, then exchange the names: a failure leaves the old base in place."""
    from django.db import connection

    if server is None:
        dump.load(None, folder, database.parsed(database.external_url() or "")["NAME"])
        return
    if not replace:
        dump.load(server, folder, postgres.NAME)
        return
    connection.close()
    old = f"{postgres.NAME}_remplacee"
    address = server.address(user=cluster.SUPERUSER, name="postgres")
    with psycopg.connect(address, autocommit=True) as root:
        _alone(root)
        root.execute(f"DROP DATABASE IF EXISTS {_FRESH}")
        root.execute(f"CREATE DATABASE {_FRESH} OWNER {postgres.NAME}")
        dump.load(server, folder, _FRESH)
        _alone(root)
        with root.transaction():
            root.execute(f"ALTER DATABASE {postgres.NAME} RENAME TO {old}")
            root.execute(f"ALTER DATABASE {_FRESH} RENAME TO {postgres.NAME}")
        root.execute(f"DROP DATABASE {old}")


def _alone(root: psycopg.Connection[tuple[object, ...]]) -> None:
    """Refuse while someone works in the database.

    Raises:
        Trouble: with how many connections there are.
    """
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
    row = root.execute(query, [postgres.NAME]).fetchone()
    if row and row[0]:
        raise Trouble(
            f"Le secrétariat est en marche ({row[0]} connexions) : arrêtez-le, puis recommencez."
        )


def _bring_files(folder: Path) -> None:
    """Put the documents and the anchors of the backup in place of the present ones."""
    data, brought = dump.documents(), folder / "files"
    if brought.exists():
        part = data.with_name("files.part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(brought, part)
        shutil.rmtree(data, ignore_errors=True)
        part.rename(data)
    kept = folder / "anchors.jsonl"
    if kept.exists():
        shutil.copy(kept, anchors.file())
