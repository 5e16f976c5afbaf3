"""Tell the product what became of messages, signed, as a gateway does: several at a time."""

from __future__ import annotations

import http.client
import json
import queue
import threading
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from secretariat.outbox.channels.generic import signature

TOGETHER = 50
TRIES = 6
Event = dict[str, Any]


class Teller:
    """A thread that sends signed callbacks; one that is not heard is sent again."""

    def __init__(self, secret: str, pause: float = 0.5) -> None:
        self._secret = secret
        self._pause = pause
        self._events: queue.SimpleQueue[tuple[str, Event, int] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="callbacks", daemon=True)
        self._thread.start()

    def tell(self, callback: str, event: Event) -> None:
        """Send an event to that address, soon."""
        if urlsplit(callback).scheme in {"http", "https"}:
            self._events.put((callback, event, TRIES))

    def close(self) -> None:
        """Send what waits, then stop."""
        self._events.put(None)
        self._thread.join(5)

    def _run(self) -> None:
        while (first := self._events.get()) is not None:
            time.sleep(self._pause)  # a telephone takes its time
            waiting, last = [first], False
            with suppress(queue.Empty):
                while len(waiting) < TOGETHER:
                    other = self._events.get_nowait()
                    if other is None:
                        last = True
                        break
                    waiting.append(other)
            self._send(waiting)
            if last:
                return

    def _send(self, waiting: list[tuple[str, Event, int]]) -> None:
        for callback in {one[0] for one in waiting}:
            events = [one for one in waiting if one[0] == callback]
            if self._heard(callback, [event for _where, event, _left in events]):
                continue
            # Something in it was not understood: each alone, then again a few times.
            for _where, event, left in events:
                alone = len(events) > 1 and self._heard(callback, [event])
                if not alone and left > 1:
                    self._events.put((callback, event, left - 1))

    def _heard(self, callback: str, events: list[Event]) -> bool:
        where = urlsplit(callback)
        body = json.dumps({"events": events}).encode()
        headers = {
            "Content-Type": "application/json",
            "X-Signature": signature(self._secret, body),
        }
        host, port = where.hostname or "", where.port or 80
        connection = http.client.HTTPConnection(host, port, timeout=10)
        path = where.path + (f"?{where.query}" if where.query else "")
        try:
            connection.request("POST", path, body, headers)
            return 200 <= connection.getresponse().status < 300
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
