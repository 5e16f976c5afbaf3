"""Background work that is done by one run at a time, and never keeps the others from a worker.

The queue's own lock is not for this: a worker killed in the middle of a job keeps it for ever.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

Asked = ParamSpec("Asked")


def alone(work: Callable[Asked, None]) -> Callable[Asked, None]:
    """Let one run of a periodic task go at a time in a process; another one ends at once, its
    work is done by the first or by the next."""
    busy = threading.Lock()

    @wraps(work)
    def one_at_a_time(*args: Asked.args, **kwargs: Asked.kwargs) -> None:
        if not busy.acquire(blocking=False):
            return
        try:
            work(*args, **kwargs)
        finally:
            busy.release()

    return one_at_a_time
