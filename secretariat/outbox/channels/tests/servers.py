"""Machines at the other end, on the loopback: a true SMTP server, and some that fail as told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Script = Callable[[socket.socket], None]


class Mailbox:
    """What aiosmtpd calls: keeps each mail, refuses the recipients it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.refusals: dict[str, str] = {}

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def smtp(box: Mailbox | None = None, **options: Any) -> Iterator[tuple[Mailbox, int]]:
    """A true SMTP server: its mailbox and its port."""
    mailbox = box or Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield mailbox, controller.port
    finally:
        controller.stop()


def password(login: str, secret: str) -> Callable[..., AuthResult]:
    """An authenticator that knows one person."""

    def check(server: SMTP, session: Any, envelope: Any, way: str, said: Any) -> AuthResult:
        right = said.login == login.encode() and said.password == secret.encode()
        return AuthResult(success=right, handled=False)

    return check


@contextmanager
def scripted(*scripts: Script) -> Iterator[int]:
    """A server that plays one script per connection, the last one for all that follow."""
    listener = socket.create_server(("127.0.0.1", 0))
    leaving = threading.Event()

    def serve() -> None:
        for number in range(1000):
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            if leaving.is_set():
                connection.close()
                return
            with connection:
                connection.settimeout(5)
                try:
                    scripts[min(number, len(scripts) - 1)](connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    port = listener.getsockname()[1]
    try:
        yield port
    finally:
        leaving.set()
        socket.create_connection(("127.0.0.1", port)).close()
        thread.join(10)
        listener.close()


def smtp_that(**answers: str | None) -> Script:
    """An SMTP conversation whose answers are given by command; None hangs up instead.

    `greeting`, `rcpt`, `data` and `end` (after the text) are what the tests change.
    """

    def play(connection: socket.socket) -> None:
        said = {
            "greeting": "220 ready", "ehlo": "250 ok", "mail": "250 ok", "rcpt": "250 ok",
            "data": "354 go", "end": "250 kept", "rset": "250 ok", "quit": "221 bye", **answers,
        }  # fmt: skip
        lines = connection.makefile("rb")
        answer: str | None = said["greeting"]
        while answer is not None:
            connection.sendall(answer.encode() + b"\r\n")
            if answer.startswith("354"):
                while lines.readline() not in {b".\r\n", b""}:
                    pass
                answer = said["end"]
                continue
            words = lines.readline().split()
            if not words:
                return
            answer = said.get(words[0].decode().lower(), "500 what?")

    return play


def silent(connection: socket.socket) -> None:
    """Accept and never say a word."""
    connection.recv(1)


class Gateway(BaseHTTPRequestHandler):
    """An HTTP gateway that answers what the test tells it, one answer after the other."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    answers: list[tuple[int, bytes, dict[str, str]]] = []
    asked: list[tuple[str, str, dict[str, str], bytes]] = []
    ports: set[int] = set()

    def do_POST(self) -> None:
        """Keep the request, then give the next answer; the last one is for ever."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked.append((self.command, self.path, headers, body))
        self.ports.add(self.client_address[1])
        status, said, more = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status == 0:  # never answers
            self.connection.recv(1)
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in {"Content-Length": str(len(said)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_POST

    def log_message(self, *_said: Any) -> None:
        """Say nothing on the screen."""


@contextmanager
def gateway(
    *answers: tuple[int, bytes] | tuple[int, bytes, dict[str, str]],
) -> Iterator[tuple[type[Gateway], int]]:
    """An HTTP server on the loopback and what it was asked."""
    known = [(one[0], one[1], one[2] if len(one) > 2 else {}) for one in answers]
    handler = type("ThisGateway", (Gateway,), {"answers": known, "asked": [], "ports": set()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield handler, server.server_address[1]
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def free_port() -> int:
    """A port that nobody holds now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context for `name`, and the file that a client must trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = (
        [x509.IPAddress(IPv4Address(name))] if name[0].isdigit() else [x509.DNSName(name)]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.crt", folder / f"{name}.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public
