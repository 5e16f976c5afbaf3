"""A mail that came back becomes a patient to call, read from a true IMAP server on the loopback."""

from __future__ import annotations

import imaplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from secretariat.outbox import returning
from secretariat.outbox.actions import senders
from secretariat.outbox.channels import bounces, hosts
from secretariat.outbox.channels.bounces import Bounce, Mailbox, MailboxSettings, Unreachable
from secretariat.outbox.channels.tests import servers
from secretariat.outbox.models import MailSender, Message
from tests.cast import NOW, House

OURS = UUID("6f0c3a52-4f3e-4a53-9f0c-0d6d2c1b9a04")
USER, PASSWORD = "demouser", "demopass"


def report(
    action: str = "failed", status: str = "5.1.1", *, name: str = str(OURS), inner: str = "rfc822"
) -> bytes:
    """A notification as mail servers write it."""
    letter = (
        f"From: rdv@tilleuls.test\r\nTo: manon@exemple.test\r\nMessage-ID: <{name}@tilleuls.test>"
        "\r\nSubject: =?utf-8?q?Rendez-vous?=\r\n"
    )
    kind = "message/rfc822" if inner == "rfc822" else "text/rfc822-headers"
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.exemple.test>\r\nTo: rdv@tilleuls.test\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.exemple.test\r\n\r\n"
        f"Final-Recipient: rfc822; manon@exemple.test\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n"
        f"--b\r\nContent-Type: {kind}\r\n\r\n{letter}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("action", "status", "permanent", "reason"),
    [
        ("failed", "5.1.1", True, "Cette adresse de courriel n’existe pas."),
        ("Failed", "5.2.2 (full)", True, "Cette boîte de courriel est pleine."),
        ("failed", "5.0.0", True, bounces.RETURNED),
        ("failed", "", True, bounces.RETURNED),
        ("failed", "4.0.0", True, "Le courriel n’a pas pu être remis dans le délai."),
        ("delayed", "4.4.7", False, "Le courriel n’a pas pu être remis dans le délai."),
    ],
)
def test_a_notification_says_who_did_not_get_what_and_why(
    action: str, status: str, permanent: bool, reason: str
) -> None:
    for inner in ("rfc822", "headers"):
        assert bounces.read(report(action, status, inner=inner)) == [
            Bounce(OURS, "manon@exemple.test", permanent, reason)
        ]


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"Subject: Bonjour\r\n\r\nJe viendrai.", report("delivered", "2.0.0"),
        report("relayed", "2.0.0"), report(name="another"), report()[:350],
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\n--b--",
        f"In-Reply-To: <{OURS}@tilleuls.test>\r\nSubject: Re\r\n\r\nfailed".encode(),
        bytes(range(256)) * 20,
    ],
)  # fmt: skip
def test_any_other_mail_is_none(raw: bytes) -> None:
    assert bounces.read(raw) == []


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailboxSettings]:
    """A true IMAP server (pymap) and the practice's mailbox on it."""
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")
    port = servers.free_port()
    run = "from pymap.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", run, "--host", "127.0.0.1", "--port", str(port), "dict",
         "--demo-data"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(port)
        yield MailboxSettings("127.0.0.1", port, USER, PASSWORD, plain=True)
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the IMAP server did not start")


def put(where: MailboxSettings, *mails: bytes) -> None:
    """What other servers send us."""
    with imaplib.IMAP4(where.host, where.port) as server:
        server.login(USER, PASSWORD)
        for mail in mails:
            server.append("INBOX", "", "", mail)


def unread(where: MailboxSettings) -> int:
    with imaplib.IMAP4(where.host, where.port) as server:
        server.login(USER, PASSWORD)
        server.select("INBOX")
        return len((server.uid("SEARCH", "UNSEEN")[1][0] or b"").split())


def test_only_notifications_are_taken_and_once(mailbox: MailboxSettings) -> None:
    before = unread(mailbox)
    put(mailbox, report(), b"Subject: Question\r\n\r\nBonjour", report(name="another"))
    box = Mailbox(mailbox)
    assert [one.stable_id for one in box.bounces()] == [OURS]
    assert list(box.bounces()) == []
    assert unread(mailbox) == before + 2


def test_a_reading_that_dies_begins_again_there(mailbox: MailboxSettings) -> None:
    put(mailbox, report())
    reading = Mailbox(mailbox).bounces()
    assert next(reading).stable_id == OURS
    reading.close()  # type: ignore[attr-defined]
    assert [one.stable_id for one in Mailbox(mailbox).bounces()] == [OURS]


def test_a_mailbox_that_cannot_be_read_says_so(
    mailbox: MailboxSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    for odd in (
        replace(mailbox, password="other"), replace(mailbox, folder='No"where'),
        replace(mailbox, port=servers.free_port()), replace(mailbox, plain=False),
    ):  # fmt: skip
        with pytest.raises(Unreachable):
            list(Mailbox(odd, seconds=1).bounces())
    monkeypatch.setenv(hosts.VARIABLE, "")
    with pytest.raises(Unreachable):
        list(Mailbox(mailbox, seconds=1).bounces())


def test_the_mailbox_is_opened_under_a_certificate_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scripted server: what it would say after the greeting is another test's affair."""
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")
    context, trusted = servers.certificate(tmp_path, "autre.test")
    heard: list[bytes] = []

    def play(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            heard.append(secure.recv(100))

    with servers.scripted(play) as port:
        box = Mailbox(
            MailboxSettings("127.0.0.1", port, USER, PASSWORD),
            tls=ssl.create_default_context(cafile=str(trusted)),
        )
        with pytest.raises(Unreachable):
            list(box.bounces())
    assert heard == []


@pytest.mark.django_db
def test_a_mail_that_came_back_is_a_message_that_failed(
    tilleuls: House, mailbox: MailboxSettings
) -> None:
    senders.keep_mail_sender(
        practice_id=tilleuls.practice.pk, by=None, at=NOW, host="127.0.0.1", port=25,
        security="tls", name="Tilleuls", address="rdv@tilleuls.test",
        bounce_host="127.0.0.1", bounce_login=USER, bounce_password=PASSWORD,
    )  # fmt: skip
    message = Message.objects.create(
        practice=tilleuls.practice, kind="k", cause="c", channel="email", stable_id=OURS,
        address="manon@exemple.test", state="sent", body="Rappel", next_at=NOW, sent_at=NOW,
        created_at=NOW,
    )  # fmt: skip
    put(mailbox, report("delayed", "4.4.7"))

    def opened(sender: MailSender) -> Mailbox:
        return Mailbox(mailbox)

    assert returning.read_all(lambda: NOW, opened) == 0
    put(mailbox, report())
    assert returning.read_all(lambda: NOW, opened) == 1
    message.refresh_from_db()
    assert (message.state, message.failure) == ("failed", "Cette adresse de courriel n’existe pas.")
    assert returning.read_all(lambda: NOW, opened) == 0
