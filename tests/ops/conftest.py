"""A data folder of one's own, and the `secretariat` command run as a person would."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from secretariat.config import postgres
from tests import database

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that the server's system user can reach; its server is stopped after."""
    folder = Path(tempfile.mkdtemp(dir=database.FOLDER))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield folder
    postgres.stop(postgres.cluster_folder(folder))
    shutil.rmtree(folder)


def environment(data: Path) -> dict[str, str]:
    """The suite's environment, for the embedded server of `data`."""
    ours = {"DATABASE_URL", "SECRETARIAT_DB_ROLE", "SECRETARIAT_DB_PROBED", "HOST", "PORT"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "SECRETARIAT_DATA": str(data)}


@pytest.fixture
def secretariat(data: Path) -> Command:
    """Runs `secretariat …` on `data` and returns what it said."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "secretariat", *arguments],
            env={**environment(data), **variables},
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    return run


@pytest.fixture
def free_port() -> int:
    """A port where nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
