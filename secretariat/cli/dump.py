"""A backup: one dated folder with the database, the documents, and the fingerprint of each file.

    2026-11-22T10-55-03Z/
        base.dump        pg_dump, custom format
        files/…          the documents
        anchors.jsonl    the day book's anchors
        manifest.json    versions, migrations
        SHA256SUMS       readable by `sha256sum -c`; covers everything above

The folder gets its name only when whole and written to disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from secretariat import __version__
from secretariat.cli import anchors, house, pg_tools
from secretariat.config import folders
from secretariat.config.cluster import last_line
from secretariat.config.postgres import Server
from secretariat.config.trouble import Trouble
from secretariat.core import clock

SUMS = "SHA256SUMS"


def default_folder() -> Path:
    """Where backups go when nothing else is said."""
    return folders.data_folder() / "backups"


def documents() -> Path:
    """Where the product keeps documents."""
    return folders.data_folder() / "files"


def save(server: Server | None, into: Path) -> Path:
    """Make a whole backup under `into`. Users may go on working meanwhile.

    Args:
        server: the embedded server, None for DATABASE_URL.

    Returns:
        The new folder.

    Raises:
        Trouble: pg_dump or the disk failed; nothing half-made is left under a final name.
    """
    at = clock.now()
    folder = into / at.strftime("%Y-%m-%dT%H-%M-%SZ")
    part = into / f"{folder.name}.part"
    try:
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.mkdir(mode=0o700)
        _fill(part, server, at)
        part.rename(folder)
        _sync(into)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise folders.unwritable(into, error) from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return folder


def _fill(part: Path, server: Server | None, at: datetime) -> None:
    anchors.drop(at)
    _run(pg_tools.dump(server, part / "base.dump"), "La sauvegarde de la base a échoué")
    if documents().exists():
        shutil.copytree(documents(), part / "files")
    if anchors.file().exists():
        shutil.copy(anchors.file(), part / "anchors.jsonl")
    manifest = {
        "product": __version__,
        "taken_at": at.isoformat(timespec="seconds"),
        "postgresql": pg_tools.server_version(),
        "migrations": sorted(".".join(each) for each in house.applied()),
    }
    (part / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    sums = {path.relative_to(part).as_posix(): _digest(path) for path in _files(part)}
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
    (part / SUMS).write_text("".join(lines))
    for path in _files(part):
        path.chmod(0o600)
        _sync(path)
    _sync(part)


def verified(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose every byte is the one that was written.

    Raises:
        Trouble: a file is missing, added or different.
    """
    listing = folder / SUMS
    if not listing.is_file():
        raise Trouble(f"{folder} n’est pas une sauvegarde : il n’y a pas de fichier {SUMS}.")
    try:
        lines = listing.read_text().splitlines()
        expected = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except ValueError as error:
        raise Trouble(f"Sauvegarde abîmée : {SUMS} est illisible.") from error
    present = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    present.pop(SUMS)
    for name in sorted(expected.keys() | present.keys()):
        if name not in present:
            raise Trouble(f"Sauvegarde incomplète : il manque {name}. Rien n’a été restauré.")
        if _digest(present[name]) != expected.get(name):
            raise Trouble(f"Sauvegarde abîmée : {name} a changé. Rien n’a été restauré.")
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return manifest


def load(server: Server | None, folder: Path, database: str) -> None:
    """Put the dump of `folder` into the empty `database`, in one transaction.

    Raises:
        Trouble: pg_restore failed; the database is empty as before.
    """
    _run(pg_tools.restore(server, folder / "base.dump", database), "La restauration a échoué")


def latest(into: Path) -> datetime | None:
    """When the last whole backup under `into` was made, UTC."""
    names = [path.parent.name for path in into.glob(f"*Z/{SUMS}")]
    if not names:
        return None
    return datetime.strptime(max(names), "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC)


def _run(call: tuple[list[str], dict[str, str]], failure: str) -> None:
    command, environment = call
    done = subprocess.run(
        command, env=environment, check=False, capture_output=True, text=True, errors="replace"
    )
    if done.returncode:
        raise Trouble(f"{failure} : {last_line(done.stderr)}")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
