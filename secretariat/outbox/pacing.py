"""How fast messages leave: evenly, so that the desk, which shares the machine, does not feel it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

A_SECOND = 75
"""Twenty thousand in four minutes and a half; as fast as it goes, the desk waits half again."""
BEHIND_S = 0.25
"""What was lost in writing texts or waiting for a gateway is caught up, but not in a burst."""


class Pace:
    """At most so many a second, one after the other, whoever asks.

    Args:
        a_second: how many.
        now: a clock that only goes on, in seconds.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        a_second: float = A_SECOND,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._each, self._now, self._sleep = 1 / a_second, now, sleep
        self._next = now()
        self._one_at_a_time = threading.Lock()

    def wait(self) -> None:
        """Until the next may leave."""
        with self._one_at_a_time:
            mine = max(self._next, self._now() - BEHIND_S)
            self._next = mine + self._each
        if (ahead := mine - self._now()) > 0:
            self._sleep(ahead)
