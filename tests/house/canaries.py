"""Canaries: every text of the practice next door says where it comes from.

If one of them sings in an answer to us, something went through the wall.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from django.db import DatabaseError, connection, transaction

from secretariat.core.scope import scope

SONG = "CANARY-PB"
TEXT_COLUMNS = """
SELECT c.table_name, c.column_name, c.data_type, c.character_maximum_length
  FROM information_schema.columns c JOIN information_schema.columns p
       USING (table_schema, table_name)
 WHERE c.table_schema = 'public' AND p.column_name = 'practice_id'
   AND c.data_type IN ('text', 'character varying', 'jsonb')
   AND (c.character_maximum_length IS NULL OR c.character_maximum_length >= length(%s) + 4)
 ORDER BY 1, 2
"""


@dataclass
class Cage:
    """What was painted, and the columns that refused paint, as table.column."""

    painted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


def paint(practice_id: int) -> Cage:
    """Write a canary into every text column of every row of `practice_id`."""
    cage = Cage()
    with scope([practice_id]), connection.cursor() as cursor:
        cursor.execute(TEXT_COLUMNS, [SONG])
        for table, column, kind, room in cursor.fetchall():
            name = f"{table}.{column}"
            try:
                with transaction.atomic():
                    cursor.execute(painting(table, column, kind, room), [practice_id])
                cage.painted.add(name)
            except DatabaseError:
                cage.refused.add(name)
    return cage


def painting(table: str, column: str, kind: str, room: int | None) -> str:
    """The statement that paints one column: the long name if it fits, else the key alone."""
    long = f"{SONG}-{table}-{column}-"
    song = long if room is None or len(long) + 8 <= room else f"{SONG}-"
    text = f"'{song}' || id"
    value = f"to_jsonb({text})" if kind == "jsonb" else f"left({text}, {room or 10_000})"
    return f'UPDATE "{table}" SET "{column}" = {value} WHERE practice_id = %s'


def sings(answer: bytes, headers: str) -> str:
    """The first canary heard in an answer, with a little around it; empty when silent."""
    heard = headers + answer.decode("utf-8", errors="replace")
    at = heard.find(SONG)
    return heard[max(at - 60, 0) : at + 80] if at >= 0 else ""


@cache
def all_rows() -> str:
    """One statement that digests every table of a practice, as only its own people see it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'practice_id' ORDER BY 1"
        )
        tables = [table for (table,) in cursor.fetchall()]
    return " UNION ALL ".join(
        f"SELECT '{table}', md5(coalesce(string_agg(t::text, '' ORDER BY id), ''))"
        f' FROM "{table}" t WHERE practice_id = %(practice)s'
        for table in tables
    )


def fingerprint(practice_id: int) -> dict[str, str]:
    """Table → digest of all rows of `practice_id`."""
    with scope([practice_id]), connection.cursor() as cursor:
        cursor.execute(all_rows(), {"practice": practice_id})
        return dict(cursor.fetchall())
