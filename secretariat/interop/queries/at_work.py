"""Which files are being read this very moment: those whose lock is held, and no others."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

FILES = 7303
"""Class of the advisory lock that a reader holds on its file."""
KEYS = 2**31

_HELD = """
SELECT objid::bigint FROM pg_locks
 WHERE locktype = 'advisory' AND granted AND classid = %s AND objsubid = 2
   AND objid::bigint = ANY (%s)
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

_ALIVE = """
SELECT EXISTS (SELECT FROM procrastinate_workers
                WHERE last_heartbeat > now() - interval '1 minute')
"""


def being_read(pks: Collection[int]) -> set[int]:
    """Those of the files that somebody is reading; a reader that died reads nothing."""
    if not pks:
        return set()
    by_key = {pk % KEYS: pk for pk in pks}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [FILES, list(by_key)])
        return {by_key[key] for (key,) in cursor.fetchall()}


def worker_alive() -> bool:
    """Whether some background worker gave a sign of life in the last minute."""
    with connection.cursor() as cursor:
        cursor.execute(_ALIVE)
        return bool(cursor.fetchone()[0])
