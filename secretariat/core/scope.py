"""The database scope: which practices the present work may see and touch.

Row-level security compares each row's practice with the setting `app.practices`
of the connection. Without a scope no row is visible and none can be written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from secretariat.core.prepared import fetch

_SET = "SELECT set_config('app.practices', %s, false), set_config('app.user', %s, false)"
_GET = "SELECT current_setting('app.practices', true), current_setting('app.user', true)"


def apply(practice_ids: Iterable[int], user_id: int | None = None) -> None:
    """Open the connection's scope on `practice_ids` (empty: nothing visible).

    Args:
        practice_ids: primary keys of the practices in view.
        user_id: the person at work, who always sees their own posts.
    """
    practices = "{" + ",".join(str(int(pk)) for pk in practice_ids) + "}"
    fetch(_SET, [practices, str(user_id or 0)])


def close() -> None:
    """Close the scope: no practice is visible any more."""
    apply(())


@contextmanager
def scope(practice_ids: Iterable[int], user_id: int | None = None) -> Iterator[None]:
    """Work inside `practice_ids`, then go back to the scope of before.

    A failed transaction has already given back the old setting, so nothing is
    sent on a connection that waits for its rollback.
    """
    [before] = fetch(_GET)
    apply(practice_ids, user_id)
    try:
        yield
    finally:
        if not (connection.in_atomic_block and connection.needs_rollback):
            fetch(_SET, [before[0] or "{}", before[1] or "0"])
