"""What a gateway tells afterwards is believed only when it is signed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from secretariat.outbox.channels.generic import GenericGateway, signature
from secretariat.outbox.channels.ovh import OvhGateway
from secretariat.outbox.channels.sms import Callback, Forged, Reply, Told, e164
from secretariat.outbox.channels.twilio import TwilioGateway
from secretariat.outbox.channels.twilio import signature as twilio_signature

SECRET, TOKEN = "s3cret", "t0ken"
GENERIC = GenericGateway(url="https://passerelle.test/", secret="s3cret")
URL = "https://cabinet.test/callbacks/sms/1/k/"


def signed(said: Any, secret: str = SECRET) -> Callback:
    body = json.dumps(said).encode()
    headers = {"content-type": "application/json", "x-signature": signature(secret, body)}
    return Callback(URL, headers, body)


@pytest.mark.parametrize(
    ("status", "delivered"),
    [("delivered", True), ("DELIVERED", True), ("failed", False), ("expired", False),
     ("sent", None), ("queued", None), ("?", None)],
)  # fmt: skip
def test_a_status_says_whether_it_arrived(status: str, delivered: bool | None) -> None:
    [told] = GENERIC.heard(signed({"id": "m-1", "status": status}))
    assert isinstance(told, Told)
    assert (told.reference, told.delivered) == ("m-1", delivered)


def test_several_events_come_in_one_callback() -> None:
    events = [{"id": 1, "status": "delivered"}, {"from": "0639980123", "text": "STOP"}, 3, {}]
    assert GENERIC.heard(signed({"events": events})) == [
        Told("1", True), Reply("+33639980123", "STOP"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "callback",
    [
        Callback(URL, {"content-type": "application/json"}, b'{"id": "m-1", "status": "failed"}'),
        signed({"id": "m-1", "status": "failed"}, secret="other"),
        Callback(URL, {"x-signature": ""}, b"{}"),
        Callback(URL, {"x-signature": "é"}, b"{}"),
        Callback(URL, {"x-signature": signature("s3cret", b"{ }")}, b"{}"),
    ],
)
def test_what_is_not_signed_is_not_read(callback: Callback) -> None:
    with pytest.raises(Forged):
        GENERIC.heard(callback)


def test_without_a_secret_nobody_is_believed() -> None:
    with pytest.raises(Forged):
        GenericGateway(url="https://p.test/").heard(signed({"id": "1", "status": "failed"}, ""))


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"[" * 50_000, b"a=1&a=2"])
def test_a_signed_body_that_says_nothing_changes_nothing(body: bytes) -> None:
    headers = {"x-signature": f"sha256={signature('s3cret', body)}"}
    assert GENERIC.heard(Callback(URL, headers, body)) == []


class TestTwilio:
    """Their form, their signature."""

    gateway = TwilioGateway("AC1", "t0ken", "Tilleuls")

    def callback(self, fields: dict[str, str], token: str = TOKEN, url: str = URL) -> Callback:
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": twilio_signature(token, url, fields.items()),
        }
        return Callback(url, headers, urlencode(fields).encode(), {"id": "our-id"})

    def test_a_status_names_their_message_and_ours(self) -> None:
        for status, delivered in (("delivered", True), ("undelivered", False), ("sent", None)):
            fields = {"MessageSid": "SM1", "MessageStatus": status, "To": "+33639980123"}
            [told] = self.gateway.heard(self.callback(fields))
            assert isinstance(told, Told)
            assert (told.reference, told.delivered) == ("SM1", delivered)
            assert told.stable_id == "our-id"

    def test_a_reply_is_read_with_its_spaces(self) -> None:
        fields = {"From": "+33639980123", "Body": " Stop ", "MessageSid": "SM2"}
        assert self.gateway.heard(self.callback(fields)) == [Reply("+33639980123", " Stop ", "SM2")]

    def test_another_token_address_or_field_is_forged(self) -> None:
        fields = {"MessageSid": "SM1", "MessageStatus": "failed"}
        good = self.callback(fields)
        more = Callback(URL, good.headers, good.body + b"&x=1")
        for forged in (
            self.callback(fields, token="other"),
            Callback(URL + "?id=2", good.headers, good.body),
            more,
            Callback(URL, {}, good.body),
        ):
            with pytest.raises(Forged):
                self.gateway.heard(forged)


@pytest.mark.parametrize(("dlr", "delivered"), [("1", True), ("2", False), ("16", False),
                                                ("8", None), ("", None)])  # fmt: skip
def test_ovh_tells_by_its_number(dlr: str, delivered: bool | None) -> None:
    gateway = OvhGateway("sms-1", "a", "s", "c")
    [told] = gateway.heard(Callback(URL, {}, b"", {"id": "98", "dlr": dlr}))
    assert isinstance(told, Told)
    assert (told.reference, told.delivered) == ("98", delivered)
    assert gateway.heard(Callback(URL, {})) == []


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop. ", "STOP SMS", "«\u00a0stop\u00a0»",
                                  "Arrêt", "arretez svp", "STOP merci !", "Arrêter"])  # fmt: skip
def test_who_asks_to_stop_is_understood(text: str) -> None:
    assert Reply("+33639980123", text).is_stop


@pytest.mark.parametrize("text", ["", "ok", "stoppez le traitement ?", "arrêt de travail",
                                  "En retard, arrêt de bus", "stop ou encore"])  # fmt: skip
def test_who_says_something_else_is_not_stopped(text: str) -> None:
    assert not Reply("+33639980123", text).is_stop


@pytest.mark.parametrize(("said", "number"), [
    ("+33639980123", "+33639980123"), ("0033639980123", "+33639980123"),
    ("33639980123", "+33639980123"), ("06 39 98 01 23", "+33639980123"), ("", ""), ("x", ""),
])  # fmt: skip
def test_a_number_is_known_however_the_gateway_writes_it(said: str, number: str) -> None:
    assert e164(said) == number
