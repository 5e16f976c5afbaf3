"""File numbers: given once, in order, never two the same."""

from __future__ import annotations

from django.db import connection

_TAKE = (
    "INSERT INTO patients_filecounter AS counter (practice_id, last) VALUES (%s, %s) "
    "ON CONFLICT (practice_id) DO UPDATE SET last = counter.last + EXCLUDED.last RETURNING last"
)


def take(practice_id: int, how_many: int = 1) -> int:
    """Take the next file numbers and answer the first of them.

    The counter's row stays held until commit: two desks that register at the same moment
    come one after the other, and the second one sees the first one's file.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [practice_id, how_many])
        last: int = cursor.fetchone()[0]
    return last - how_many + 1
