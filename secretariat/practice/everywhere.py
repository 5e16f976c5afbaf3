"""Work for the whole site: commands and background work, never a screen."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import connection

from secretariat.core.scope import scope


@contextlib.contextmanager
def every_practice() -> Iterator[None]:
    """A scope over all practices.

    Row-level security hides even the list of practices; their numbers come from a sequence,
    which it does not hide.
    """
    with scope(range(1, last_practice() + 1)):
        yield


def last_practice() -> int:
    """The highest number ever given to a practice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM practice_practice_id_seq")
        (value,) = cursor.fetchone()
    return int(value)
