"""Dit en un écran si tout va bien : base, rôle, disque, horloge, travaux de fond, sauvegardes.

Code de sortie 1 dès qu’une ligne porte « ✗ ».
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from secretariat.cli import anchors, dump, house, pg_tools, progress
from secretariat.config import database, folders
from secretariat.core import clock

HELP = "tout vérifier en un écran"
GOOD, WARN, BAD = "✓", "!", "✗"
Line = tuple[str, str, str]

_UNWALLED = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'practice_id' AND NOT a.attisdropped
WHERE n.nspname = 'public' AND c.relkind = 'r'
AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1
"""
_ROLE = "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_SIZE = "SELECT pg_size_pretty(pg_database_size(current_database()))"
_BEAT = "SELECT max(last_heartbeat) FROM procrastinate_workers"
_FAILED = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"


def arguments(_parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_options: argparse.Namespace) -> int:
    """Print the screen."""
    with house.opened(migrated=False):
        lines = [line for part in PARTS for line in part()]
    for mark, title, text in lines:
        progress.say(f"{mark} {title:<18} {text}")
    return 1 if any(mark == BAD for mark, _title, _text in lines) else 0


def _one(query: str) -> Any:
    """The first column (or the row, if there are several) of a query's only line."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row[0] if row and len(row) == 1 else row


def base() -> Iterator[Line]:
    """Version, place and size of the database; what migrations wait."""
    where = "DATABASE_URL" if database.external_url() else str(folders.data_folder())
    yield GOOD, "Base", f"PostgreSQL {pg_tools.server_version()}, {_one(_SIZE)}, {where}"
    waiting = house.pending()
    if waiting:
        yield BAD, "Migrations", f"{len(waiting)} en attente : « secretariat migrate »"
    else:
        yield GOOD, "Migrations", "à jour"


def walls() -> Iterator[Line]:
    """Whether row-level security holds: the role obeys it, each practice table has it."""
    from django.db import connection

    role, above = _one(_ROLE)
    if above:
        yield BAD, "Rôle", f"« {role} » ignore la séparation des cabinets"
    else:
        yield GOOD, "Rôle", f"« {role} », soumis à la séparation des cabinets"
    with connection.cursor() as cursor:
        cursor.execute(_UNWALLED)
        open_tables = [name for (name,) in cursor.fetchall()]
    if open_tables:
        yield BAD, "Séparation", f"tables sans règle : {', '.join(open_tables)}"
    else:
        yield GOOD, "Séparation", "toutes les tables des cabinets sont cloisonnées"


def disk() -> Iterator[Line]:
    """Room left where the data are."""
    usage = shutil.disk_usage(folders.data_folder())
    free = usage.free / 1e9
    mark = BAD if free < 1 else WARN if free < 5 else GOOD
    yield mark, "Disque", f"{free:.0f} Go libres sur {usage.total / 1e9:.0f}"


def time() -> Iterator[Line]:
    """Our clock beside the database's, and whether the machine keeps it right."""
    ours, theirs = clock.now(), _one("SELECT clock_timestamp()")
    gap = abs((theirs - ours).total_seconds())
    synchronised = _synchronised()
    known = {True: "synchronisée", False: "non synchronisée", None: "synchronisation inconnue"}
    mark = BAD if gap > 5 else WARN if synchronised is False else GOOD
    text = f"{clock.local(ours, 'Europe/Paris'):%d/%m/%Y %H:%M:%S}, {known[synchronised]}"
    yield mark, "Horloge", text + (f", {gap:.0f} s d’écart avec la base" if gap > 1 else "")


def _synchronised() -> bool | None:
    """What systemd knows of network time; None where it is not there."""
    command = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
    try:
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.SubprocessError):
        return None
    return {"yes": True, "no": False}.get(said.stdout.strip())


def work() -> Iterator[Line]:
    """Whether a worker lives, and the jobs that failed."""
    if any(name.startswith("procrastinate") for name in house.pending()):
        return
    beat, now = _one(_BEAT), clock.now()
    if beat is None:
        yield BAD, "Travaux de fond", "aucun en marche : « secretariat serve » ou « worker »"
    elif now - beat > timedelta(minutes=1):
        yield BAD, "Travaux de fond", f"plus de nouvelles depuis {_ago(now - beat)}"
    else:
        yield GOOD, "Travaux de fond", "en marche"
    failed = _one(_FAILED)
    if failed:
        yield WARN, "Travaux échoués", f"{failed}"


def keeping() -> Iterator[Line]:
    """The last backup and the last anchor of the day book."""
    yield _aged("Sauvegarde", dump.latest(dump.default_folder()), "« secretariat backup »")
    kept = anchors.read()
    last = datetime.fromisoformat(kept[-1].at) if kept else None
    yield _aged("Ancre du journal", last, "écrite chaque nuit par les travaux de fond")


def _aged(title: str, last: datetime | None, remedy: str) -> Line:
    if last is None:
        return WARN, title, f"aucune ({remedy})"
    age = clock.now() - last
    mark = GOOD if age < timedelta(days=2) else WARN
    return mark, title, f"{clock.local(last, 'Europe/Paris'):%d/%m/%Y %H:%M}, il y a {_ago(age)}"


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} jours"


PARTS: tuple[Callable[[], Iterator[Line]], ...] = (base, walls, disk, time, work, keeping)
