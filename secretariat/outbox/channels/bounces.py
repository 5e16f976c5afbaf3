"""Mail that came back: what a delivery status notification says (RFC 3464), read by IMAP.

A mail server that took our letter may find later that nobody lives there. It says so in a
message of its own (`multipart/report`), sent to the practice's address. Only our own letters are
looked for, by the name that we gave them (`Message-ID: <stable id@…>`): what else stands in the
mailbox is neither read further, nor marked, nor moved.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from uuid import UUID

from secretariat.outbox.channels import hosts

SECONDS = 10.0
MOST = 200
"""Notifications read at once; the next reading takes the following ones."""
LONGEST = 256 * 1024
_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@[^<>\s]+>", re.IGNORECASE)
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_WHY = {
    (1, 1): "Cette adresse de courriel n’existe pas.",
    (1, 2): "Le domaine de cette adresse de courriel n’existe pas.",
    (1, 10): "Le domaine de cette adresse de courriel ne reçoit pas de messages.",
    (2, 1): "Cette boîte de courriel est fermée.",
    (2, 2): "Cette boîte de courriel est pleine.",
    (4, 4): "Le domaine de cette adresse de courriel est introuvable.",
    (4, 7): "Le courriel n’a pas pu être remis dans le délai.",
    (7, 1): "Le serveur du destinataire refuse les courriels du cabinet.",
}
RETURNED = "Le courriel est revenu sans avoir été remis."


@dataclass(frozen=True, slots=True)
class Bounce:
    """A letter of ours that did not arrive.

    Args:
        stable_id: which letter.
        recipient: the address it was for, as the notification says.
        permanent: whether it is over; otherwise the server goes on trying.
        reason: a French sentence.
    """

    stable_id: UUID
    recipient: str
    permanent: bool
    reason: str


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """Where the practice's returned mail arrives; IMAP over TLS.

    Args:
        plain: without TLS, only for a host that the operator let through.
    """

    host: str
    port: int
    login: str
    password: str
    folder: str = "INBOX"
    plain: bool = False


class Unreachable(Exception):
    """The mailbox cannot be read now: it is silent, or refuses the password."""


def read(raw: bytes) -> list[Bounce]:
    """What a message says of our letters; nothing when it is no notification of failure."""
    message = message_from_bytes(raw, policy=default)
    if message.get_content_type() != "multipart/report":
        return []
    parts = list(message.walk())
    ours = _named(parts)
    if ours is None:
        return []
    status = next((p for p in parts if p.get_content_type() == "message/delivery-status"), None)
    return [] if status is None else list(_failures(status, ours))


def _failures(status: Message, ours: UUID) -> Iterator[Bounce]:
    """One for each recipient that did not get it (RFC 3464, 2.3); « relayed » is no failure."""
    groups = status.get_payload()
    for group in groups if isinstance(groups, list) else ():
        if not isinstance(group, Message):
            continue
        action = str(group.get("Action", "")).strip().lower()
        if action not in {"failed", "delayed"}:
            continue
        final = str(group.get("Final-Recipient") or group.get("Original-Recipient") or "")
        recipient = final.partition(";")[2].strip() or final.strip()
        code = _STATUS.search(str(group.get("Status", "")))
        subject = (int(code[2]), int(code[3])) if code else (0, 0)
        # 4.x.x and « failed »: the server tried for days, and gave up.
        usual = _WHY[4, 7] if code and code[1] == "4" else RETURNED
        yield Bounce(ours, recipient[:254], action == "failed", _WHY.get(subject, usual))


def _named(parts: Sequence[Message]) -> UUID | None:
    """The name that we gave to the letter that came back, from its headers."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            letter = inner[0] if isinstance(inner, list) and inner else None
            said = str(letter.get("Message-ID", "")) if isinstance(letter, Message) else ""
        elif kind == "text/rfc822-headers":
            said = _text(part)
        elif kind == "message/delivery-status":
            continue
        else:
            said = f"{part.get('In-Reply-To', '')} {part.get('References', '')}"
        if kind == "text/rfc822-headers":
            found = re.search(r"^Message-ID:\s*(\S+)", said, re.IGNORECASE | re.MULTILINE)
            said = found[1] if found else ""
        if ours := _OURS.search(said):
            return UUID(ours[1])
    return None


def _text(part: Message) -> str:
    if isinstance(part, EmailMessage):
        with suppress(KeyError, LookupError, ValueError):
            said = part.get_content()
            return said if isinstance(said, str) else ""
    payload = part.get_payload(decode=True)
    return payload.decode(errors="replace") if isinstance(payload, bytes) else ""


class Mailbox:
    """The practice's mailbox, opened to read what came back; what was read is marked as such."""

    def __init__(
        self,
        settings: MailboxSettings,
        *,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._settings = settings
        self._tls = tls
        self._seconds = seconds

    def bounces(self) -> Iterator[Bounce]:
        """Each failure told since the last reading. Marked as read once taken, so that a reading
        that dies half-way begins again there.

        Raises:
            Unreachable.
        """
        try:
            server = self._open()
        except (OSError, imaplib.IMAP4.error, UnicodeError) as error:
            raise Unreachable from error
        try:
            yield from self._unread(server)
        except (OSError, imaplib.IMAP4.error) as error:
            raise Unreachable from error
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()

    def _open(self) -> imaplib.IMAP4:
        settings = self._settings
        if settings.plain and not hosts.is_let_through(settings.host, settings.port):
            raise hosts.ForbiddenHost(hosts.GENERIC)
        tls = None if settings.plain else self._tls or ssl.create_default_context()
        server = _Server(settings.host, settings.port, self._seconds, tls)
        try:
            server.login(settings.login, settings.password)
            status, _said = server.select(_quoted(settings.folder))
            if status != "OK":
                raise imaplib.IMAP4.error("folder")
        except BaseException:
            server.shutdown()
            raise
        return server

    def _unread(self, server: imaplib.IMAP4) -> Iterator[Bounce]:
        """Unread notifications only: a person's own letters in the same mailbox stay unread."""
        _status, found = server.uid("SEARCH", "UNSEEN", "HEADER", "Content-Type", "report")
        for uid in (found[0] or b"").split()[:MOST]:
            _status, said = server.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{LONGEST}>)")
            raw = next((one[1] for one in said or () if isinstance(one, tuple)), b"")
            failures = read(raw)
            yield from failures
            if failures:
                server.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")


class _Server(imaplib.IMAP4):
    """The standard client, on a socket that goes where `hosts` allows."""

    def __init__(self, host: str, port: int, seconds: float, tls: ssl.SSLContext | None) -> None:
        self._secure = tls
        super().__init__(host, port, seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        raw = hosts.connect(self.host, self.port, timeout or SECONDS)
        return self._secure.wrap_socket(raw, server_hostname=self.host) if self._secure else raw


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
