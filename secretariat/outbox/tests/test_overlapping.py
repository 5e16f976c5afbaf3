"""A gateway that takes its time does not hold back the messages behind, nor those of others."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from secretariat.core.scope import scope
from secretariat.outbox import actions as outbox
from secretariat.outbox import dispatching, rendering
from secretariat.outbox.actions import sending
from secretariat.outbox.channels import hosts
from secretariat.outbox.channels.tests import servers
from secretariat.outbox.dispatching import dispatch
from secretariat.outbox.models import Message
from secretariat.outbox.signals import settled
from secretariat.outbox.tests.test_leaving import mail_by, queue, rules, sms_by
from secretariat.practice.everywhere import SomeFailed
from tests.cast import NOW, House

pytestmark = pytest.mark.django_db
KIND = "outbox.leaving"
PATIENT_S = 20.0
"""Only a failure waits so long."""
Answer = Callable[[int], tuple[int, dict[str, Any]]]


@pytest.fixture(autouse=True)
def _writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")

    def write(messages: Sequence[Message]) -> dict[int, rendering.Text]:
        return {m.pk: rendering.Text("Rappel", f"Rendez-vous {m.cause}") for m in messages}

    rendering.written_by(KIND, write)
    yield
    rendering._writers.pop(KIND)


@contextmanager
def gateway(answer: Answer) -> Iterator[tuple[list[str], int]]:
    """A gateway that answers its n-th message by `answer(n)`; the keys it heard, and its port."""
    heard: list[str] = []
    counting = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            with counting:
                heard.append(self.headers["Idempotency-Key"])
                number = len(heard)
            status, said = answer(number)
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: Any) -> None:
            """Say nothing on the screen."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_said: Any) -> None:
            """A call that was given up is what the test is about."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield heard, server.server_address[1]
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def yes(number: int) -> tuple[int, dict[str, Any]]:
    return 200, {"id": f"sms-{number}"}


def states() -> set[str]:
    return set(Message.objects.values_list("state", flat=True))


def test_eight_calls_are_open_at_once(tilleuls: House) -> None:
    """The gateway answers only when eight wait for its answer together."""
    rules(tilleuls)
    for number in range(23):
        queue(tilleuls, f"n° {number}", "sms")
    together = threading.Barrier(8)

    def answer(number: int) -> tuple[int, dict[str, Any]]:
        if number > 7:  # each answer opens one call more
            together.wait(PATIENT_S)
        return yes(number)

    with gateway(answer) as (heard, port):
        sms_by(tilleuls, port)
        assert dispatch(lambda: NOW) == 23
    assert states() == {"sent"}
    assert len(heard) == len(set(heard)) == 23


def test_a_gateway_that_hangs_holds_back_neither_another_practice_nor_the_mail(
    tilleuls: House, port: House
) -> None:
    """It answers when all the others have left: if they waited for it, nobody would leave."""
    others_left = threading.Semaphore(0)

    def hangs(number: int) -> tuple[int, dict[str, Any]]:
        all_left = [others_left.acquire(timeout=PATIENT_S) for _other in range(5)]
        return yes(number) if all(all_left) else (500, {})

    def counts(number: int) -> tuple[int, dict[str, Any]]:
        others_left.release()
        return yes(number)

    class Box(servers.Mailbox):
        async def handle_DATA(self, *said: Any) -> str:
            others_left.release()
            return await super().handle_DATA(*said)

    with gateway(hangs) as (_slow, slow), gateway(counts) as (_quick, quick):
        with servers.smtp(box=Box()) as (box, mail):
            for house, way in ((tilleuls, slow), (port, quick)):
                with scope([house.practice.pk]):
                    rules(house)
                    sms_by(house, way)
            with scope([tilleuls.practice.pk]):
                mail_by(tilleuls, mail)
                queue(tilleuls, "slow", "sms")
                for number in range(2):
                    queue(tilleuls, f"mail {number}")
            with scope([port.practice.pk]):
                for number in range(3):
                    queue(port, f"n° {number}", "sms")
            dispatch(lambda: NOW)
            assert len(box.mails) == 2
    with scope([tilleuls.practice.pk, port.practice.pk]):
        assert states() == {"sent"}


def test_calls_together_cost_no_more_than_the_day_allows(tilleuls: House) -> None:
    """Ten may be paid; two of those that leave first are not accepted, and cost nothing."""
    rules(tilleuls, cents_a_day=60)
    for number in range(40):
        queue(tilleuls, f"n° {number}", "sms")

    def answer(number: int) -> tuple[int, dict[str, Any]]:
        return (400, {"error": "not now"}) if number in (3, 5) else yes(number)

    with gateway(answer) as (heard, port):
        sms_by(tilleuls, port)
        dispatch(lambda: NOW)
    assert (len(heard), Message.objects.filter(state="sent").count()) == (12, 10)
    waiting = Message.objects.filter(state="waiting")
    assert waiting.count() == 30 and waiting.filter(leased_until=None, next_at__gt=NOW).exists()


def test_a_call_that_never_ends_is_given_up_and_its_late_answer_is_not_heard(
    tilleuls: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules(tilleuls)
    monkeypatch.setattr(dispatching, "LONGEST_S", 0.05)
    monkeypatch.setattr(dispatching, "LOOK_S", 0.05)
    for number in range(3):
        queue(tilleuls, f"n° {number}", "sms")
    over = threading.Event()

    def endless(number: int) -> tuple[int, dict[str, Any]]:
        over.wait(PATIENT_S)
        return yes(number)

    with gateway(endless) as (heard, port):
        sms_by(tilleuls, port)
        dispatch(lambda: NOW)
        assert len(heard) <= 1  # those behind are left alone
        over.set()
    tried = Message.objects.exclude(failure="").get()
    assert tried.failure == "Le serveur n’en finit pas de répondre. Nouvel essai automatique."
    assert states() == {"waiting"}
    assert not Message.objects.filter(leased_until__isnull=False).exists()


@pytest.mark.parametrize(("told", "connections"), [("", 2), ("1", 1)])
def test_a_mail_server_is_asked_politely(
    tilleuls: House, monkeypatch: pytest.MonkeyPatch, told: str, connections: int
) -> None:
    """Two connections at most, kept from letter to letter; the operator may say one."""
    monkeypatch.setenv("SECRETARIAT_EMAIL_AT_ONCE", told)
    rules(tilleuls)
    for number in range(12):
        queue(tilleuls, f"n° {number}")
    with servers.smtp() as (box, port):
        mail_by(tilleuls, port)
        dispatch(lambda: NOW)
    assert len(box.mails) == 12
    assert box.connections <= connections


def test_one_message_of_a_practice_is_not_behind_the_hundreds_of_another(
    tilleuls: House, port: House
) -> None:
    with scope([tilleuls.practice.pk]):
        for number in range(60):
            queue(tilleuls, f"n° {number}", "sms")
    with scope([port.practice.pk]):
        only = outbox.queue(
            practice_id=port.practice.pk, kind=KIND, cause="only", channel="sms",
            address="+33639980124", at=NOW,
        )  # fmt: skip
    with scope([tilleuls.practice.pk, port.practice.pk]):
        claimed = sending.claim(at=NOW, most=10)
    assert only in claimed and len(claimed) == 10


def test_an_answer_that_cannot_be_written_down_does_not_lose_the_others(tilleuls: House) -> None:
    rules(tilleuls)
    for number in range(6):
        queue(tilleuls, f"n° {number}", "sms")

    def fails(sender: object, *, messages: Sequence[Message], **_more: Any) -> None:
        if any(message.cause == "n° 2" for message in messages):
            raise ValueError

    settled.connect(fails)
    try:
        with gateway(yes) as (heard, port), pytest.raises(SomeFailed):
            sms_by(tilleuls, port)
            dispatch(lambda: NOW)
    finally:
        settled.disconnect(fails)
    assert len(heard) == 6
    assert Message.objects.get(state="waiting").cause == "n° 2"


def test_who_leaves_takes_nothing_more_in_hand(tilleuls: House) -> None:
    rules(tilleuls)
    queue(tilleuls, "a", "sms")
    with gateway(yes) as (heard, port):
        sms_by(tilleuls, port)
        assert dispatch(lambda: NOW, leaving=lambda: True) == 0
    assert heard == []
    assert Message.objects.get().attempts == 0
