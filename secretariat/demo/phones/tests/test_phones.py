"""The demonstration gateway behaves as a true one, with telephones that nobody has."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from secretariat.core.scope import scope
from secretariat.demo.phones import wiring
from secretariat.demo.phones.gateway import PhoneServer
from secretariat.demo.phones.mailbox import mail_server
from secretariat.demo.phones.store import Store, Text, is_fiction
from secretariat.outbox import opening, ways
from secretariat.outbox.channels import Letter, Outcome, hosts
from secretariat.outbox.channels.generic import signature
from secretariat.outbox.channels.tests import servers
from secretariat.outbox.models import MailSender, SmsSender
from tests.cast import NOW, House

LETTER = Letter(
    UUID("6f0c3a52-4f3e-4a53-9f0c-0d6d2c1b9a03"), "+33639980123", "Votre rendez-vous",
    "Rappel : mardi 9 h 30. <b>Confirmer</b> : http://localhost:8000/r/abc.", "fr",
)  # fmt: skip
Told = list[tuple[str, dict[str, Any]]]


class SilentTeller:
    """Keeps what would be told."""

    def __init__(self) -> None:
        self.told: Told = []

    def tell(self, callback: str, event: dict[str, Any]) -> None:
        self.told.append((callback, event))


@pytest.fixture
def server() -> Iterator[PhoneServer]:
    made = PhoneServer(0, Store(), key="demo-key", secret="demo-key")
    made.teller.close()
    made.teller = SilentTeller()  # type: ignore[assignment]
    thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    thread.join(5)
    made.server_close()


@pytest.fixture
def ask(server: PhoneServer) -> Callable[..., tuple[int, str]]:
    """A browser before the page."""

    def asking(path: str, said: dict[str, str] | None = None, host: str = "") -> tuple[int, str]:
        port = server.server_address[1]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        headers = {"Host": host or f"127.0.0.1:{port}"}
        connection.request(
            "POST" if said else "GET", path, urlencode(said) if said else None, headers
        )
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    return asking


@pytest.fixture
def wired(
    server: PhoneServer, tilleuls: House, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[PhoneServer, House]]:
    """The Tilleuls, with the demonstration as their way out."""
    smtp = servers.free_port()
    mails = mail_server(smtp, server.store)
    mails.start()
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")
    wire(server, smtp)
    yield server, tilleuls
    mails.stop()


def wire(server: PhoneServer, smtp: int) -> None:
    port = server.server_address[1]
    wiring.wire(http_port=port, smtp_port=smtp, secret="demo-key", at=NOW)


@pytest.mark.parametrize(("number", "fiction"), [
    ("+33639980123", True), ("+33199001234", True), ("+33612345678", False),
    ("+3363998012", False), ("+336399801234", False), ("+33639980x23", False),
])  # fmt: skip
def test_only_numbers_that_nobody_has(number: str, fiction: bool) -> None:
    assert is_fiction(number) is fiction


@pytest.mark.django_db
class TestFromTheProduct:
    """What leaves the product by its own channels is seen on the page."""

    def test_a_text_message_is_seen_on_its_phone(
        self, wired: tuple[PhoneServer, House], ask: Callable[..., tuple[int, str]]
    ) -> None:
        server, house = wired
        channel = opening.channel_of(house.practice.pk, "sms")
        assert channel is not None and channel.confirms
        first, again = channel.send(LETTER), channel.send(LETTER)
        real = channel.send(replace(LETTER, to="+33612345678"))
        channel.close()
        assert first.outcome is Outcome.ACCEPTED and first == again
        assert real.outcome is Outcome.REFUSED
        [phone] = server.store.phones()
        assert [text.body for text in phone.texts] == [LETTER.body]
        _status, html = ask("/")
        assert "06 39 98 01 23" in html and "&lt;b&gt;Confirmer" in html
        assert 'href="http://localhost:8000/r/abc"' in html
        where = ways.callback_url(house.practice.pk)
        assert server.teller.told == [(where, {"id": first.reference, "status": "delivered"})]  # type: ignore[attr-defined]

    def test_a_mail_is_seen_and_goes_nowhere(
        self, wired: tuple[PhoneServer, House], ask: Callable[..., tuple[int, str]]
    ) -> None:
        server, house = wired
        channel = opening.channel_of(house.practice.pk, "email")
        assert channel is not None
        assert channel.send(replace(LETTER, to="moi@exemple.test")).outcome is Outcome.ACCEPTED
        channel.close()
        [mail] = server.store.mails()
        assert (mail.to, mail.subject) == ("moi@exemple.test", "Votre rendez-vous")
        assert "Cabinet des Tilleuls" in ask("/received")[1]

    def test_what_it_tells_is_believed_by_the_product(
        self, wired: tuple[PhoneServer, House]
    ) -> None:
        _server, house = wired
        body = b'{"events": [{"from": "+33639980123", "text": "STOP"}]}'
        path = reverse(
            "outbox:sms_callback",
            args=[house.practice.pk, ways.callback_key(house.practice.pk)],
        )
        for secret, status in (("demo-key", 200), ("other", 403)):
            answer = Client().post(
                path, body, content_type="application/json",
                headers={"X-Signature": signature(secret, body)},
            )  # fmt: skip
            assert answer.status_code == status

    def test_a_second_start_moves_the_ports_and_nothing_else(
        self, wired: tuple[PhoneServer, House]
    ) -> None:
        server, house = wired
        with scope([house.practice.pk]):
            SmsSender.objects.update(url="https://passerelle.exemple.test/")
            kept = MailSender.objects.get()
            wire(server, kept.port + 1)
            assert MailSender.objects.get().port == kept.port + 1
            assert SmsSender.objects.get().url == "https://passerelle.exemple.test/"


class TestThePage:
    """One may answer from a phone, or turn it off."""

    def said(self, server: PhoneServer, **more: str) -> dict[str, str]:
        return {"token": server.token, "number": "+33639980123", **more}

    def test_stop_is_told_to_the_practice_that_wrote_last(
        self, server: PhoneServer, ask: Callable[..., tuple[int, str]]
    ) -> None:
        text = Text("Rappel", NOW)
        server.store.take("+33639980123", text, key="k", callback="http://127.0.0.1:1/c")
        assert ask("/answer", self.said(server, stop="1", text=""))[0] == 303
        told = ("http://127.0.0.1:1/c", {"from": "+33639980123", "text": "STOP"})
        assert server.teller.told == [told]  # type: ignore[attr-defined]

    def test_a_phone_that_is_off_receives_nothing(
        self, server: PhoneServer, ask: Callable[..., tuple[int, str]]
    ) -> None:
        ask("/answer", self.said(server, switch="1"))
        taken = server.store.take("+33639980123", Text("a", NOW), key="k", callback="")
        assert taken[1:] == (True, False)
        assert "Téléphone éteint" in ask("/")[1]

    def test_another_site_can_do_nothing(
        self, server: PhoneServer, ask: Callable[..., tuple[int, str]]
    ) -> None:
        assert ask("/", host="evil.test")[0] == 403
        assert ask("/answer", self.said(server, switch="1", token="x"))[0] == 403
        assert ask("/answer", self.said(server, switch="1", number="+33612345678"))[0] == 403
        assert ask("/send", {"to": "+33639980123"})[0] == 401
        assert ask("/static/../gateway.py")[0] == 404
        assert server.store.phones() == []

    def test_every_answer_field_has_its_name(
        self, server: PhoneServer, ask: Callable[..., tuple[int, str]]
    ) -> None:
        for number in ("+33639980123", "+33639980124"):
            server.store.take(number, Text("a", NOW), key=number, callback="")
        html = ask("/")[1]
        assert len(set(re.findall(r'id="(text-\d+)"', html))) == 2
        assert "Répondre depuis le 06 39 98 01 24" in html
