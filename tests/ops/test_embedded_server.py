"""The embedded PostgreSQL is private, survives kill -9, and is stopped by the last who leaves."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from secretariat.config import postgres
from secretariat.config.trouble import Trouble
from tests.ops.conftest import environment


def _server_processes(data: Path) -> list[psutil.Process]:
    home = (data / "postgres").resolve()
    found = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.name().startswith("postgres") and Path(process.cwd()) == home:
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_nobody_else_reaches_it(data: Path) -> None:
    with postgres.running(data, create=True, durable=False) as server:
        for folder in (server.sockets, data / "postgres"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        with psycopg.connect(server.address()) as connection:
            shown = connection.execute("SHOW listen_addresses").fetchone()
            role = connection.execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin"
                " FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
        assert shown == ("",)
        assert role == (False, False, False, False, True)
        listening = [c for p in _server_processes(data) for c in p.net_connections("inet")]
        assert listening == []


def test_the_last_who_leaves_stops_it(site: Path) -> None:
    with postgres.running(site, durable=False) as first:
        with postgres.running(site) as second:
            assert second.fresh is False
        with psycopg.connect(first.address()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert _server_processes(site) == []


def test_two_starting_at_once_share_one_server(data: Path) -> None:
    barrier, told = threading.Barrier(4, timeout=60), []

    def start() -> None:
        barrier.wait()
        with postgres.running(data, create=True, durable=False) as server:
            with psycopg.connect(server.address()) as connection:
                told.append(connection.execute("SELECT pg_postmaster_start_time()").fetchone())
            barrier.wait()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 4
    assert len(set(told)) == 1


_WRITER = """
import sys
import psycopg
from pathlib import Path
from secretariat.config import postgres
with postgres.running(Path(sys.argv[1])) as server:
    with psycopg.connect(server.address(), autocommit=True) as connection:
        number = 0
        while True:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
            print(number, flush=True)
            number += 1
"""


@pytest.mark.parametrize("orphans", [False, True], ids=["everything", "only the postmaster"])
def test_kill_9_loses_nothing_that_was_acknowledged(site: Path, orphans: bool) -> None:
    with postgres.running(site, durable=False, keep=True) as server:
        with psycopg.connect(server.address(), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (number integer)")
        writer = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(site)],
            env=environment(site),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout
        for _ in range(200):
            acknowledged = int(writer.stdout.readline())
        processes = _server_processes(site)
        main = int((site / "postgres/postmaster.pid").read_text().split()[0])
        for number in [writer.pid, *(process.pid for process in processes)]:
            if number == main or not orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
        writer.kill()
        acknowledged = max([acknowledged, *(int(line) for line in writer.stdout.read().split())])
        writer.wait()
    start = time.monotonic()
    with postgres.running(site, durable=False) as server:
        assert time.monotonic() - start < 10
        with psycopg.connect(server.address()) as connection:
            row = connection.execute("SELECT max(number), count(*) FROM kept").fetchone()
    assert row
    assert row[0] >= acknowledged
    assert row[1] == row[0] + 1


def test_what_is_acknowledged_is_on_the_disk(site: Path) -> None:
    with postgres.running(site) as server:
        with psycopg.connect(server.address()) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
                assert connection.execute(f"SHOW {setting}").fetchone() == ("on",)


def test_a_stale_lock_whose_number_was_taken_does_not_matter(site: Path) -> None:
    with postgres.running(site, durable=False):
        pass
    (site / "postgres/postmaster.pid").write_text(f"{os.getpid()}\n{site}\n0\n5432\n\n\n")
    with (
        postgres.running(site, durable=False) as server,
        psycopg.connect(server.address()) as connection,
    ):
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_long_path_gets_a_short_private_socket(data: Path) -> None:
    deep = data / ("très-long-" * 12)
    deep.mkdir(mode=0o711)
    with postgres.running(deep, create=True, durable=False) as server:
        assert len(os.fsencode(server.sockets)) < 60
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
        with psycopg.connect(server.address()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    server.sockets.rmdir()


def test_no_empty_database_is_made_beside_a_missing_one(data: Path) -> None:
    with pytest.raises(Trouble, match="Aucune base"), postgres.running(data):
        pass
    (data / "postgres").mkdir()
    with (
        pytest.raises(Trouble, match="n’est pas une base"),
        postgres.running(data, create=True, durable=False),
    ):
        pass
    assert list((data / "postgres").iterdir()) == []


def test_another_major_version_is_refused(data: Path) -> None:
    cluster = data / "postgres"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(Trouble, match="PostgreSQL 15"), postgres.running(data):
        pass


def test_logs_hold_no_names(site: Path) -> None:
    with postgres.running(site, durable=False) as server:
        with psycopg.connect(server.address(), autocommit=True) as connection:
            connection.execute("CREATE TABLE one (name text UNIQUE)")
            connection.execute("INSERT INTO one VALUES ('Tartempion')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO one VALUES ('Tartempion')")
    logged = "".join(path.read_text() for path in (site / "postgres/log").iterdir())
    assert "duplicate key" in logged
    assert "Tartempion" not in logged
