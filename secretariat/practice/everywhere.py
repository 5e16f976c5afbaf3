"""Work for the whole site: commands and background work, never a screen."""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Callable, Iterable, Iterator

from django.db import connection

from secretariat.core.scope import scope

log = logging.getLogger(__name__)


class SomeFailed(Exception):
    """Work that was done in some practices, and failed in others: the log says which and where."""


def try_each(what: str, todo: Iterable[tuple[int, Callable[[], int]]]) -> int:
    """Do each of these in the scope of its practice; one that fails never stops the others.

    Args:
        what: the work's name, for the log.
        todo: (practice, the work, which answers how much was done).

    Returns:
        How much was done together.

    Raises:
        SomeFailed: after all were tried.
    """
    done, failed = 0, set()
    for practice_id, work in todo:
        try:
            with scope([practice_id]):
                done += work()
        except Exception as fault:
            # Not the fault's own words: they may quote a row, that is a patient.
            where = "".join(traceback.format_tb(fault.__traceback__))
            log.error("%s, practice %s: %s\n%s", what, practice_id, type(fault).__name__, where)
            failed.add(practice_id)
    if failed:
        raise SomeFailed(f"{what} : practices {sorted(failed)}")
    return done


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
