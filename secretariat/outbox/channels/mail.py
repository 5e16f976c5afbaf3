"""E-mail by SMTP: one server, one sender, many letters on one connection.

The same letter always bears the same Message-ID. When the connection falls after the text was
sent, nobody can know whether the server kept it: it is sent again, and the receiving side may
throw the second one away. A letter twice is better than a patient not told.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Literal

from secretariat.outbox.channels import Letter, Receipt, accepted, hosts, later, refused

SECONDS = 10.0
"""To connect, then for each answer of the server."""
SILENT = "Le serveur de courriel ne répond pas. Nouvel essai automatique."
LOST = "Le serveur de courriel n’a pas confirmé la réception. Nouvel essai automatique."
UNTRUSTED = "Le certificat du serveur de courriel n’est pas valable : rien ne lui est confié."
NO_TLS = "Le serveur de courriel ne propose pas de liaison chiffrée (STARTTLS)."
WRONG_PASSWORD = "Le serveur de courriel refuse l’identifiant ou le mot de passe du cabinet."  # noqa: S105
ODD_HEADER = "Une adresse ou un objet contient un caractère interdit : rien n’est parti."
ODD_ADDRESS = "Cette adresse de courriel n’est pas valable."
_ADDRESS = re.compile(
    r"(?=.{3,254}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
)
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailSettings:
    """A practice's way out for mail.

    Args:
        security: "starttls" (port 587), "tls" from the first byte (465), or "none", which only
            a host that the operator let through may use.
        address: what `From` says, an address that the server lets us use.
        reply_to: where answers go, if elsewhere.
    """

    host: str
    port: int
    security: Security
    login: str
    password: str
    name: str
    address: str
    reply_to: str = ""


class MailChannel:
    """Letters of one practice through its mail server, which never says that they arrived."""

    confirms = False

    def __init__(
        self,
        settings: MailSettings,
        *,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._settings = settings
        self._tls = tls or hosts.trusted()
        self._seconds = seconds
        self._server: smtplib.SMTP | None = None

    def cents(self, body: str) -> int:
        """Nothing."""
        return 0

    def send(self, letter: Letter) -> Receipt:
        """Hand the letter to the server.

        4xx answers, silence and everything that is our own affair (password, certificate) wait;
        a 5xx answer about the recipient or the text is final.
        """
        try:
            message = _written(letter, self._settings)
        except ValueError as error:
            return refused(str(error))
        kept = self._server is not None
        receipt = self._attempt(letter, message)
        if receipt is None and kept:  # the connection had died of boredom
            receipt = self._attempt(letter, message)
        return receipt or later(SILENT, everyone=True)

    def close(self) -> None:
        """Say good bye, whether it is heard or not."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
            server.close()

    def _attempt(self, letter: Letter, message: EmailMessage) -> Receipt | None:
        """One try; None when the server was lost before it had the text."""
        if self._server is None and (trouble := self._open()):
            return trouble
        assert self._server is not None  # noqa: S101 - just opened
        try:
            code, _words = self._server.mail(self._settings.address)
            if code >= 300:
                return self._not_taken(code, sender=True)
            code, _words = self._server.rcpt(letter.to)
            if code >= 300:
                return self._not_taken(code)
        except (OSError, smtplib.SMTPException):
            self._drop()
            return None
        return self._give_text(message, letter)

    def _give_text(self, message: EmailMessage, letter: Letter) -> Receipt:
        assert self._server is not None  # noqa: S101 - `_attempt` opened it
        try:
            code, _words = self._server.data(message.as_bytes(policy=SMTP_POLICY))
        except smtplib.SMTPDataError as error:  # said no before the text
            return self._not_taken(error.smtp_code)
        except (OSError, smtplib.SMTPException):
            self._drop()
            return later(LOST)
        if code >= 300:
            return self._not_taken(code)
        return accepted(message_id(letter, self._settings))

    def _not_taken(self, code: int, *, sender: bool = False) -> Receipt:
        """What a refusing answer means; 421 closes the line (RFC 5321, 3.8)."""
        if code == 421:
            self._drop()
            return later(f"Le serveur de courriel est occupé ({code}).", everyone=True)
        assert self._server is not None  # noqa: S101 - it has just answered
        try:
            self._server.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()
        if sender:
            words = f"Le serveur de courriel refuse l’adresse du cabinet comme expéditeur ({code})."
            return later(words, 900, everyone=True)
        if code < 500:
            return later(f"Le serveur de courriel demande d’attendre ({code}).")
        if code in (550, 551, 553):
            return refused(
                f"Adresse de courriel inconnue ou refusée chez le destinataire ({code})."
            )
        return refused(f"Le serveur de courriel refuse ce message ({code}).")

    def _open(self) -> Receipt | None:
        """Connect and present ourselves; a receipt when that fails."""
        settings = self._settings
        try:
            self._server = self._connected()
            self._server.ehlo_or_helo_if_needed()
            if settings.login:
                self._server.login(settings.login, settings.password)
        except ssl.SSLCertVerificationError:
            self._drop()
            return later(UNTRUSTED, 900, everyone=True)
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            busy = 400 <= error.smtp_code < 500
            return later(SILENT if busy else WRONG_PASSWORD, None if busy else 900, everyone=True)
        except smtplib.SMTPNotSupportedError:
            self._drop()
            return later(NO_TLS, 900, everyone=True)
        except (OSError, smtplib.SMTPException, UnicodeError):
            self._drop()
            return later(SILENT, everyone=True)
        return None

    def _connected(self) -> smtplib.SMTP:
        settings, seconds = self._settings, self._seconds
        us = settings.address.rpartition("@")[2]
        if settings.security == "none" and not hosts.is_let_through(settings.host, settings.port):
            raise hosts.ForbiddenHost(hosts.GENERIC)
        tls = self._tls if settings.security == "tls" else None
        server = _Server(settings.host, settings.port, us, seconds, tls)
        if settings.security == "starttls":
            try:
                server.ehlo_or_helo_if_needed()
                server.starttls(context=self._tls)
            except BaseException:
                server.close()
                raise
        return server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


class _Server(smtplib.SMTP):
    """The standard client, on a socket that goes where `hosts` allows."""

    def __init__(
        self, host: str, port: int, us: str, seconds: float, tls: ssl.SSLContext | None
    ) -> None:
        self._tls = tls
        super().__init__(host, port, local_hostname=us, timeout=seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        raw = hosts.connect(host, port, timeout)
        return self._tls.wrap_socket(raw, server_hostname=host) if self._tls else raw


def message_id(letter: Letter, settings: MailSettings) -> str:
    """The name of the letter for every mail server: the same at each attempt."""
    return f"<{letter.stable_id}@{settings.address.rpartition('@')[2]}>"


def is_address(said: str) -> bool:
    """Whether this is one plain e-mail address, nothing around it."""
    return bool(_ADDRESS.fullmatch(said)) and ".." not in said.rpartition("@")[2]


def _written(letter: Letter, settings: MailSettings) -> EmailMessage:
    """The letter as mail.

    Raises:
        ValueError: a field would change the headers or the commands; the sentence says which.
    """
    headers = (letter.to, letter.subject, settings.name, settings.address, settings.reply_to)
    names = [one.name for one in letter.attachments]
    if any(_has_control(said) for said in (*headers, letter.about, letter.language, *names)):
        raise ValueError(ODD_HEADER)
    if not is_address(letter.to):
        raise ValueError(ODD_ADDRESS)
    user, _at, domain = settings.address.rpartition("@")
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(settings.name, user, domain)
    message["To"] = letter.to
    if settings.reply_to:
        message["Reply-To"] = settings.reply_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id(letter, settings)
    # RFC 3834, 5: no holiday answer comes back, from RFC-minded machines and from Exchange.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = letter.language
    if letter.about:
        message["References"] = letter.about
    message.set_content(letter.body.replace("\0", ""), cte="quoted-printable")
    for one in letter.attachments:
        message.add_attachment(
            one.content, maintype="application", subtype="pdf", filename=one.name
        )
    return message


def _has_control(said: str) -> bool:
    return any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in said)
