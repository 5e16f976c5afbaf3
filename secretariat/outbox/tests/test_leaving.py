"""From the queue to the other machine: kept, tried again, given up, held back (FLT-15, FLT-16)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from secretariat.outbox import actions as outbox
from secretariat.outbox import rendering
from secretariat.outbox.actions import senders
from secretariat.outbox.channels import hosts
from secretariat.outbox.channels.tests import servers
from secretariat.outbox.channels.tests.servers import scripted, smtp_that
from secretariat.outbox.dispatching import dispatch
from secretariat.outbox.models import Message
from tests.cast import NOW, House

pytestmark = pytest.mark.django_db
KIND = "outbox.leaving"


@pytest.fixture(autouse=True)
def _writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")

    def write(messages: Sequence[Message]) -> dict[int, rendering.Text]:
        return {m.pk: rendering.Text("Rappel", f"Rendez-vous {m.cause}") for m in messages}

    rendering.written_by(KIND, write)
    yield
    rendering._writers.pop(KIND)


def queue(house: House, cause: str, channel: str = "email", **more: Any) -> Message:
    address = "manon@exemple.test" if channel == "email" else "+33639980123"
    message = outbox.queue(
        practice_id=house.practice.pk, kind=KIND, cause=cause, channel=channel,
        address=address, at=NOW, **more,
    )  # fmt: skip
    assert message is not None
    return message


def mail_by(house: House, port: int) -> None:
    senders.keep_mail_sender(
        practice_id=house.practice.pk, by=None, at=NOW, host="127.0.0.1", port=port,
        security="none", name="Cabinet des Tilleuls", address="rdv@tilleuls.test",
    )  # fmt: skip


def sms_by(house: House, port: int, cents_each: int = 6) -> None:
    senders.keep_sms_sender(
        practice_id=house.practice.pk, by=None, at=NOW, provider="generic", key="Bearer k",
        url=f"http://127.0.0.1:{port}/send", cents_each=cents_each,
    )  # fmt: skip


def rules(house: House, **more: Any) -> None:
    told: dict[str, Any] = {
        "from_hour": time(8), "until_hour": time(20), "days_off": 64, "sms_a_day": 500,
        "cents_a_day": 5000, "delay_minutes": 0, **more,
    }  # fmt: skip
    senders.keep_sending_rules(practice_id=house.practice.pk, by=None, at=NOW, **told)


def at(moment: datetime) -> int:
    return dispatch(lambda: moment)


def test_a_mail_server_that_comes_back_gets_each_letter_once(tilleuls: House) -> None:
    port = servers.free_port()
    mail_by(tilleuls, port)
    rules(tilleuls)
    for number in range(3):
        queue(tilleuls, f"n° {number}")
    at(NOW)
    assert {m.state for m in Message.objects.all()} == {"waiting"}
    tried = Message.objects.exclude(failure="").get()
    assert tried.failure == "Le serveur de courriel ne répond pas. Nouvel essai automatique."
    assert tried.next_at > NOW
    with servers.smtp() as (box, again):
        mail_by(tilleuls, again)
        at(NOW + timedelta(minutes=2))
    assert len(box.mails) == 3 and len({m["Message-ID"] for m in box.mails}) == 3
    assert {m.state for m in Message.objects.all()} == {"sent"}


def test_a_letter_whose_fate_is_unknown_keeps_its_name(tilleuls: House) -> None:
    rules(tilleuls)
    message = queue(tilleuls, "a")
    with scripted(smtp_that(end=None)) as port:
        mail_by(tilleuls, port)
        at(NOW)
    with servers.smtp() as (box, port):
        mail_by(tilleuls, port)
        at(NOW + timedelta(minutes=2))
    assert box.mails[0]["Message-ID"] == f"<{message.stable_id}@tilleuls.test>"


def test_an_unknown_recipient_is_a_failure_that_is_said(tilleuls: House) -> None:
    rules(tilleuls)
    queue(tilleuls, "a")
    with servers.smtp() as (box, port):
        box.refusals["manon@exemple.test"] = "550 no such user"
        mail_by(tilleuls, port)
        at(NOW)
    message = Message.objects.get()
    assert message.state == "failed" and "(550)" in message.failure


def test_a_gateway_that_says_no_with_a_smile_is_tried_again(tilleuls: House) -> None:
    rules(tilleuls)
    queue(tilleuls, "a", "sms")
    with servers.gateway((500, b""), (200, b'{"error": "busy"}'), (200, b'{"id": 1}')) as (g, port):
        sms_by(tilleuls, port)
        for minutes in (0, 2, 10):
            at(NOW + timedelta(minutes=minutes))
    message = Message.objects.get()
    assert (message.state, message.reference, message.attempts) == ("sent", "1", 3)
    assert len({headers["idempotency-key"] for _m, _p, headers, _b in g.asked}) == 1


def test_a_day_costs_no_more_than_its_limit(tilleuls: House) -> None:
    rules(tilleuls, cents_a_day=20)
    for number in range(5):
        queue(tilleuls, f"n° {number}", "sms")
    with servers.gateway((200, b'{"id": 1}')) as (asked, port):
        sms_by(tilleuls, port)
        at(NOW)
        assert len(asked.asked) == 3
        at(NOW + timedelta(hours=6))
        assert len(asked.asked) == 3
        at(NOW + timedelta(days=1))
        assert len(asked.asked) == 5


def test_what_the_day_cannot_pay_and_cannot_wait_is_given_to_a_person(tilleuls: House) -> None:
    rules(tilleuls, cents_a_day=6)
    queue(tilleuls, "a", "sms")
    queue(tilleuls, "b", "sms", expires_at=NOW + timedelta(hours=3))
    with servers.gateway((200, b'{"id": 1}')) as (_asked, port):
        sms_by(tilleuls, port)
        at(NOW)
    assert Message.objects.get(cause="a").state == "sent"
    late = Message.objects.get(cause="b")
    assert (late.state, late.failure.startswith("Limite du jour")) == ("failed", True)


def test_a_slow_server_never_lets_two_workers_send_the_same_letter(tilleuls: House) -> None:
    rules(tilleuls)
    for number in range(10):
        queue(tilleuls, f"n° {number}")
    moment = NOW

    def slow_clock() -> datetime:
        nonlocal moment
        moment += timedelta(seconds=20)  # three readings of the clock a letter: a minute each
        return moment

    with servers.smtp() as (box, port):
        mail_by(tilleuls, port)
        dispatch(slow_clock, leaving=lambda: Message.objects.filter(attempts__gt=0).exists())
        assert 0 < len(box.mails) < 10
        assert not Message.objects.filter(state="waiting", leased_until__isnull=False).exists()
        at(moment)
        assert len(box.mails) == len({m["Message-ID"] for m in box.mails}) == 10


def test_what_was_just_done_can_be_undone_before_anybody_is_told(tilleuls: House) -> None:
    rules(tilleuls, delay_minutes=5)
    regretted, urgent = queue(tilleuls, "a"), queue(tilleuls, "b", urgent=True)
    with servers.smtp() as (box, port):
        mail_by(tilleuls, port)
        at(NOW + timedelta(minutes=1))
        assert [m["Message-ID"][1:37] for m in box.mails] == [str(urgent.stable_id)]
        assert outbox.withdraw(messages=[regretted], at=NOW + timedelta(minutes=3)) == []
        at(NOW + timedelta(minutes=10))
        assert len(box.mails) == 1
