"""How far a file is read, told to other desks before its transaction ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from secretariat.core.refusal import Refusal
from secretariat.interop.models import ImportFile

Told = Callable[[int, int], None]
"""Called with the lines read and how many there may be (0: unknown)."""

_WRITE = "UPDATE interop_importfile SET rows_done = %s, rows_total = %s WHERE id = %s"
_SCOPE = "SELECT set_config('app.practices', %s, false)"


class Interrupted(Refusal):
    """The secretariat is being stopped while a file is read."""


@contextmanager
def told_aside(file: ImportFile, also: Told, stop: Callable[[], bool]) -> Iterator[Told]:
    """Write progress through a second connection, outside the import's transaction.

    Args:
        also: told as well (the bar of a terminal).
        stop: asked each time; true ends the work.
    """
    # The import's own connection shows nothing before it commits.
    aside = connection.copy()
    try:
        with aside.cursor() as cursor:
            cursor.execute(_SCOPE, [f"{{{file.practice_id}}}"])

        def told(done: int, total: int) -> None:
            if stop():
                raise Interrupted("Le secrétariat s’est arrêté pendant la lecture : reprenez.")
            with aside.cursor() as cursor:
                cursor.execute(_WRITE, [done, max(done, total), file.pk])
            also(done, total)

        yield told
    finally:
        aside.close()
