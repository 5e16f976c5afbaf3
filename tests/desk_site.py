"""A real site for journeys and races: its own database, small demo practices, a real web server.

`desk` starts it once a session, in a database beside the tests' own; what a journey changes
stays for the next, so each works with patients and times of its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

NAME = "secretariat_site_" + os.environ.get("PYTEST_XDIST_WORKER", "alone")
SEED = """
import django; django.setup()
from secretariat.cli import demo_mark
from secretariat.demo import seed
seed.run(lambda words: None, people={"tilleuls": 90, "port": 40}, days=range(-3, 12))
demo_mark.write(demo_mark.DONE)
"""


@dataclass(frozen=True)
class Desk:
    """Where the site listens, and how its database is reached."""

    url: str
    database_url: str
    process: subprocess.Popen[bytes]

    def query(
        self, sql: str, *values: object, practice: str = "tilleuls"
    ) -> list[tuple[object, ...]]:
        """Look into the site's database, as the application's role, inside a practice."""
        with psycopg.connect(self.database_url) as found:
            found.execute("SELECT set_config('app.practices', %s, false)", [_every_practice()])
            found.execute(
                "SELECT set_config('app.practices', '{' || id || '}', false) "
                "FROM practice_practice WHERE slug = %s", [practice],
            )  # fmt: skip
            return found.execute(sql, values).fetchall()


def _every_practice() -> str:
    return "{" + ",".join(str(pk) for pk in range(1, 100)) + "}"


@pytest.fixture(scope="session")
def desk(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Desk]:
    """The site, running; stopped at the end of the session."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        url = _database()
    fill(url)
    with serving(url) as site:
        yield site


def fill(url: str, seed: str = SEED) -> None:
    """Migrate an empty database and invent its practices."""
    run(url, "-m", "django", "migrate", "--verbosity", "0")
    run(url, "-c", seed)


@contextlib.contextmanager
def serving(url: str) -> Iterator[Desk]:
    """A web server on a database, as the demonstration starts it."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "granian", "--interface", "wsgi", "--no-ws",
         "--log-level", "error", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
         "--blocking-threads", "8", "secretariat.config.wsgi:application"],
        env=environment(url) | {"SECRETARIAT_URL": address}, start_new_session=True,
    )  # fmt: skip
    try:
        _wait(f"{address}/readyz", server)
        yield Desk(address, url, server)
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def run(url: str, *arguments: str) -> str:
    """Run Python on a database; answers what it printed."""
    told = subprocess.run(
        [sys.executable, *arguments], env=environment(url), check=False, capture_output=True,
        text=True,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-3000:]
    return told.stdout


def environment(url: str) -> dict[str, str]:
    """What a process of the product needs to work on a database."""
    return {
        **os.environ,
        "DATABASE_URL": url,
        "SECRETARIAT_DB_PROBED": url,
        "SECRETARIAT_DEMO": "1",
        "SECRETARIAT_OUTBOX_HOSTS": "127.0.0.1",  # mail and SMS servers of the journeys
        "DJANGO_SETTINGS_MODULE": "secretariat.config.settings",
        "PYTHONPATH": str(Path.cwd()),
    }


def _database() -> str:
    """A database beside the tests' own, with its schema; its address as DATABASE_URL."""
    parameters = connection.get_connection_params()
    connection.close()  # a database that is copied has no visitors
    keys = ("host", "port", "user", "password")
    given: dict[str, Any] = {key: str(parameters[key]) for key in keys if parameters.get(key)}
    options = str(parameters.get("options", ""))
    with psycopg.connect(dbname="postgres", options=options, autocommit=True, **given) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME} TEMPLATE {parameters['dbname']}")
    query = "&".join(f"{key}={quote(value, safe='')}" for key, value in given.items())
    return f"postgresql:///{NAME}?{query}"


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the web server died at once"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError(f"{address} does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
