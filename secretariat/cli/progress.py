"""What a command is doing, line by line: nothing over a second happens in silence."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator


def say(text: str) -> None:
    """One line at once, even when the output is piped."""
    print(text, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Names a step before it starts, and its duration when it was long."""
    say(f"• {what}…")
    start = time.monotonic()
    yield
    seconds = time.monotonic() - start
    if seconds > 1:
        say(f"  fait en {seconds:.1f} s".replace(".", ","))


class Bar:
    """A counter on one line of a terminal, or a line each 10 % elsewhere.

    Args:
        what: what is counted, in French.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.shown = -1
        self.terminal = sys.stderr.isatty()

    def __call__(self, done: int, total: int = 0) -> None:
        """Show that `done` of `total` are done (0: total unknown)."""
        mark = int(done * 100 / total) if total else done // 1000
        every = 1 if self.terminal else 10
        if mark // every == self.shown // every and done != total:
            return
        self.shown = mark
        text = f"  {self.what} : {done}" + (f" / {total} ({mark} %)" if total else "")
        end = "\r" if self.terminal and done != total else "\n"
        print(text, end=end, file=sys.stderr, flush=True)
