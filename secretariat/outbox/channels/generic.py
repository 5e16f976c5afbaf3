"""Any HTTP gateway, described by settings: where, with which fields, where the answer is.

Its callbacks are signed: a header holds the HMAC-SHA256 of the body, in hexadecimal, under a
secret that only the gateway and the practice know (`sha256=` before it is understood).
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from secretariat.outbox.channels import Letter, Receipt, accepted, later, refused
from secretariat.outbox.channels.sms import (
    NOT_DELIVERED,
    UNCLEAR,
    Callback,
    Forged,
    Reply,
    Told,
    document,
    e164,
    found,
)
from secretariat.outbox.channels.web import Answer, Question

PLACES = ("to", "text", "sender", "id", "callback", "language")
"""What a field of the request may hold, between braces: `{to}`."""
USUAL_FIELDS = {"to": "{to}", "text": "{text}", "from": "{sender}", "id": "{id}"}
NOT_ACCEPTED = "La passerelle SMS n’a pas accepté ce message. Nouvel essai automatique."
NEVER = "La passerelle SMS refuse ce message ou ce numéro."
_PLACE = re.compile("{(" + "|".join(PLACES) + ")}")


@dataclass(frozen=True, slots=True)
class GenericGateway:
    """A gateway as its settings describe it.

    Args:
        encoding: how the request's fields are written.
        key: value of `key_header`, with its scheme: `Bearer …`, `Basic …`.
        fields: name → text with places; `message.to` nests, `to[]` is a list of one.
        reference: dotted path of the gateway's own name in the answer; "" when it gives none.
        failure: dotted path that holds something only when the message is not accepted, although
            HTTP says 200.
        final: values of `failure` that no other attempt would change.
        callback: our public address, for `{callback}`.
        secret: signs the callbacks; without one, none is believed.
    """

    url: str
    key: str = ""
    key_header: str = "Authorization"
    encoding: Literal["json", "form"] = "json"
    fields: Mapping[str, str] = field(default_factory=lambda: dict(USUAL_FIELDS))
    sender: str = ""
    reference: str = "id"
    failure: str = "error"
    final: frozenset[str] = frozenset()
    callback: str = ""
    secret: str = ""
    signature_header: str = "X-Signature"
    told_reference: str = "id"
    told_status: str = "status"
    delivered: frozenset[str] = frozenset({"delivered"})
    undelivered: frozenset[str] = frozenset({"undelivered", "failed", "expired", "rejected"})
    reply_from: str = "from"
    reply_text: str = "text"

    def question(self, letter: Letter) -> Question:
        """The request that sends the letter; `Idempotency-Key` bears its stable id."""
        values = {
            "to": letter.to, "text": letter.body, "sender": self.sender,
            "id": str(letter.stable_id), "callback": self.callback, "language": letter.language,
        }  # fmt: skip
        filled = {
            name: _PLACE.sub(lambda place: values[place[1]], text)
            for name, text in self.fields.items()
        }
        headers = {"Idempotency-Key": str(letter.stable_id), "Accept": "application/json"}
        if self.key:
            headers[self.key_header] = self.key
        if self.encoding == "form":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            return Question("POST", self.url, headers, urlencode(filled).encode())
        headers["Content-Type"] = "application/json"
        return Question("POST", self.url, headers, json.dumps(_nested(filled)).encode())

    def receipt(self, answer: Answer) -> Receipt:
        """200 with a failure inside is no yes."""
        said = document(answer.body)
        failure = found(said, self.failure) if self.failure else None
        if failure:
            words = {str(failure), str(found(failure, "code"))}
            return refused(NEVER) if words & self.final else later(NOT_ACCEPTED)
        if answer.status >= 400:
            return refused(NEVER)
        if not self.reference:
            return accepted()
        reference = found(said, self.reference)
        return accepted(str(reference)) if reference else later(UNCLEAR, everyone=True)

    def heard(self, callback: Callback) -> list[Told | Reply]:
        """A status, a reply, or a list of them under `events`."""
        given = callback.headers.get(self.signature_header.lower(), "").removeprefix("sha256=")
        if not self.secret or not hmac.compare_digest(
            signature(self.secret, callback.body).encode(), given.lower().encode()
        ):
            raise Forged
        said = callback.said()
        events = said.get("events") if isinstance(said.get("events"), list) else [said]
        read = [self._event(one) for one in events or () if isinstance(one, dict)]
        return [event for event in read if event is not None]

    def _event(self, said: Mapping[str, Any]) -> Told | Reply | None:
        status = str(found(said, self.told_status) or "").lower()
        if status:
            arrived = {status} & (self.delivered | self.undelivered)
            outcome = status in self.delivered if arrived else None
            detail = NOT_DELIVERED if outcome is False else ""
            return Told(str(found(said, self.told_reference) or ""), outcome, detail)
        sender, text = found(said, self.reply_from), found(said, self.reply_text)
        if isinstance(sender, str) and isinstance(text, str) and e164(sender):
            return Reply(e164(sender), text, str(found(said, self.told_reference) or ""))
        return None


def signature(secret: str, body: bytes) -> str:
    """What the signature header of a callback must hold."""
    return hmac.new(secret.encode(), body, "sha256").hexdigest()


def _nested(fields: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, text in fields.items():
        *path, last = name.split(".")
        place = made
        for step in path:
            inner = place.setdefault(step, {})
            place = inner if isinstance(inner, dict) else {}
        if last.endswith("[]"):
            place[last[:-2]] = [text]
        else:
            place[last] = text
    return made
