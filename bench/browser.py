"""A lean HTTP client: one kept connection, one person's cookies; its own cost stays small."""

from __future__ import annotations

import re
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlencode

IDLE = 5.0
"""Seconds after which the line is opened again: the server hangs up on the silent."""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    head: str
    body: bytes


class Browser:
    """One person at a desk, logged in like anybody."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._line, self._used = self._connect(), time.monotonic()

    def _connect(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def get(self, path: str) -> Answer:
        """GET as htmx does for a part of the page."""
        return self._send("GET", path, b"")

    def post(self, path: str, **fields: object) -> Answer:
        """POST a form with its CSRF token."""
        return self._send("POST", path, urlencode(fields).encode())

    def log_in(self, login: str, password: str, secret: str) -> Browser:
        """Through the login page and the second factor.

        Args:
            secret: of the authenticator.

        Raises:
            RuntimeError: one of them refused.
        """
        self._see(self.get("/accounts/login/"))
        answer = self.post(
            "/accounts/login/", login=login, password=password, csrfmiddlewaretoken=self.token
        )
        if b"2fa" not in answer.head.encode() or answer.status != 302:
            raise RuntimeError(f"login refused: {answer.status} {answer.head}")
        self._see(self.get("/accounts/2fa/authenticate/"))
        # Twice at the most: a code may turn old on its way.
        for _ in range(2):
            answer = self.post(
                "/accounts/2fa/authenticate/", code=code_now(secret),
                csrfmiddlewaretoken=self.token,
            )  # fmt: skip
            if answer.status == 302:
                break
        else:
            raise RuntimeError(f"second factor refused: {answer.status}")
        self._see(self.get("/accounts/password/change/"))
        if (answer := self.get("/pulse/")).status != 200:
            raise RuntimeError(f"no desk: {answer.status} {answer.head}")
        return self

    def beside(self) -> Browser:
        """Another connection of the same person."""
        other = Browser(self.port)
        other.cookies, other.token = dict(self.cookies), self.token
        return other

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _see(self, page: Answer) -> None:
        found = _TOKEN.search(page.body.decode())
        if found is None:
            raise RuntimeError(f"no form on the page: {page.status} {page.head}")
        self.token = found[1]

    def _send(self, method: str, path: str, body: bytes) -> Answer:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: localhost:{self.port}",
            "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Encoding: identity",
        ]
        if not path.startswith("/accounts/"):
            lines.append("HX-Request: true")
        if method == "POST":
            lines += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
                f"X-CSRFToken: {self.token}",
            ]
        if time.monotonic() - self._used > IDLE:
            self._line.close()
            self._line = self._connect()
        self._line.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        return self._read()

    def _read(self) -> Answer:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, parts = data[:end].decode("latin-1"), [data[end + 4 :]]
        status, length = int(head[9:12]), 0
        for line in head.split("\r\n")[1:]:
            name, _, value = line.partition(":")
            match name.lower():
                case "content-length":
                    length = int(value)
                case "set-cookie":
                    key, _, kept = value.strip().partition(";")[0].partition("=")
                    self.cookies[key] = kept
                case "transfer-encoding":
                    raise RuntimeError("an answer without its length")
        had = len(parts[0])
        while had < length:
            parts.append(self._more())
            had += len(parts[-1])
        self._used = time.monotonic()
        return Answer(status, head, b"".join(parts))

    def _more(self) -> bytes:
        data = self._line.recv(65536)
        if not data:
            raise RuntimeError("the server hung up")
        return data


def code_now(secret: str) -> str:
    """The six digits that an authenticator shows for `secret`."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
