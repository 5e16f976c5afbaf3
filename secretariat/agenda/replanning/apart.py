"""The solver kept out of the web process: OR-Tools and its memory are in a child of it, kept warm
while someone works on a draft.

Whatever happens to the child, there is an answer: the obvious plan, told as not proven.
"""

from __future__ import annotations

import os
import pickle
import select
import struct
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any

from secretariat.agenda.replanning.problem import Place, Plan, Problem
from secretariat.agenda.replanning.solving import SECONDS, in_a_hurry

Question = tuple[Problem, float, dict[int, Place]]
GRACE = 5.0
"""Seconds that a child is given beyond those of the search: to start, to read, to answer."""
_LENGTH = struct.Struct(">Q")
_MOST = 1 << 20
_ROOT = Path(__file__).resolve().parents[3]
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")


class Gone(Exception):
    """The other process ended, or answers no more."""


def write(end: int, what: object, until: float | None = None) -> None:
    """One message, after its length.

    Args:
        end: of a pipe.
        until: when to give up, on the clock of `time.monotonic`.

    Raises:
        Gone.
    """
    said = pickle.dumps(what, protocol=pickle.HIGHEST_PROTOCOL)
    left = memoryview(_LENGTH.pack(len(said)) + said)
    while left:
        if not select.select([], [end], [], _left(until))[1]:
            raise Gone
        with suppress(BlockingIOError):
            left = left[os.write(end, left) :]


def read(end: int, until: float | None = None) -> Any:
    """One message, as it was written. Only between a process and the child it started.

    Raises:
        Gone: the other end is closed, or it is too late.
    """
    (length,) = _LENGTH.unpack(_exactly(end, _LENGTH.size, until))
    return pickle.loads(_exactly(end, length, until))  # noqa: S301


def _exactly(end: int, count: int, until: float | None) -> bytes:
    found = bytearray()
    while len(found) < count:
        if not select.select([end], [], [], _left(until))[0]:
            raise Gone
        with suppress(BlockingIOError):
            some = os.read(end, min(count - len(found), _MOST))
            if not some:
                raise Gone
            found += some
    return bytes(found)


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.0, until - time.monotonic())


class Child:
    """One solver beside this process, for all of its threads, one question at a time."""

    def __init__(self, *more: str) -> None:
        self._command = [sys.executable, "-m", "secretariat.agenda.replanning", *more]
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def warm(self) -> None:
        """Start it, if it is not there: what it must load takes a second that nobody waits for."""
        if self._lock.acquire(blocking=False):
            try:
                with suppress(OSError):
                    self._started()
            finally:
                self._lock.release()

    def best(
        self, problem: Problem, *, seconds: float = SECONDS,
        near: Mapping[int, Place] | None = None,
    ) -> Plan:  # fmt: skip
        """As `solving.best`, elsewhere; the obvious plan when the child fails twice or hangs."""
        began, question = time.monotonic(), (problem, seconds, dict(near or {}))
        until = began + seconds + GRACE
        if self._lock.acquire(timeout=seconds + GRACE):
            try:
                for _ in range(2):
                    with suppress(Gone, OSError):
                        return self._answer(question, until)
                    self._end()
            finally:
                self._lock.release()
        return in_a_hurry(problem, near or {}, time.monotonic() - began)

    def end(self) -> None:
        """Let it go."""
        with self._lock:
            self._end()

    def _answer(self, question: Question, until: float) -> Plan:
        if time.monotonic() > until:
            raise Gone
        process = self._started()
        if process.stdin is None or process.stdout is None:
            raise Gone
        write(process.stdin.fileno(), question, until)
        answer = read(process.stdout.fileno(), until)
        if not isinstance(answer, Plan):
            raise Gone
        return answer

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner != os.getpid():
            self._process = None  # This process was forked: the child is its parent's.
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._owner = os.getpid()
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                cwd=_ROOT, start_new_session=True,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
            )  # fmt: skip
            for end in (self._process.stdin, self._process.stdout):
                if end is not None:
                    os.set_blocking(end.fileno(), False)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            for end in (self._process.stdin, self._process.stdout):
                if end is not None:
                    with suppress(OSError):
                        end.close()
            self._process.kill()
            self._process.wait()
            self._process = None


child = Child()
"""That of this process."""
