"""Which machines may be talked to: those of the Internet, and those the operator names.

A practice types its own mail server or gateway; without this, whoever may change the settings
could make our server ask the machines around it (the metadata of a cloud, a printer, the
database). The address is checked when it is typed and again when the socket is opened, on the
very address that is connected to: a name that changes its mind between both gains nothing.
"""

from __future__ import annotations

import os
import re
import socket
import ssl
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

VARIABLE = "SECRETARIAT_OUTBOX_HOSTS"
"""Names or addresses, separated by commas, that the operator lets through: `127.0.0.1:2525`,
`mail.local`. Anything listening there may be asked by any practice of this installation."""
GENERIC = "Ce serveur ne répond pas, ou n’est pas de ceux que l’on peut joindre d’ici."
"""The same for a name that does not exist, a closed port and a forbidden address: whoever tries
addresses learns nothing of the network around the server."""
_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
)
_NAT64 = IPv6Network("64:ff9b::/96")


class ForbiddenHost(OSError):
    """The machine may not be talked to; an OSError, since it ends like one that is down."""


@cache
def trusted() -> ssl.SSLContext:
    """Whom this machine trusts, read once: 20 ms at each connection otherwise."""
    return ssl.create_default_context()


def let_through() -> frozenset[str]:
    """What the operator allows, from the environment."""
    named = os.environ.get(VARIABLE, "").lower().split(",")
    return frozenset(name.strip() for name in named if name.strip())


def is_let_through(host: str, port: int) -> bool:
    """Whether the operator named this host, with or without its port."""
    name = host.lower().strip("[]")
    return bool({name, f"{name}:{port}"} & let_through())


def check(host: str, port: int) -> None:
    """Refuse a host that may not be talked to, before it is kept in the settings.

    Raises:
        ForbiddenHost: it is no name, does not exist, or leads to a private address.
    """
    if not is_let_through(host, port):
        _addresses(host, port)


def connect(host: str, port: int, timeout: float) -> socket.socket:
    """Open a connection, to the address that was checked.

    Args:
        timeout: seconds, for the connection and then for each reading.

    Raises:
        OSError: nobody answers; `ForbiddenHost` when the machine may not be talked to.
    """
    if is_let_through(host, port):
        return _dialled(host, port, timeout)
    trouble: OSError = ForbiddenHost(GENERIC)
    for address in _addresses(host, port):
        try:
            return _dialled(address, port, timeout)
        except OSError as error:
            trouble = error
    raise trouble


def is_public(address: str) -> bool:
    """Whether an address is one of the Internet's, whatever it is wrapped in."""
    said = ip_address(address.partition("%")[0])
    if isinstance(said, IPv6Address):
        inner = said.ipv4_mapped or said.sixtofour or _behind_nat64(said)
        if inner is not None:
            return is_public(str(inner))
        if said.is_site_local or said.teredo:
            return False
    return said.is_global and not (said.is_multicast or said.is_reserved or said.is_unspecified)


def resolve(host: str, port: int) -> list[str]:
    """Every address of a name.

    Raises:
        OSError: the name does not exist, or nobody can tell.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _dialled(host: str, port: int, timeout: float) -> socket.socket:
    made = socket.create_connection((host, port), timeout)
    # A question in two pieces would wait 40 ms for its second one.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a public host; one private address among them condemns the name."""
    if not _is_name(host):
        raise ForbiddenHost(GENERIC)
    bare = host.strip("[]")
    addresses = [bare] if _is_address(bare) else resolve(bare, port)
    if not addresses or not all(is_public(address) for address in addresses):
        raise ForbiddenHost(GENERIC)
    return addresses


def _is_name(host: str) -> bool:
    bare = host.strip("[]").lower()
    if _is_address(bare):
        return True
    # 0x7f000001, 2130706433 or 127.1 are addresses that the system reads and we do not.
    last = bare.rpartition(".")[2]
    return bool(_NAME.fullmatch(bare)) and not (last.isdigit() or last.startswith("0x"))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _behind_nat64(address: IPv6Address) -> IPv4Address | None:
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
