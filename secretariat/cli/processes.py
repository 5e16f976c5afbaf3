"""Starts the product's processes together and stops them together.

Each child has its own process group: Ctrl-C reaches only us, and we stop each child in order.
Where Linux allows, a child is told to stop when we are killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from secretariat.config.trouble import Trouble

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 15.0
_FALLS_A_MINUTE = 5


def _die_with_parent() -> Callable[[], None] | None:
    """What a child runs before its program: « SIGTERM when my parent dies » (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask


@dataclass
class Child:
    """A process of ours, and how to start it again."""

    arguments: Sequence[str]
    keep: Sequence[int]
    again: bool
    process: subprocess.Popen[bytes]
    falls: list[float] = field(default_factory=list)


class Family:
    """The children that work together: when one cannot go on, all end."""

    def __init__(self) -> None:
        self.children: dict[str, Child] = {}
        self.leaving = threading.Event()

    def __enter__(self) -> Family:
        """Children live inside the block: they stop before the database that they use."""
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(
        self, name: str, arguments: Sequence[str], keep: Sequence[int] = (), *, again: bool = False
    ) -> None:
        """Start `python ARGUMENTS` as the child `name` (its French name, for sentences).

        Args:
            keep: file descriptors that the child inherits.
            again: start it again when it falls, a few times a minute at most.
        """
        self.children[name] = Child(arguments, keep, again, _launched(arguments, keep))

    def fallen(self) -> str | None:
        """The name of a child that has ended and is not to be started again, if any."""
        for name, child in self.children.items():
            if child.process.poll() is None:
                continue
            now = time.monotonic()
            child.falls = [*(fall for fall in child.falls if now - fall < 60), now]
            if not child.again or len(child.falls) > _FALLS_A_MINUTE:
                return name
            child.process = _launched(child.arguments, child.keep)
        return None

    def wait(self, watch: Callable[[], object] = lambda: None) -> None:
        """Until we are told to leave.

        Args:
            watch: called each second (the embedded server is looked after there).

        Raises:
            Trouble: a child ended by itself.
        """
        while not self.leaving.wait(1):
            watch()
            if name := self.fallen():
                raise Trouble(f"{name} s’est arrêté : lisez ce qui précède, puis relancez.")

    def stop(self) -> None:
        """SIGTERM to each, then SIGKILL to those (and their own children) that linger."""
        processes = [child.process for child in self.children.values()]
        for process in processes:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _launched(arguments: Sequence[str], keep: Sequence[int]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.DEVNULL,
        process_group=0,
        pass_fds=tuple(keep),
        preexec_fn=_die_with_parent(),  # noqa: PLW1509 (one thread here)
    )


@contextlib.contextmanager
def family() -> Iterator[Family]:
    """SIGTERM, SIGHUP and Ctrl-C ask to leave the block, in order."""
    home = Family()

    def leave(_number: int, _frame: object) -> None:
        home.leaving.set()
        if not home.children:  # still preparing: leave at once
            raise KeyboardInterrupt

    wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, leave) for each in wanted}
    try:
        yield home
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def refuse_taken(host: str, port: int) -> None:
    """Refuse an address where something listens already, or that cannot be ours.

    Raises:
        Trouble: in one sentence, with the way out.
    """
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(kind, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError as error:
            raise Trouble(
                f"Le port {port} est réservé : choisissez-en un au-dessus de 1023."
            ) from error
        except OSError as error:
            raise Trouble(
                f"Le port {port} est déjà pris : choisissez-en un autre, "
                f"par exemple PORT={port + 1}."
            ) from error
        except OverflowError as error:
            raise Trouble(f"{port} n’est pas un port : de 1 à 65535.") from error


def free_ports(first: int, how_many: int) -> list[int]:
    """Ports of the loopback that nobody holds, from `first` on.

    Raises:
        Trouble: there are none.
    """
    free: list[int] = []
    for port in range(first, min(first + 1000, 65536)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            free.append(port)
        if len(free) == how_many:
            return free
    raise Trouble("Aucun port libre pour la passerelle de démonstration.")


def wait_answer(home: Family, host: str, port: int, seconds: float = 60) -> None:
    """Until the web server answers on /livez.

    Raises:
        Trouble: it fell, or does not answer in time.
    """
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not home.leaving.is_set():
        if name := home.fallen():
            raise Trouble(f"{name} n’a pas démarré : lisez ce qui précède.")
        connection = http.client.HTTPConnection(target, port, timeout=5)
        try:
            connection.request("GET", "/livez", headers={"Host": "localhost"})
            status = connection.getresponse().status
        except OSError:
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        if status < 500:
            return
        raise Trouble("Le serveur web répond par une erreur : lisez ce qui précède.")
    if not home.leaving.is_set():
        raise Trouble("Le serveur web ne répond pas.")
