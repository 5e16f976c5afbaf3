"""`serve` starts everything, stops everything it started, and nothing else."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from secretariat.config import postgres
from tests.ops.conftest import environment


@contextlib.contextmanager
def _serving(data: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`secretariat serve`, once it says that it is running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "secretariat", "serve", "--port", str(port)],
        env=environment(data),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert "en marche" in process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.wait()


def _gone(processes: list[psutil.Process], seconds: float) -> bool:
    _ended, alive = psutil.wait_procs(processes, timeout=seconds)
    return [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []


def _wait_for_worker(server: postgres.Server) -> None:
    deadline = time.monotonic() + 60
    with psycopg.connect(server.address(), autocommit=True) as connection:
        while not connection.execute("SELECT 1 FROM procrastinate_workers").fetchone():
            assert time.monotonic() < deadline, "no worker"
            time.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_runs_then_stops(site: Path, free_port: int, how: signal.Signals) -> None:
    data = site
    with postgres.running(data, durable=False) as server:
        with _serving(data, free_port) as process:
            with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/readyz", timeout=30) as page:
                assert page.status == 200
            _wait_for_worker(server)
            assert '"practice": 1' in (data / "anchors.jsonl").read_text()
            family = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(how)
            code = process.wait(timeout=30)
            assert code == (0 if how != signal.SIGKILL else -signal.SIGKILL)
            assert _gone(family, 20)
        # Still used by this test: leaving is not stopping for others.
        assert (data / "postgres/postmaster.pid").exists()
    assert not (data / "postgres/postmaster.pid").exists()


def test_a_database_killed_under_it_comes_back_alone(site: Path, free_port: int) -> None:
    with _serving(site, free_port) as process:
        address = f"http://127.0.0.1:{free_port}/readyz"
        main = int((site / "postgres/postmaster.pid").read_text().split()[0])
        os.kill(main, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while not _answers(address) or not _other_server(site, main):
            assert time.monotonic() < deadline, "it did not come back"
            time.sleep(0.1)
        assert process.poll() is None
        process.terminate()
        assert process.wait(timeout=30) == 0
    assert not (site / "postgres/postmaster.pid").exists()


def _other_server(site: Path, main: int) -> bool:
    try:
        return int((site / "postgres/postmaster.pid").read_text().split()[0]) != main
    except (OSError, IndexError):
        return False


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as page:
            return bool(page.status == 200)
    except OSError:
        return False
