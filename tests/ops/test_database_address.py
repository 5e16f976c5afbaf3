"""DATABASE_URL becomes a connection that obeys row-level security from its first moment."""

from __future__ import annotations

import pytest

from secretariat.config import database
from secretariat.config.trouble import Trouble


def test_every_part_of_the_address_is_understood() -> None:
    found = database.parsed("postgres://al%40ice:p%2Fw@db.example:5433/cab?sslmode=require")
    assert (found["USER"], found["PASSWORD"]) == ("al@ice", "p/w")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "cab")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_a_socket_folder_is_an_address_too() -> None:
    found = database.parsed("postgresql:///cab?host=/run/postgresql&user=moi")
    assert (found["HOST"], found["USER"], found["NAME"]) == ("/run/postgresql", "moi", "cab")
    assert "host" not in found["OPTIONS"]


def test_the_safe_role_is_taken_at_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRETARIAT_DB_ROLE", "secretariat")
    given = database.parsed("postgres://boss@db/cab?options=-c%20work_mem%3D8MB")
    assert given["OPTIONS"]["options"].startswith("-c work_mem=8MB -c ")
    assert "-c role=secretariat" in given["OPTIONS"]["options"]


@pytest.mark.parametrize("wrong", ["sqlite:///x", "postgres://db:abc/x", "postgres://db/"])
def test_what_cannot_be_an_address_is_refused(wrong: str) -> None:
    with pytest.raises(Trouble):
        database.parsed(wrong)
