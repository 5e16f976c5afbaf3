"""E-mail leaves by SMTP, and every way a mail server can fail has its outcome (FLT-15)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from secretariat.outbox.channels import Letter, Outcome, Receipt, hosts, mail
from secretariat.outbox.channels.mail import MailChannel, MailSettings
from secretariat.outbox.channels.tests import servers
from secretariat.outbox.channels.tests.servers import scripted, smtp_that

LETTER = Letter(
    stable_id=UUID("6f0c3a52-4f3e-4a53-9f0c-0d6d2c1b9a01"),
    to="manon@exemple.test",
    subject="Votre rendez-vous de mardi à 9 h 30",
    body="Bonjour,\n\nRendez-vous mardi 24 novembre à 9 h 30.\n.\nÀ bientôt, l’équipe",
    language="fr",
)
SETTINGS = MailSettings(
    host="127.0.0.1", port=0, security="none", login="", password="",
    name="Cabinet des Tilleuls", address="rendez-vous@tilleuls.test",
    reply_to="accueil@tilleuls.test",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _loopback_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")


@pytest.fixture
def server() -> Iterator[tuple[servers.Mailbox, int]]:
    with servers.smtp() as (mailbox, port):
        yield mailbox, port


def channel(port: int, **more: object) -> MailChannel:
    return MailChannel(replace(SETTINGS, port=port), seconds=0.5, **more)  # type: ignore[arg-type]


def sent_to(port: int, letter: Letter = LETTER) -> Receipt:
    way = channel(port)
    try:
        return way.send(letter)
    finally:
        way.close()


def test_a_letter_arrives_with_the_sender_of_the_practice_and_its_french(
    server: tuple[servers.Mailbox, int],
) -> None:
    mailbox, port = server
    receipt = sent_to(port)
    [mail_] = mailbox.mails
    assert receipt == Receipt(Outcome.ACCEPTED, reference=f"<{LETTER.stable_id}@tilleuls.test>")
    assert str(mail_["From"]) == "Cabinet des Tilleuls <rendez-vous@tilleuls.test>"
    assert mail_["Reply-To"] == "accueil@tilleuls.test"
    assert mail_["Subject"] == LETTER.subject
    assert mail_["Message-ID"] == receipt.reference
    assert mail_["Auto-Submitted"] == "auto-generated"
    assert mail_.get_content_type() == "text/plain"
    assert mail_.get_content().replace("\r\n", "\n").rstrip("\n") == LETTER.body


def test_the_same_letter_keeps_its_name_at_each_attempt(
    server: tuple[servers.Mailbox, int],
) -> None:
    mailbox, port = server
    sent_to(port)
    sent_to(port)
    assert len({m["Message-ID"] for m in mailbox.mails}) == 1 and len(mailbox.mails) == 2


def test_many_letters_go_by_one_connection(server: tuple[servers.Mailbox, int]) -> None:
    mailbox, port = server
    way = channel(port)
    outcomes = {way.send(replace(LETTER, to=f"p{n}@exemple.test")).outcome for n in range(30)}
    way.close()
    assert outcomes == {Outcome.ACCEPTED}
    assert len(mailbox.mails) == 30 and mailbox.connections == 1


def test_a_refused_recipient_does_not_cost_the_next_one_its_letter(
    server: tuple[servers.Mailbox, int],
) -> None:
    mailbox, port = server
    mailbox.refusals["manon@exemple.test"] = "550 5.1.1 no such user <secret internal text>"
    way = channel(port)
    first, second = way.send(LETTER), way.send(replace(LETTER, to="theo@exemple.test"))
    way.close()
    assert first.outcome is Outcome.REFUSED
    assert "inconnue" in first.detail and "secret" not in first.detail
    assert second.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("break_", ["\r\nRCPT TO:<evil@exemple.test>", "\nBcc: e@exemple.test",
                                    "\r", "\0", "\x0b", "\u2028"])  # fmt: skip
@pytest.mark.parametrize("field", ["to", "subject", "name", "reply_to", "about"])
def test_no_line_break_becomes_a_command_or_a_header(
    server: tuple[servers.Mailbox, int], field: str, break_: str
) -> None:
    mailbox, port = server
    letter, settings = LETTER, replace(SETTINGS, port=port)
    whole: Any = LETTER if field in {"to", "subject", "about"} else SETTINGS
    broken: dict[str, Any] = {field: f"{getattr(whole, field)}{break_}"}
    if whole is LETTER:
        letter = replace(LETTER, **broken)
    else:
        settings = replace(settings, **broken)
    way = MailChannel(settings, seconds=0.5)
    receipt = way.send(letter)
    way.close()
    assert receipt.outcome is Outcome.REFUSED
    assert mailbox.recipients == [] and mailbox.mails == []


@pytest.mark.parametrize("to", ["", "manon", "a@b@c", "a b@exemple.test", "<a@exemple.test>",
                                "a@exemple.test,b@exemple.test", "é@exemple.test", "a@-",
                                "a@exemple..test"])  # fmt: skip
def test_what_is_no_address_is_refused_before_any_connection(to: str) -> None:
    assert sent_to(1, replace(LETTER, to=to)).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"greeting": "421 busy"}, Outcome.LATER),
        ({"greeting": "554 go away"}, Outcome.LATER),
        ({"greeting": None}, Outcome.LATER),
        ({"mail": "451 later"}, Outcome.LATER),
        ({"mail": "553 not your address"}, Outcome.LATER),
        ({"rcpt": "421 closing"}, Outcome.LATER),
        ({"rcpt": "450 greylisted"}, Outcome.LATER),
        ({"rcpt": "451 later"}, Outcome.LATER),
        ({"rcpt": "452 full for now"}, Outcome.LATER),
        ({"rcpt": "550 unknown"}, Outcome.REFUSED),
        ({"rcpt": "552 mailbox full"}, Outcome.REFUSED),
        ({"rcpt": None}, Outcome.LATER),
        ({"data": "451 later"}, Outcome.LATER),
        ({"data": "554 no"}, Outcome.REFUSED),
        ({"end": "451 later"}, Outcome.LATER),
        ({"end": "554 looks like spam"}, Outcome.REFUSED),
        ({"end": "421 closing"}, Outcome.LATER),
        ({"end": None}, Outcome.LATER),
    ],
)
def test_each_answer_of_the_server_has_its_outcome(
    answers: dict[str, str | None], outcome: Outcome
) -> None:
    with scripted(smtp_that(**answers)) as port:
        receipt = sent_to(port)
    assert receipt.outcome is outcome
    assert receipt.detail.endswith((".",)) and receipt.reference == ""


def test_a_server_that_is_down_or_silent_keeps_the_letter_for_later() -> None:
    down = sent_to(servers.free_port())
    with scripted(servers.silent) as port:
        hanging = sent_to(port)
    for receipt in (down, hanging):
        assert receipt.outcome is Outcome.LATER and receipt.everyone
        assert receipt.detail == mail.SILENT


def test_a_server_whose_name_is_not_found_keeps_the_letter_for_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(hosts, "resolve", nobody)
    settings = replace(SETTINGS, host="smtp.exemple.test", port=587, security="starttls")
    receipt = MailChannel(settings).send(LETTER)
    assert (receipt.outcome, receipt.detail) == (Outcome.LATER, mail.SILENT)


def test_a_connection_lost_after_the_text_is_tried_again_under_the_same_name() -> None:
    with scripted(smtp_that(end=None), smtp_that()) as port:
        way = channel(port)
        first, second = way.send(LETTER), way.send(LETTER)
        way.close()
    assert (first.outcome, first.detail) == (Outcome.LATER, mail.LOST)
    assert not first.everyone
    assert second.reference == f"<{LETTER.stable_id}@tilleuls.test>"


def test_a_connection_that_died_of_boredom_is_opened_again() -> None:
    def one_letter_then_leave(connection: object) -> None:
        smtp_that(end="250 kept", mail="250 ok")(connection)  # type: ignore[arg-type]

    with scripted(smtp_that(rset=None), one_letter_then_leave) as port:
        way = channel(port)
        assert way.send(LETTER).outcome is Outcome.ACCEPTED
        way._server.sock.close()  # type: ignore[union-attr]
        assert way.send(LETTER).outcome is Outcome.ACCEPTED
        way.close()


class TestSecurity:
    """The password and the patients' addresses go to the right machine only."""

    def test_a_letter_by_starttls_and_password(self, tmp_path: Path) -> None:
        context, trusted = servers.certificate(tmp_path, "127.0.0.1")
        options: dict[str, Any] = {
            "tls_context": context, "require_starttls": True, "auth_required": True,
            "authenticator": servers.password("tilleuls", "s3cret"),
        }  # fmt: skip
        tls = ssl.create_default_context(cafile=str(trusted))
        with servers.smtp(**options) as (mailbox, port):
            right = replace(
                SETTINGS, port=port, security="starttls", login="tilleuls", password="s3cret"
            )
            good = MailChannel(right, tls=tls, seconds=2)
            wrong = MailChannel(replace(right, password="other"), tls=tls, seconds=2)
            assert good.send(LETTER).outcome is Outcome.ACCEPTED
            receipt = wrong.send(LETTER)
            good.close()
            wrong.close()
        assert len(mailbox.mails) == 1
        assert (receipt.outcome, receipt.detail) == (Outcome.LATER, mail.WRONG_PASSWORD)

    def test_a_certificate_of_another_is_not_believed(self, tmp_path: Path) -> None:
        context, trusted = servers.certificate(tmp_path, "autre.test")
        with servers.smtp(tls_context=context) as (mailbox, port):
            for tls in (
                ssl.create_default_context(cafile=str(trusted)),  # known, for another name
                ssl.create_default_context(),  # unknown
            ):
                way = MailChannel(replace(SETTINGS, port=port, security="starttls"), tls=tls)
                assert way.send(LETTER).detail == mail.UNTRUSTED
        assert mailbox.mails == []

    def test_a_server_without_starttls_is_told_nothing(
        self, server: tuple[servers.Mailbox, int]
    ) -> None:
        mailbox, port = server
        way = MailChannel(replace(SETTINGS, port=port, security="starttls"))
        assert way.send(LETTER).detail == mail.NO_TLS
        assert mailbox.recipients == []

    def test_plain_smtp_needs_the_operator(
        self, server: tuple[servers.Mailbox, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mailbox, port = server
        monkeypatch.setenv(hosts.VARIABLE, "")
        assert sent_to(port).outcome is Outcome.LATER
        assert mailbox.connections == 0
