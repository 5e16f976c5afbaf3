"""kill -9 in the middle of an import: nothing written, the file ready, the next time whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from string import ascii_uppercase as LETTERS

import psycopg

from secretariat.config import postgres
from tests.ops.conftest import command, environment

_LINES = 2600


def _people() -> str:
    lines = ["N° dossier;Nom de naissance;Prénoms;Date de naissance;Sexe"]
    for n in range(_LINES):
        name = "".join(LETTERS[n // 26**place % 26] for place in range(3))
        lines.append(f"{n};{name}ERIN;Anne;{n % 28 + 1:02}/{n % 12 + 1:02}/{1930 + n % 80};F")
    return "\n".join([*lines, ""])


def _kill_in_the_middle(site: Path, asked: list[str]) -> None:
    """Start an import, and kill it once a part of its lines was written."""
    work = subprocess.Popen(
        [sys.executable, "-m", "secretariat", *asked], env=environment(site), text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert work.stderr is not None
    for line in work.stderr:
        read = line.split(":")[-1].split("/")[0].strip()
        if read.isdecimal() and int(read) >= 1500:
            break
    os.kill(work.pid, signal.SIGKILL)
    assert work.wait() == -signal.SIGKILL
    work.stderr.close()


def test_a_killed_import_writes_nothing_and_can_be_done_again(site: Path, tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text(_people(), encoding="utf-8")
    asked = ["import-patients", str(table), "--as", "keller"]
    with postgres.running(site, durable=False) as server:
        _kill_in_the_middle(site, asked)
        address = server.address(user="secretariat", name="secretariat")
        with psycopg.connect(address) as found:
            found.execute("SELECT set_config('app.practices', '{1}', false)")
            assert found.execute("SELECT count(*) FROM patients_patient").fetchone() == (0,)
            state = found.execute("SELECT state, created FROM interop_importfile").fetchone()
        assert state == ("ready", 0)
        again = command(site, *asked)
        assert f"{_LINES} créées" in again.stdout, again.stdout + again.stderr
