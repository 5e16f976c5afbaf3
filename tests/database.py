"""The suite's own PostgreSQL: a throw-away embedded server, or the one of DATABASE_URL.

Loaded by pytest before Django reads its settings (`-p tests.database` in pyproject.toml). The
server starts only when a test asks for the database.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from secretariat.config import database, external_server, postgres
from secretariat.config.trouble import Trouble

_PREFIX = "secretariat-tests-"


def _place() -> Path:
    """Memory rather than disk where there is room: the suite's data live for minutes."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 3e9:
        return memory
    return _disk()


def _disk() -> Path:
    return Path(tempfile.gettempdir())


def _throw_away_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_place()))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the system user of the server must pass
    return folder


def _sweep() -> None:
    """Stop and remove what a killed session left."""
    for folder in [*_place().glob(f"{_PREFIX}*"), *_disk().glob(f"{_PREFIX}*")]:
        used = folder / "postgres.users"
        if not used.exists() or used.stat().st_uid != os.geteuid():
            continue
        with used.open("r+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            postgres.stop(postgres.cluster_folder(folder))
        shutil.rmtree(folder, ignore_errors=True)


def _external(url: str) -> None:
    """The tests' role on the external server: bound by row-level security, may create databases."""
    try:
        role = external_server.safe_role(url, "secretariat_tests")
        if role:
            external_server.allow_databases(url, role)
            os.environ["SECRETARIAT_DB_ROLE"] = role
    except Trouble as trouble:
        pytest.exit(trouble.sentence, returncode=2)
    os.environ["SECRETARIAT_DB_PROBED"] = url


# Set now: pytest-django reads the settings before any hook of ours.
FOLDER = _throw_away_folder()
os.environ["SECRETARIAT_DATA"] = str(FOLDER)
if _url := database.external_url():
    _external(_url)


@contextlib.contextmanager
def server() -> Iterator[None]:
    """The server runs from the first test that needs the database to the end of the session."""
    if database.external_url():
        yield
        return
    with postgres.running(FOLDER, create=True, durable=False) as running:
        external_server.allow_databases(
            running.address(user="postgres", name="postgres"), postgres.NAME
        )
        yield


def pytest_configure() -> None:
    """Clean up once, before any process of this session starts a server."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _sweep()


def pytest_unconfigure() -> None:
    """Leave nothing on the disk."""
    shutil.rmtree(FOLDER, ignore_errors=True)
