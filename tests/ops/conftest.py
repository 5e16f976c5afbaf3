"""A data folder of one's own, and the `secretariat` command run as a person would."""

from __future__ import annotations

import functools
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


def own_folder() -> Path:
    """A new folder that the server's system user can reach."""
    folder = Path(tempfile.mkdtemp(dir=database.FOLDER))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def command(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `secretariat …` on `data`; returns what it said."""
    return subprocess.run(
        [sys.executable, "-m", "secretariat", *arguments],
        env={**environment(data), **variables},
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
    )


@pytest.fixture
def data() -> Iterator[Path]:
    """An empty data folder; its server is stopped after."""
    folder = own_folder()
    yield folder
    postgres.stop(postgres.cluster_folder(folder))
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template() -> Path:
    """A stopped site with one practice and one document, made once and copied."""
    folder = own_folder()
    (folder / "files").mkdir(mode=0o700)
    (folder / "files/lettre.txt").write_text("Chère consœur")
    with postgres.running(folder, create=True, durable=False):
        for arguments in (
            ["migrate"],
            [
                "new-practice",
                "Cabinet des Tilleuls",
                "--manager",
                "keller",
                "--practitioner",
                "Lefèvre:Médecine générale",
            ],
        ):
            told = command(folder, *arguments)
            assert told.returncode == 0, told.stderr
    return folder


@pytest.fixture
def site(template: Path) -> Iterator[Path]:
    """A site of one's own, with one practice; its server is stopped after."""
    folder = own_folder()
    subprocess.run(["cp", "-a", f"{template}/.", str(folder)], check=True)
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
    """Runs `secretariat …` on the empty folder `data`."""
    return functools.partial(command, data)


@pytest.fixture
def free_port() -> int:
    """A port where nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
