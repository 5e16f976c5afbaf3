"""The SMTP side: a true server that takes every mail and relays none."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from secretariat.demo.phones.store import Mail, Store


class _Mailbox:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        """Keep the mail."""
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)  # noqa: S101 (what the policy makes)
        body = mail.get_body(("plain",))
        self._store.keep(
            Mail(
                sender=str(mail["From"] or ""),
                to=", ".join(envelope.rcpt_tos),
                subject=str(mail["Subject"] or ""),
                body=(body.get_content() if body else "") + _attached(mail),
                at=datetime.now().astimezone(),
            )
        )
        return "250 kept for the demonstration"


def _attached(mail: EmailMessage) -> str:
    """The files that came with a mail, in words: « [a-lire.pdf, 16 Ko] »."""
    files = [(one.get_filename(), one.get_content()) for one in mail.iter_attachments()]
    return "".join(f"\n[{name}, {len(content) // 1024 + 1} Ko]" for name, content in files)


def mail_server(port: int, store: Store) -> Controller:
    """A server on the loopback, not started."""
    return Controller(_Mailbox(store), hostname="127.0.0.1", port=port)
