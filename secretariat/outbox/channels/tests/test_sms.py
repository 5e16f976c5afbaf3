"""Text messages leave by a gateway, and every way it can fail has its outcome (FLT-16)."""

from __future__ import annotations

import json
import ssl
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest

from secretariat.outbox.channels import Letter, Outcome, Receipt, hosts, ovh, sms, twilio
from secretariat.outbox.channels.generic import GenericGateway
from secretariat.outbox.channels.ovh import OvhGateway
from secretariat.outbox.channels.sms import Gateway, SmsChannel
from secretariat.outbox.channels.tests import servers
from secretariat.outbox.channels.twilio import TwilioGateway
from secretariat.outbox.channels.web import Line

LETTER = Letter(
    stable_id=UUID("6f0c3a52-4f3e-4a53-9f0c-0d6d2c1b9a02"),
    to="+33639980123",
    subject="",
    body="Rappel : rendez-vous mardi 24 novembre à 9 h 30. Cabinet des Tilleuls",
    language="fr",
)
YES = (200, b'{"id": "m-1"}')


@pytest.fixture(autouse=True)
def _loopback_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(hosts.VARIABLE, "127.0.0.1")


def generic(port: int, **more: Any) -> GenericGateway:
    return GenericGateway(
        url=f"http://127.0.0.1:{port}/send", key="Bearer k", sender="Tilleuls", **more
    )


def channel(gateway: Gateway, **more: Any) -> SmsChannel:
    return SmsChannel(gateway, cents_each=6, line=Line(0.4), **more)


def test_a_text_leaves_with_its_stable_id_and_gets_the_gateways_name_for_it() -> None:
    with servers.gateway(YES) as (asked, port):
        way = channel(generic(port, callback="https://cabinet.test/c"))
        receipt = way.send(LETTER)
        way.close()
    [(method, path, headers, body)] = asked.asked
    assert (method, path) == ("POST", "/send")
    assert headers["authorization"] == "Bearer k"
    assert headers["idempotency-key"] == str(LETTER.stable_id)
    assert json.loads(body) == {
        "to": LETTER.to, "text": LETTER.body, "from": "Tilleuls", "id": str(LETTER.stable_id),
    }  # fmt: skip
    assert (receipt.outcome, receipt.reference) == (Outcome.ACCEPTED, "m-1")


def test_many_texts_go_by_one_connection() -> None:
    with servers.gateway(YES) as (asked, port):
        way = channel(generic(port))
        assert {way.send(LETTER).outcome for _ in range(50)} == {Outcome.ACCEPTED}
        way.close()
    assert len(asked.asked) == 50 and len(asked.ports) == 1


def test_the_fields_of_a_gateway_are_told_by_its_settings() -> None:
    fields = {"message.content": "{text}", "message.to[]": "{to}", "tag": "rdv-{id}"}
    with servers.gateway((200, b'{"data": {"ids": [7]}, "error": null}')) as (asked, port):
        receipt = channel(generic(port, fields=fields, reference="data.ids.0")).send(LETTER)
        channel(generic(port, fields={"dest": "{to}"}, encoding="form")).send(LETTER)
    assert receipt.reference == "7"
    assert json.loads(asked.asked[0][3]) == {
        "message": {"content": LETTER.body, "to": [LETTER.to]}, "tag": f"rdv-{LETTER.stable_id}",
    }  # fmt: skip
    assert asked.asked[1][3] == b"dest=%2B33639980123"


def test_braces_in_a_text_fill_no_other_place() -> None:
    with servers.gateway(YES) as (asked, port):
        channel(generic(port)).send(replace(LETTER, body="{to} {0} {sender!r}"))
    assert json.loads(asked.asked[0][3])["text"] == "{to} {0} {sender!r}"


@pytest.mark.parametrize(
    ("status", "body", "outcome", "everyone"),
    [
        (200, b'{"id": "m-1", "error": null}', Outcome.ACCEPTED, False),
        (201, b'{"id": 12}', Outcome.ACCEPTED, False),
        (200, b'{"error": "busy"}', Outcome.LATER, False),
        (200, b'{"id": "m-1", "error": "busy"}', Outcome.LATER, False),
        (200, b'{"error": {"code": 42, "text": "no such number"}}', Outcome.REFUSED, False),
        (200, b'{"error": "blocked"}', Outcome.REFUSED, False),
        (200, b"", Outcome.LATER, True),
        (200, b"<html>maintenance</html>", Outcome.LATER, True),
        (200, b"[" * 60_000, Outcome.LATER, True),
        (302, b"", Outcome.LATER, True),
        (400, b'{"message": "bad number"}', Outcome.REFUSED, False),
        (401, b"", Outcome.LATER, True),
        (402, b"", Outcome.LATER, True),
        (403, b"", Outcome.LATER, True),
        (429, b"", Outcome.LATER, True),
        (500, b"secret trace", Outcome.LATER, True),
        (503, b"", Outcome.LATER, True),
        (0, b"", Outcome.LATER, True),
    ],
)
def test_each_answer_has_its_outcome(
    status: int, body: bytes, outcome: Outcome, everyone: bool
) -> None:
    with servers.gateway((status, body)) as (_asked, port):
        way = channel(generic(port, final=frozenset({"42", "blocked"})))
        receipt = way.send(LETTER)
        way.close()
    assert (receipt.outcome, receipt.everyone) == (outcome, everyone)
    assert "secret" not in receipt.detail
    assert bool(receipt.detail) is (outcome is not Outcome.ACCEPTED)


def test_the_gateway_says_how_long_to_wait() -> None:
    with servers.gateway((503, b"", {"Retry-After": "120"})) as (_asked, port):
        assert channel(generic(port)).send(LETTER).retry_after_s == 120


def test_a_gateway_that_is_down_keeps_the_text_for_later() -> None:
    receipt = channel(generic(servers.free_port())).send(LETTER)
    assert (receipt.outcome, receipt.detail) == (Outcome.LATER, sms.SILENT)


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    with servers.gateway((200, b'{"id": 1}' + b" " * 300_000)) as (_asked, port):
        way = channel(generic(port))
        assert way.send(LETTER).outcome is Outcome.ACCEPTED
        assert way.send(LETTER).outcome is Outcome.ACCEPTED
        way.close()


@pytest.mark.parametrize("to", ["", "0639980123", "+33", "+33639980123,+33639980124", "36105",
                                "+33639980123\r\n", "manon@exemple.test"])  # fmt: skip
def test_what_is_no_number_is_refused_before_any_connection(to: str) -> None:
    assert channel(generic(1)).send(replace(LETTER, to=to)).outcome is Outcome.REFUSED


def test_plain_http_needs_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.gateway(YES) as (asked, port):
        monkeypatch.setenv(hosts.VARIABLE, "")
        assert channel(generic(port)).send(LETTER).detail == sms.SILENT
        assert asked.asked == []


def test_a_gateway_whose_certificate_is_of_another_is_told_nothing(tmp_path: Path) -> None:
    context, trusted = servers.certificate(tmp_path, "autre.test")
    _right, known = servers.certificate(tmp_path, "127.0.0.1")
    with servers.gateway(YES) as (asked, port):
        way = SmsChannel(
            replace(generic(port), url=f"https://127.0.0.1:{port}/"), cents_each=6,
            line=Line(0.4, ssl.create_default_context(cafile=str(trusted))),
        )  # fmt: skip
        assert way.send(LETTER).outcome is Outcome.LATER
        assert asked.asked == [] and context and known


def test_typography_is_lightened_and_paid_for_what_leaves() -> None:
    body = "Rendez-vous à l’hôpital\u202f: " + "é" * 100
    with servers.gateway(YES) as (asked, port):
        light, full = channel(generic(port)), channel(generic(port), light=False)
        light.send(replace(LETTER, body=body))
        full.send(replace(LETTER, body=body))
    assert json.loads(asked.asked[0][3])["text"].startswith("Rendez-vous à l'hopital : é")
    assert json.loads(asked.asked[1][3])["text"] == body
    assert (light.cents(body), full.cents(body)) == (6, 12)


class TestTwilio:
    """Their request, their answers."""

    def ask(self, *answers: tuple[int, bytes]) -> tuple[Any, Receipt]:
        with servers.gateway(*answers) as (asked, port):
            gateway = TwilioGateway(
                "AC1", "t0ken", "Tilleuls", "https://cabinet.test/c/",
                base=f"http://127.0.0.1:{port}",
            )  # fmt: skip
            return asked.asked, channel(gateway).send(LETTER)

    def test_the_request_is_theirs(self) -> None:
        [(_m, path, headers, body)], receipt = self.ask(
            (201, b'{"sid": "SM1", "status": "queued"}')
        )
        assert path == "/2010-04-01/Accounts/AC1/Messages.json"
        assert b64decode(headers["authorization"].removeprefix("Basic ")) == b"AC1:t0ken"
        assert parse_qs(body.decode()) == {
            "To": [LETTER.to], "From": ["Tilleuls"], "Body": [LETTER.body],
            "StatusCallback": [f"https://cabinet.test/c/?id={LETTER.stable_id}"],
        }  # fmt: skip
        assert (receipt.outcome, receipt.reference) == (Outcome.ACCEPTED, "SM1")

    @pytest.mark.parametrize(
        ("status", "body", "outcome"),
        [
            (400, b'{"code": 21211, "message": "invalid To"}', Outcome.REFUSED),
            (400, b'{"code": 21610, "message": "unsubscribed"}', Outcome.REFUSED),
            (400, b'{"code": 21606, "message": "From is not yours"}', Outcome.LATER),
            (401, b'{"code": 20003}', Outcome.LATER),
            (429, b'{"code": 20429}', Outcome.LATER),
            (201, b'{"sid": "SM1", "status": "failed", "error_code": 21614}', Outcome.REFUSED),
            (200, b"{}", Outcome.LATER),
        ],
    )
    def test_each_answer_has_its_outcome(self, status: int, body: bytes, outcome: Outcome) -> None:
        assert self.ask((status, body))[1].outcome is outcome

    def test_their_documented_signature(self) -> None:
        fields = {
            "CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234",
            "From": "+12349013030", "To": "+18005551212",
        }  # fmt: skip
        url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        assert twilio.signature("12345", url, fields.items()) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="


class TestOvh:
    """Their request, their answers."""

    def ask(self, status: int, body: bytes) -> tuple[Any, Receipt]:
        with servers.gateway((status, body)) as (asked, port):
            gateway = OvhGateway(
                "sms-ab1-1", "app", "s3cret", "consumer",
                base=f"http://127.0.0.1:{port}/1.0", clock=lambda: 1_795_000_000.9,
            )  # fmt: skip
            return asked.asked, channel(gateway).send(LETTER)

    def test_the_request_is_theirs(self) -> None:
        [(_m, path, headers, body)], receipt = self.ask(
            200, b'{"ids": [98], "invalidReceivers": []}'
        )
        said = json.loads(body)
        host = headers["host"]
        assert path == "/1.0/sms/sms-ab1-1/jobs"
        assert headers["x-ovh-timestamp"] == "1795000000"
        assert headers["x-ovh-signature"] == ovh.signature(
            "s3cret", "consumer", "POST", f"http://{host}{path}", body.decode(), "1795000000"
        )
        assert said["receivers"] == [LETTER.to] and said["noStopClause"] is True
        assert (said["coding"], said["senderForResponse"]) == ("7bit", True)
        assert (receipt.outcome, receipt.reference) == (Outcome.ACCEPTED, "98")

    def test_the_signature_is_what_their_page_computes(self) -> None:
        # printf 'AS+CK+GET+https://eu.api.ovh.com/1.0/sms/++1366560945' | sha1sum
        assert (
            ovh.signature("AS", "CK", "GET", "https://eu.api.ovh.com/1.0/sms/", "", "1366560945")
            == "$1$dd0f7286af28ad6bf9f56c59397a704335578a3c"
        )

    @pytest.mark.parametrize(
        ("status", "body", "outcome"),
        [
            (200, b'{"ids": [], "invalidReceivers": ["+33639980123"]}', Outcome.REFUSED),
            (200, b"{}", Outcome.LATER),
            (400, b'{"message": "Not enough credits"}', Outcome.LATER),
            (403, b'{"message": "This credential is not valid"}', Outcome.LATER),
            (500, b"", Outcome.LATER),
        ],
    )
    def test_each_answer_has_its_outcome(self, status: int, body: bytes, outcome: Outcome) -> None:
        assert self.ask(status, body)[1].outcome is outcome
