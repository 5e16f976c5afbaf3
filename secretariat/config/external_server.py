"""The external PostgreSQL: is it recent enough, and is our role harmless there?"""

from __future__ import annotations

import contextlib

import psycopg
from psycopg import sql

from secretariat.config.trouble import Trouble

OLDEST = 15
Connection = psycopg.Connection[tuple[object, ...]]


def safe_role(url: str, wanted: str) -> str | None:
    """The role that each connection must take, or None when the login's own role is safe.

    Args:
        url: DATABASE_URL.
        wanted: name of the role to create (once) for a login that is above row-level security.

    Raises:
        Trouble: unreachable, too old, or no safe role can be had.
    """
    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
            _recent_enough(connection)
            if not _above_the_rules(connection, connection.info.user):
                return None
            _make(connection, wanted)
            return wanted
    except psycopg.OperationalError as error:
        raise Trouble(f"PostgreSQL (DATABASE_URL) ne répond pas : {_first_line(error)}") from error
    except psycopg.Error as error:
        raise Trouble(
            f"Le rôle de DATABASE_URL ignore la séparation des cabinets et le rôle « {wanted} » "
            f"n’a pas pu être créé : {_first_line(error)}"
        ) from error


def _recent_enough(connection: Connection) -> None:
    version = connection.info.server_version
    if version < OLDEST * 10000:
        raise Trouble(
            f"PostgreSQL {version // 10000} est trop ancien : il faut la version {OLDEST} au moins."
        )


def _above_the_rules(connection: Connection, role: str) -> bool:
    """Whether row-level security does not hold for `role`."""
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()
    return row is None or bool(row[0])


def _make(connection: Connection, role: str) -> None:
    """Create `role` unless it exists, and let it own objects in this database."""
    name, base = sql.Identifier(role), sql.Identifier(connection.info.dbname)
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if not exists:
        # Two processes may come here together: the second finds the role made.
        with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            connection.execute(
                sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS").format(name)
            )
    if _above_the_rules(connection, role):
        raise Trouble(
            f"Le rôle PostgreSQL « {role} » est superutilisateur ou BYPASSRLS : "
            "retirez-lui ce droit, la séparation des cabinets en dépend."
        )
    allowed = connection.execute(
        "SELECT pg_has_role(%s, 'MEMBER'), has_database_privilege(%s, %s, 'CREATE'),"
        " has_schema_privilege(%s, 'public', 'CREATE')",
        [role, role, connection.info.dbname, role],
    ).fetchone()
    if allowed == (True, True, True):
        return
    connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    connection.execute(sql.SQL("GRANT ALL ON DATABASE {} TO {}").format(base, name))
    connection.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(name))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def allow_databases(url: str, role: str) -> None:
    """Let `role` create databases: for the tests' own, never for a running practice."""
    with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(role)))
