"""No test talks to another machine; wired as a pytest plugin by the root `conftest.py`.

Loopback and UNIX sockets stay open: PostgreSQL, the server under test and the browser's
driver live there. `DATABASE_URL` names the one further host that is let through (libpq
connects by itself, so the name is only needed for Python code that looks it up).
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest


class NetworkForbidden(BaseException):
    """A test tried to leave the machine. Not an Exception: product code must not swallow it."""


def is_local(host: object) -> bool:
    """Whether `host` is this machine or the database that the tests were given."""
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name in {"", "localhost", urlsplit(os.environ.get("DATABASE_URL", "")).hostname}:
        return True
    try:
        address = ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return name == socket.gethostname()
    return address.is_loopback or address.is_unspecified


def _forbid_unless_local(address: object) -> None:
    host = address[0] if isinstance(address, tuple) else None  # a UNIX path is no tuple
    if not is_local(host):
        raise NetworkForbidden(f"A test tried to reach {address!r}; tests stay on this machine.")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse connections, datagrams and name look-ups that leave the machine."""
    patch = pytest.MonkeyPatch()
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    sendto, getaddrinfo = socket.socket.sendto, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _forbid_unless_local(address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _forbid_unless_local(address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: bytes, *rest: Any) -> int:
        _forbid_unless_local(rest[-1])
        return sendto(self, data, *rest)

    def guarded_getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        _forbid_unless_local((host,))
        return getaddrinfo(host, *rest, **more)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket.socket, "sendto", guarded_sendto)
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    patch.undo()
