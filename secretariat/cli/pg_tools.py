"""pg_dump and pg_restore: which ones, as whom, and how they see every row.

Row-level security is forced on the tables' owner, so an ordinary dump would stop at the first
table (or, with --enable-row-security alone, silently hold nothing). Embedded server: the dump
runs as its superuser, through the private socket. External server: a login above the rules
dumps as itself; any other dumps as the owner, with row security on and the setting
`app.practices` listing every number that a practice ever had.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from secretariat.config import cluster, database, postgres
from secretariat.config.trouble import Trouble

Call = tuple[list[str], dict[str, str]]


def server_version() -> str:
    """The version of the server in use, as it names itself: « 18.4 »."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    return str(version).split()[0]


def dump(server: postgres.Server | None, into: Path) -> Call:
    """The call (command, environment) that writes a whole dump to `into`."""
    command = ["--format=custom", f"--file={into}", "--no-owner", "--no-privileges"]
    if server:
        program = str(server.binaries / "bin/pg_dump")
        address = server.address(user=cluster.SUPERUSER)
        return [program, *command, f"--dbname={address}"], _environment()
    from secretariat.practice.everywhere import last_practice

    program = _program("pg_dump")
    # A login above the rules took the application's role: it dumps as itself.
    if os.environ.get("SECRETARIAT_DB_ROLE"):
        return [program, *command], _external()
    everyone = ",".join(str(number) for number in range(1, last_practice() + 1))
    environment = _external()
    environment["PGOPTIONS"] = f"-c app.practices={{{everyone}}}"
    return [program, *command, "--enable-row-security"], environment


def restore(server: postgres.Server | None, dumped: Path, name: str) -> Call:
    """The call that loads `dumped` into the empty database `name`, all or nothing."""
    command = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    if server:
        program = str(server.binaries / "bin/pg_restore")
        address = server.address(name=name)
        return [program, *command, f"--dbname={address}", str(dumped)], _environment()
    if role := os.environ.get("SECRETARIAT_DB_ROLE"):
        command.append(f"--role={role}")
    return [_program("pg_restore"), *command, f"--dbname={name}", str(dumped)], _external()


def _environment() -> dict[str, str]:
    """Ours, without the PG… variables that could lead a tool elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C"}


def _external() -> dict[str, str]:
    """libpq's variables for DATABASE_URL: the password is not on the command line."""
    found = database.parsed(database.external_url() or "")
    given = {
        "PGHOST": found["HOST"],
        "PGPORT": found["PORT"],
        "PGUSER": found["USER"],
        "PGPASSWORD": found["PASSWORD"],
        "PGDATABASE": found["NAME"],
        "PGSSLMODE": found["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": found["OPTIONS"].get("sslrootcert", ""),
    }
    return {**_environment(), **{name: value for name, value in given.items() if value}}


def _program(name: str) -> str:
    """`name` of the machine if it is as recent as the external server, else the wheel's.

    Raises:
        Trouble: neither is recent enough.
    """
    wanted = int(server_version().split(".")[0])
    candidates = [shutil.which(name), str(cluster.programs() / "bin" / name)]
    for candidate in candidates:
        if candidate and _major(candidate) >= wanted:
            return candidate
    raise Trouble(f"Il faut {name} version {wanted} au moins pour ce serveur PostgreSQL.")


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True)
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found[1]) if found else 0
