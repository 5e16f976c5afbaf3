"""A table filled at once: its indexes and keys are put aside and made again afterwards.

What is made again is what the catalogue said before, word for word, so the measured database is
the one that migrations make. The application's role may do it: it owns its tables.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from psycopg import Connection

_KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('f', 'x') ORDER BY contype DESC, conname
"""
_INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass AND NOT indisunique
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextlib.contextmanager
def unbound(connection: Connection[Any], table: str, say: Callable[[str], None]) -> Iterator[None]:
    """Fill `table` inside the block; unique keys and checks stay in force meanwhile.

    The index of the exclusion constraint is sorted at once (a minute for ten million rows), then
    PostgreSQL looks each row up in it, one after the other: 0.04 ms each, seven minutes.
    """
    keys = connection.execute(_KEYS, [table]).fetchall()
    indexes = connection.execute(_INDEXES, [table]).fetchall()
    for name, _ in keys:
        connection.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    # Without it a key is checked by a plan made for an empty table: minutes instead of moments.
    connection.execute("ANALYZE")
    connection.execute("SET maintenance_work_mem = '1GB'")
    for name, definition in indexes:
        say(f"index {name}")
        connection.execute(definition)
    for name, definition in keys:
        say(f"constraint {name}")
        connection.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
    connection.execute("RESET maintenance_work_mem")
