"""One HTTP connection to one gateway, kept open from message to message."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from secretariat.outbox.channels import hosts

SECONDS = 10.0
"""To connect, then between two pieces of the answer."""
LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Question:
    """An HTTP request of ours."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said; header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def retry_after_s(self) -> int | None:
        """Seconds that it asks us to wait (RFC 9110, 10.2.3); dates are not read."""
        said = self.headers.get("retry-after", "")
        return min(int(said), 86_400) if said.isascii() and said.isdigit() else None


class _Plain(http.client.HTTPConnection):
    def connect(self) -> None:
        # Phone numbers and a password in clear: only to where the operator said.
        if not hosts.is_let_through(self.host, self.port):
            raise hosts.ForbiddenHost(hosts.GENERIC)
        self.sock = hosts.connect(self.host, self.port, self.timeout or SECONDS)


class _Secured(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, *, tls: ssl.SSLContext, **more: Any) -> None:
        super().__init__(host, port, context=tls, **more)
        self._tls = tls

    def connect(self) -> None:
        raw = hosts.connect(self.host, self.port, self.timeout or SECONDS)
        self.sock = self._tls.wrap_socket(raw, server_hostname=self.host)


class Line:
    """A connection that opens when it is needed and follows no redirection."""

    def __init__(self, seconds: float = SECONDS, tls: ssl.SSLContext | None = None) -> None:
        self._seconds = seconds
        self._tls = tls or hosts.trusted()
        self._connection: http.client.HTTPConnection | None = None
        self._place = ("", "", 0)

    def ask(self, question: Question) -> Answer:
        """Ask once; a kept connection that the other side had closed is opened again.

        Raises:
            OSError, http.client.HTTPException: no answer came; the question may have been heard.
        """
        where = urlsplit(question.url)
        kept = self._open(where)
        try:
            return self._exchange(question, where)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.close()
            # Closed before a word of answer on a connection that had rested: nothing was heard.
            if not kept:
                raise
            self._open(where)
            return self._again(question, where)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _again(self, question: Question, where: SplitResult) -> Answer:
        try:
            return self._exchange(question, where)
        except BaseException:
            self.close()
            raise

    def _open(self, where: SplitResult) -> bool:
        """Be connected to that place; answers whether the connection was there before."""
        place = (where.scheme, where.hostname or "", port_of(where))
        if self._connection is not None and self._place == place:
            return self._connection.sock is not None
        self.close()
        scheme, host, port = self._place = place
        if scheme == "https":
            self._connection = _Secured(host, port, tls=self._tls, timeout=self._seconds)
        else:
            self._connection = _Plain(host, port, timeout=self._seconds)
        return False

    def _exchange(self, question: Question, where: SplitResult) -> Answer:
        assert self._connection is not None  # noqa: S101 - `_open` was called
        path = (where.path or "/") + (f"?{where.query}" if where.query else "")
        headers = {"User-Agent": "secretariat", **question.headers}
        self._connection.request(question.method, path, body=question.body, headers=headers)
        response = self._connection.getresponse()
        body = response.read(LONGEST_ANSWER)
        if response.read(1):
            self.close()  # the rest of a huge answer is not ours to read
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, body)


def port_of(where: SplitResult) -> int:
    """The port that an address names, or its scheme's."""
    return where.port or (443 if where.scheme == "https" else 80)


def check(url: str) -> None:
    """Refuse the address of a gateway that may not be talked to.

    Plain http carries phone numbers and a password in clear: only to a host that the operator
    let through (a gateway on the machine itself).

    Raises:
        ForbiddenHost: with the same words, whatever is wrong.
    """
    try:
        where = urlsplit(url)
        port = port_of(where)
    except ValueError as error:
        raise hosts.ForbiddenHost(hosts.GENERIC) from error
    host = where.hostname or ""
    plain = where.scheme == "http" and hosts.is_let_through(host, port)
    if not (where.scheme == "https" or plain) or not host or where.username or where.password:
        raise hosts.ForbiddenHost(hosts.GENERIC)
    hosts.check(host, port)
