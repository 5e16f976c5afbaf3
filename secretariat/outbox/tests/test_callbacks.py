"""The gateway tells what became of a message: once, twice, out of order, or someone in its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from secretariat.core.scope import scope
from secretariat.outbox import ways
from secretariat.outbox.actions import senders as actions
from secretariat.outbox.channels import hosts
from secretariat.outbox.channels.generic import signature
from secretariat.outbox.channels.twilio import signature as twilio_signature
from secretariat.outbox.models import Delivery, Message
from secretariat.outbox.signals import stopped
from secretariat.practice.models import Staff
from tests.cast import NOW, House

pytestmark = pytest.mark.django_db
SECRET = "callback-s3cret"


@pytest.fixture(autouse=True)
def _loopback_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")


@pytest.fixture
def message(tilleuls: House) -> Message:
    """A text message on its way, that the gateway calls m-1."""
    actions.keep_sms_sender(
        practice_id=tilleuls.practice.pk, by=None, at=NOW, provider="generic",
        url="http://127.0.0.1:9/send", key="Bearer k", second_key=SECRET,
    )  # fmt: skip
    return Message.objects.create(
        practice=tilleuls.practice, kind="k", cause="c", channel="sms", address="+33639980123",
        state="sent", body="Rappel", reference="m-1", next_at=NOW, sent_at=NOW, created_at=NOW,
    )  # fmt: skip


@pytest.fixture
def stops() -> Iterator[list[tuple[int, str]]]:
    """Practice and address of each « STOP » heard."""
    heard: list[tuple[int, str]] = []

    def hear(sender: object, *, practice_id: int, address: str, **_more: Any) -> None:
        heard.append((practice_id, address))

    stopped.connect(hear)
    yield heard
    stopped.disconnect(hear)


def told(house: House, said: Any, secret: str = SECRET, key: str = "") -> Any:
    """What the gateway says, at the practice's address."""
    body = json.dumps(said)
    pk = house.practice.pk
    url = reverse("outbox:sms_callback", args=[pk, key or ways.callback_key(pk)])
    answer = Client().post(
        url, body, content_type="application/json",
        headers={"X-Signature": signature(secret, body.encode())},
    )  # fmt: skip
    scope_again(house)
    return answer


def scope_again(house: House) -> None:
    from secretariat.core import scope as scopes

    scopes.apply([house.practice.pk])


def state(message: Message) -> tuple[str, int]:
    """Where the message stands, and how many lines its history has."""
    return Message.objects.get(pk=message.pk).state, Delivery.objects.count()


def test_delivered_is_written_once_however_often_it_is_said(
    tilleuls: House, message: Message
) -> None:
    for _ in range(3):
        assert told(tilleuls, {"id": "m-1", "status": "delivered"}).status_code == 200
    assert state(message) == ("delivered", 1)


def test_not_delivered_is_a_failure_that_says_so(tilleuls: House, message: Message) -> None:
    told(tilleuls, {"id": "m-1", "status": "undelivered"})
    assert state(message) == ("failed", 1)
    assert Message.objects.get().failure == "Le SMS n’a pas été remis au téléphone."


def test_late_news_changes_nothing(tilleuls: House, message: Message) -> None:
    told(tilleuls, {"id": "m-1", "status": "delivered"})
    for late in ("sent", "queued", "failed"):
        assert told(tilleuls, {"id": "m-1", "status": late}).status_code == 200
    assert state(message) == ("delivered", 1)


def test_news_quicker_than_our_own_writing_is_kept(tilleuls: House, message: Message) -> None:
    now = timezone.now()
    Message.objects.update(
        state="waiting", sent_at=None, reference="", leased_until=now + timedelta(minutes=1)
    )
    assert told(tilleuls, {"id": "m-1", "status": "delivered"}).status_code == 404
    said = {"id": str(message.stable_id), "status": "delivered"}
    assert told(tilleuls, said).status_code == 200
    assert state(message) == ("delivered", 1)


@pytest.mark.parametrize("secret", ["", "other", SECRET.upper()])
def test_a_bad_signature_writes_nothing(tilleuls: House, message: Message, secret: str) -> None:
    said = {"events": [{"id": "m-1", "status": "failed"}, {"from": "0639980123", "text": "STOP"}]}
    assert told(tilleuls, said, secret=secret).status_code == 403
    assert state(message) == ("sent", 0)


def test_an_address_that_we_did_not_give_is_not_even_read(
    tilleuls: House, message: Message
) -> None:
    said = {"id": "m-1", "status": "failed"}
    for key in ("x", "0" * 40, ways.callback_key(tilleuls.practice.pk + 1)):
        assert told(tilleuls, said, key=key).status_code == 403
    assert state(message) == ("sent", 0)


def test_another_practices_gateway_does_not_reach_our_messages(
    tilleuls: House, port: House, message: Message
) -> None:
    with scope([port.practice.pk]):
        actions.keep_sms_sender(
            practice_id=port.practice.pk, by=None, at=NOW, provider="generic",
            url="http://127.0.0.1:9/send", second_key="theirs",
        )  # fmt: skip
    answer = told(port, {"id": "m-1", "status": "failed"}, secret="theirs")
    scope_again(tilleuls)
    assert answer.status_code == 404 and state(message) == ("sent", 0)


def test_a_message_that_we_do_not_know_is_asked_again(tilleuls: House, message: Message) -> None:
    assert told(tilleuls, {"id": "m-9", "status": "failed"}).status_code == 404
    assert told(tilleuls, {"id": "m-9", "status": "sent"}).status_code == 200
    assert state(message) == ("sent", 0)


def test_stop_is_heard_and_anything_else_is_not(
    tilleuls: House, message: Message, stops: list[tuple[int, str]]
) -> None:
    for text in ("Stop", "STOP SMS", "ok merci", "arrêt de travail ?"):
        assert told(tilleuls, {"from": "06 39 98 01 23", "text": text}).status_code == 200
    assert stops == [(tilleuls.practice.pk, "+33639980123")] * 2


def test_only_ovh_speaks_by_get(tilleuls: House, message: Message) -> None:
    pk = tilleuls.practice.pk
    url = reverse("outbox:sms_callback", args=[pk, ways.callback_key(pk)])
    assert Client().get(url, {"id": "m-1", "dlr": "1"}).status_code == 403
    scope_again(tilleuls)
    actions.keep_sms_sender(
        practice_id=pk, by=None, at=NOW, provider="ovh", account="sms-1", key="k", second_key="c"
    )
    assert Client().post(url).status_code == 403
    assert Client().get(url, {"id": "m-1", "dlr": "2"}).status_code == 200
    scope_again(tilleuls)
    assert state(message) == ("failed", 1)


def test_twilio_signs_our_public_address(
    tilleuls: House, message: Message, settings: Settings
) -> None:
    settings.BASE_URL = "https://cabinet.test"
    pk = tilleuls.practice.pk
    actions.keep_sms_sender(
        practice_id=pk, by=None, at=NOW, provider="twilio", account="AC1", key="t0ken"
    )
    path = reverse("outbox:sms_callback", args=[pk, ways.callback_key(pk)])
    where = f"{path}?id={message.stable_id}"
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    for base, status in (("http://testserver", 403), ("https://cabinet.test", 200)):
        signed = twilio_signature("t0ken", base + where, fields.items())
        answer = Client().post(
            where, urlencode(fields), content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signed},
        )  # fmt: skip
        assert answer.status_code == status
    scope_again(tilleuls)
    assert state(message) == ("delivered", 1)


def test_a_huge_callback_is_not_read(tilleuls: House, message: Message) -> None:
    assert told(tilleuls, {"id": "m-1", "x": "y" * 70_000}).status_code == 413


def test_what_a_patient_answers_waits_with_the_messages_of_the_desk(
    tilleuls: House, message: Message, alice: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    said = {"id": "mo-1", "from": "0639980123", "text": "Je serai en retard de 10 min <b>"}
    for _ in range(2):
        assert told(tilleuls, said).status_code == 200
    assert told(tilleuls, {**said, "id": "mo-2", "text": " "}).status_code == 200
    page = at_desk(alice).get("/calls/").text
    assert page.count("Je serai en retard de 10 min &lt;b&gt;") == 1
    assert "06 39 98 01 23" in page
