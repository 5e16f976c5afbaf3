"""What was saved comes back whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from secretariat.config import postgres
from tests.ops.conftest import command


@pytest.fixture
def saved(site: Path) -> Iterator[Path]:
    """The folder of a site's backup; its server runs meanwhile."""
    with postgres.running(site, durable=False):
        told = command(site, "backup")
        assert told.returncode == 0, told.stderr
        yield next((site / "backups").glob("*Z"))


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
                    f"SELECT md5(string_agg(t::text, '\n' ORDER BY t::text)) FROM \"{name}\" t"
                ).fetchone()
                digests[name] = str(row and row[0])
    return digests


def test_a_backup_is_private(saved: Path) -> None:
    assert saved.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in saved.rglob("*") if path.is_file())


def test_it_comes_back_whole_elsewhere(site: Path, saved: Path, data: Path) -> None:
    other = data
    with postgres.running(other, create=True, durable=False):
        told = command(other, "restore", str(saved))
        assert told.returncode == 0, told.stderr
        assert _rows(other) == _rows(site)
        assert (other / "files/lettre.txt").read_text() == "Chère consœur"
        told = command(other, "verify-daybook")
        assert told.returncode == 0, told.stdout
        assert "journal juste" in told.stdout
        _forge(other)
        told = command(other, "verify-daybook")
        assert told.returncode == 1
        assert "ligne 2" in told.stdout


def _forge(data: Path) -> None:
    """Rewrite a line of the day book as someone with all rights on the database could."""
    with postgres.running(data, durable=False) as server:
        with psycopg.connect(server.address(user="postgres"), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE privacy_entry SET by_name = 'Autre' WHERE number = 2")


def test_one_flipped_byte_and_nothing_is_restored(saved: Path, tmp_path: Path) -> None:
    for name in ("base.dump", "files/lettre.txt", "manifest.json", "SHA256SUMS"):
        copy = tmp_path / name.replace("/", "-")
        shutil.copytree(saved, copy)
        content = bytearray((copy / name).read_bytes())
        content[len(content) // 2] ^= 1
        (copy / name).write_bytes(content)
        told = command(tmp_path / "nowhere", "restore", str(copy))
        assert told.returncode == 1
        assert told.stderr.startswith("secretariat : Sauvegarde")
        assert not (tmp_path / "nowhere").exists()


def test_a_base_with_content_is_replaced_only_when_asked_and_saved_first(
    site: Path, saved: Path
) -> None:
    before = _rows(site)
    told = command(site, "restore", str(saved))
    assert told.returncode == 1
    assert "n’est pas vide" in told.stderr
    assert _rows(site) == before
    told = command(site, "restore", "--replace", "--yes", str(saved))
    assert told.returncode == 0, told.stderr
    assert _rows(site) == before
    assert len(list((site / "backups").glob("*Z"))) == 2


def test_check_says_what_is_missing(site: Path, saved: Path) -> None:
    told = command(site, "check")
    assert told.returncode == 1  # no worker lives here
    assert saved.name[:4] in told.stdout
    marks = {line[2:20].strip(): line[0] for line in told.stdout.splitlines()}
    assert marks["Base"] == marks["Rôle"] == marks["Séparation"] == marks["Sauvegarde"] == "✓"
    assert marks["Travaux de fond"] == "✗"


LATER = "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())"
OLDER = "DELETE FROM django_migrations WHERE app = 'agenda' AND name > '0012'"


@pytest.mark.parametrize(
    ("change", "why"),
    [(LATER, "plus récente que ce programme"), (OLDER, "trop ancienne pour ce programme")],
)
def test_a_base_of_another_age_is_refused(site: Path, change: str, why: str) -> None:
    with postgres.running(site, durable=False) as server:
        with psycopg.connect(server.address(), autocommit=True) as connection:
            connection.execute(change)
        told = command(site, "migrate")
    assert told.returncode == 1
    assert why in told.stderr
