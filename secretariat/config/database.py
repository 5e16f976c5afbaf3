"""Which PostgreSQL: our embedded one, or the one that DATABASE_URL names.

`databases()` is what settings read: it opens no connection. `probe()` is what the command line
asks once before it starts anything; its findings travel to children in the environment.
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from secretariat.config import folders
from secretariat.config.trouble import Trouble

OLDEST = 15
APPLICATION_ROLE = "secretariat"

# What a clinic's screens need of each connection; milliseconds.
_SESSION = {
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "120000",
}


def external_url() -> str | None:
    """DATABASE_URL when another PostgreSQL than ours is wanted."""
    return os.environ.get("DATABASE_URL") or None


def databases() -> dict[str, dict[str, Any]]:
    """Django's DATABASES. No connection is opened.

    Raises:
        Trouble: DATABASE_URL cannot be understood.
    """
    url = external_url()
    base = parsed(url) if url else embedded()
    # psycopg's word for "may prepare"; only core/prepared.py does.
    prepares = os.environ.get("SECRETARIAT_PREPARED", "1") == "1"
    base["OPTIONS"]["prepare_threshold"] = 5 if prepares else None
    return {
        "default": {
            "ENGINE": "secretariat.core.postgresql",
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "ATOMIC_REQUESTS": False,
            **base,
        }
    }


def embedded() -> dict[str, Any]:
    """The connection to the embedded server of the data folder, through its private socket."""
    from secretariat.config import postgres

    return {
        "NAME": APPLICATION_ROLE,
        "USER": APPLICATION_ROLE,
        "HOST": str(postgres.socket_folder(folders.data_folder())),
        "PORT": str(postgres.PORT),
        "OPTIONS": {"options": _startup_options(None)},
    }


def parsed(url: str) -> dict[str, Any]:
    """Django's dict for postgres://user:password@host:port/name?sslmode=…

    Raises:
        Trouble: not a PostgreSQL address, or without the name of a database.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Trouble("DATABASE_URL est illisible : vérifiez l’adresse et le port.") from error
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Trouble("DATABASE_URL doit commencer par postgres:// (PostgreSQL seulement).")
    query = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/")) or query.pop("dbname", "")
    if not name:
        raise Trouble("DATABASE_URL doit finir par le nom de la base : postgres://…/secretariat.")
    given = query.pop("options", "")
    options: dict[str, Any] = {
        **query,
        "options": f"{given} {_startup_options(os.environ.get('SECRETARIAT_DB_ROLE'))}".strip(),
    }
    return {
        "NAME": name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or options.pop("host", "")),
        "PORT": str(port or ""),
        "OPTIONS": options,
    }


def _startup_options(role: str | None) -> str:
    """The `options` of libpq: session settings, and the role to take from the first moment.

    Given at connection, they hold for every client alike: Django, the worker, pg_dump.
    """
    settings = dict(_SESSION)
    if role:
        settings["role"] = role
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def probe() -> None:
    """Check the external server once, and make every connection safe for row-level security.

    A superuser, or a role with BYPASSRLS, would see every practice's rows: the role
    `secretariat` (no login, no such right) is created once and taken by every connection.

    Raises:
        Trouble: unreachable, older than PostgreSQL 15, or a role that cannot be made safe.
    """
    url = external_url()
    if url is None or os.environ.get("SECRETARIAT_DB_PROBED") == url:
        return
    parsed(url)
    from secretariat.config import external_server

    role = external_server.safe_role(url, APPLICATION_ROLE)
    if role:
        os.environ["SECRETARIAT_DB_ROLE"] = role
    else:
        os.environ.pop("SECRETARIAT_DB_ROLE", None)
    os.environ["SECRETARIAT_DB_PROBED"] = url
