"""The tests reach nobody outside this machine."""

from __future__ import annotations

import socket

import pytest

from tests.house.no_network import NetworkForbidden

DOCUMENTATION_ADDRESS = "192.0.2.1"  # RFC 5737: routed nowhere


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as line, pytest.raises(NetworkForbidden):
        line.connect((DOCUMENTATION_ADDRESS, 443))


def test_a_datagram_to_another_machine_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as line, pytest.raises(NetworkForbidden):
        line.sendto(b"", (DOCUMENTATION_ADDRESS, 53))


def test_a_name_is_not_looked_up_outside() -> None:
    with pytest.raises(NetworkForbidden):
        socket.getaddrinfo("example.org", 443)


def test_this_machine_stays_reachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as desk:
        socket.create_connection(desk.getsockname()).close()
