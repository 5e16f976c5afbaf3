"""What was saved comes back whole, or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess, run
from sys import executable

import psycopg
import pytest

from secretariat.config import postgres
from tests import database
from tests.ops.conftest import environment


def _secretariat(data: Path, *arguments: str) -> CompletedProcess[str]:
    return run(
        [executable, "-m", "secretariat", *arguments],
        env=environment(data),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(dir=database.FOLDER))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    """A site with one practice, a document and a backup; its server runs meanwhile."""
    data = _folder()
    with postgres.running(data, create=True, durable=False):
        for arguments in (
            ["migrate"],
            ["new-practice", "Cabinet des Tilleuls", "--manager", "keller"],
        ):
            told = _secretariat(data, *arguments)
            assert told.returncode == 0, told.stderr
        (data / "files").mkdir()
        (data / "files/lettre.txt").write_text("Chère consœur")
        told = _secretariat(data, "backup")
        assert told.returncode == 0, told.stderr
        yield data
    shutil.rmtree(data)


def _backup(data: Path) -> Path:
    return next((data / "backups").glob("*Z"))


def _rows(data: Path) -> dict[str, str]:
    """A digest of every table's rows, read above row-level security."""
    with postgres.running(data, durable=False) as server:
        with psycopg.connect(server.address(user="postgres")) as connection:
            tables = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace ORDER BY 1"
            ).fetchall()
            digests = {}
            for (name,) in tables:
                row = connection.execute(
                    f"SELECT md5(string_agg(t::text, '\n' ORDER BY t::text)) FROM \"{name}\" t"  # type: ignore[arg-type]
                ).fetchone()
                digests[name] = str(row and row[0])
    return digests


def test_a_backup_is_private(site: Path) -> None:
    folder = _backup(site)
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*") if path.is_file())


def test_it_comes_back_whole_elsewhere(site: Path) -> None:
    other = _folder()
    with postgres.running(other, create=True, durable=False):
        told = _secretariat(other, "restore", str(_backup(site)))
        assert told.returncode == 0, told.stderr
        assert _rows(other) == _rows(site)
        assert (other / "files/lettre.txt").read_text() == "Chère consœur"
        told = _secretariat(other, "verify-daybook")
        assert told.returncode == 0, told.stdout
        assert "journal juste" in told.stdout
        _forge(other)
        told = _secretariat(other, "verify-daybook")
        assert told.returncode == 1
        assert "ligne 2" in told.stdout
    shutil.rmtree(other)


def _forge(data: Path) -> None:
    """Rewrite a line of the day book as someone with all rights on the database could."""
    with postgres.running(data, durable=False) as server:
        with psycopg.connect(server.address(user="postgres"), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE privacy_entry SET by_name = 'Autre' WHERE number = 2")


@pytest.mark.parametrize("name", ["base.dump", "files/lettre.txt", "manifest.json", "SHA256SUMS"])
def test_one_flipped_byte_and_nothing_is_restored(site: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(_backup(site), copy)
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    told = _secretariat(tmp_path / "nowhere", "restore", str(copy))
    assert told.returncode == 1
    assert told.stderr.startswith("secretariat : Sauvegarde")
    assert not (tmp_path / "nowhere").exists()


def test_a_base_with_content_is_not_overwritten(site: Path) -> None:
    before = _rows(site)
    told = _secretariat(site, "restore", str(_backup(site)))
    assert told.returncode == 1
    assert "n’est pas vide" in told.stderr
    assert _rows(site) == before


def test_replacing_saves_first(site: Path) -> None:
    before, saved = _rows(site), _backup(site)
    told = _secretariat(site, "restore", "--replace", "--yes", str(saved))
    assert told.returncode == 0, told.stderr
    assert _rows(site) == before
    assert len(list((site / "backups").glob("*Z"))) == 2


def test_check_says_what_is_missing(site: Path) -> None:
    told = _secretariat(site, "check")
    assert told.returncode == 1  # no worker lives here
    marks = {line[2:20].strip(): line[0] for line in told.stdout.splitlines()}
    assert marks["Base"] == marks["Rôle"] == marks["Séparation"] == marks["Sauvegarde"] == "✓"
    assert marks["Travaux de fond"] == "✗"


def test_old_code_refuses_a_newer_base(site: Path) -> None:
    later = (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())"
    )
    with postgres.running(site, durable=False) as server:
        with psycopg.connect(server.address(), autocommit=True) as connection:
            connection.execute(later)
            told = _secretariat(site, "serve")
            connection.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    assert told.returncode == 1
    assert "plus récente que ce programme" in told.stderr
