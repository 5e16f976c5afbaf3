"""The `secretariat` command says what is wrong in one French sentence, with the right exit code."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from secretariat.cli.parser import COMMANDS, main
from tests.ops.conftest import Command


def _one_sentence(text: str) -> bool:
    return text.startswith("secretariat : ") and text.count("\n") == 1


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert [name for name in COMMANDS if name not in told] == ["django"]
    assert "show this help" not in told


@pytest.mark.parametrize("wrong", [[], ["nettoyer"], ["demo", "--port", "abc"]])
def test_wrong_usage_is_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("usage : secretariat")


def test_the_demo_refuses_a_public_address(secretariat: Command, data: Path) -> None:
    for arguments in (["--host", "0.0.0.0"], ["--host", "192.0.2.1", "--public"]):
        told = secretariat("demo", *arguments)
        assert told.returncode == 1
        assert _one_sentence(told.stderr)
        assert "adresse publique" in told.stderr
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_taken_port_is_told(secretariat: Command, data: Path, command: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = secretariat(command, PORT=str(port))
    assert told.returncode == 1
    assert _one_sentence(told.stderr)
    assert f"port {port} est déjà pris" in told.stderr
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("command", ["serve", "check", "backup", "worker", "verify-daybook"])
def test_nothing_but_migrate_demo_and_restore_makes_a_database(
    secretariat: Command, data: Path, command: str
) -> None:
    told = secretariat(command)
    assert told.returncode == 1
    assert _one_sentence(told.stderr)
    assert "Aucune base" in told.stderr
    assert not (data / "postgres").exists()


def test_a_data_folder_that_cannot_be_one(secretariat: Command, data: Path) -> None:
    (data / "occupé").write_text("")
    told = secretariat("migrate", SECRETARIAT_DATA=str(data / "occupé"))
    assert told.returncode == 1
    assert _one_sentence(told.stderr)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_rights(secretariat: Command, data: Path) -> None:
    data.chmod(stat.S_IRUSR | stat.S_IXUSR)
    told = secretariat("migrate")
    data.chmod(0o700)
    assert told.returncode == 1
    assert "droits insuffisants" in told.stderr


def test_an_unreadable_address_is_told(secretariat: Command) -> None:
    for wrong, why in (("mysql://a/b", "postgres://"), ("postgres://a:x/b", "illisible")):
        told = secretariat("check", DATABASE_URL=wrong)
        assert told.returncode == 1
        assert _one_sentence(told.stderr)
        assert why in told.stderr


def test_a_silent_server_is_told(secretariat: Command, free_port: int) -> None:
    told = secretariat("check", DATABASE_URL=f"postgres://a:b@127.0.0.1:{free_port}/c")
    assert told.returncode == 1
    assert _one_sentence(told.stderr)
    assert "ne répond pas" in told.stderr
