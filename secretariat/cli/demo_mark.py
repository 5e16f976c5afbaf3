"""A database knows whether it is a demonstration: known passwords must never serve patients."""

from __future__ import annotations

from django.db import connection

STARTED, DONE = "commencée", "faite"


def state() -> str | None:
    """STARTED, DONE, or None for a database that is not a demonstration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('demonstration')")
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute("SELECT state FROM demonstration")
        row = cursor.fetchone()
    return str(row[0]) if row else None


def write(value: str) -> None:
    """Mark the database."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS demonstration (state text NOT NULL)")
        cursor.execute("DELETE FROM demonstration")
        cursor.execute("INSERT INTO demonstration VALUES (%s)", [value])


def hurry(yes: bool) -> None:
    """Whether commits of this connection may wait to reach the disk.

    Inventing the practices is thousands of small transactions; a power cut before the mark
    DONE, itself on disk with all that precedes it, only means to begin again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = %s" % ("off" if yes else "on"))


def wipe() -> None:
    """Drop everything that the application's role owns in this database."""
    with connection.cursor() as cursor:
        cursor.execute("DROP OWNED BY CURRENT_USER CASCADE")
