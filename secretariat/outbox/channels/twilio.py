"""Twilio's Messages API.

Sending: https://www.twilio.com/docs/sms/api/message-resource (form, Basic authentication).
Callbacks: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
Signature: https://www.twilio.com/docs/usage/webhooks/webhooks-security (HMAC-SHA1 of the address
followed by each field's name and value, sorted by name, under the account's token, in base64).
Twilio has no idempotency key: an answer lost on the way may cost a second text message.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from secretariat.outbox.channels import Letter, Receipt, accepted, later, refused
from secretariat.outbox.channels.sms import (
    NOT_DELIVERED,
    ODD_NUMBER,
    UNCLEAR,
    Callback,
    Forged,
    Reply,
    Told,
    document,
    e164,
)
from secretariat.outbox.channels.web import Answer, Question

BASE = "https://api.twilio.com"
OPTED_OUT = "Cette personne a demandé à ne plus recevoir de SMS (STOP)."
_NUMBER_FAULTS = frozenset({21211, 21214, 21217, 21219, 21408, 21612, 21614, 21635})
_STOPPED = 21610
_BUSY = frozenset({20429, 21611, 63038})
_FINAL = {"delivered": True, "read": True, "undelivered": False, "failed": False, "canceled": False}


@dataclass(frozen=True, slots=True)
class TwilioGateway:
    """A Twilio account.

    Args:
        sender: a number in E.164, a name of 11 letters, or a messaging service (`MG…`).
        callback: our public address; each message adds its own id to it.
    """

    account: str
    token: str
    sender: str
    callback: str = ""
    base: str = BASE

    def question(self, letter: Letter) -> Question:
        """POST …/Messages.json."""
        fields = {"To": letter.to, "Body": letter.body}
        fields["MessagingServiceSid" if self.sender.startswith("MG") else "From"] = self.sender
        if self.callback:
            fields["StatusCallback"] = f"{self.callback}?id={letter.stable_id}"
        who = b64encode(f"{self.account}:{self.token}".encode()).decode()
        headers = {
            "Authorization": f"Basic {who}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        path = f"/2010-04-01/Accounts/{quote(self.account, safe='')}/Messages.json"
        return Question("POST", self.base + path, headers, urlencode(fields).encode())

    def receipt(self, answer: Answer) -> Receipt:
        """201 and a `sid`; 400 with a `code` that names what is wrong."""
        said = document(answer.body)
        if answer.status < 300 and said.get("sid") and said.get("status") != "failed":
            return accepted(str(said["sid"]))
        code = said.get("code") or said.get("error_code")
        if code in _NUMBER_FAULTS:
            return refused(ODD_NUMBER)
        if code == _STOPPED:
            return refused(OPTED_OUT)
        # Anything else is about the account or the sender: nobody's message leaves.
        return later(UNCLEAR, 60 if code in _BUSY else 900, everyone=True)

    def heard(self, callback: Callback) -> list[Told | Reply]:
        """A status of a message, or what someone wrote back."""
        expected = signature(self.token, callback.url, callback.pairs())
        given = callback.headers.get("x-twilio-signature", "")
        if not self.token or not hmac.compare_digest(expected.encode(), given.encode()):
            raise Forged
        said = dict(callback.pairs())
        if status := said.get("MessageStatus", ""):
            delivered = _FINAL.get(status)
            detail = NOT_DELIVERED if delivered is False else ""
            own = callback.query.get("id", "")
            return [Told(said.get("MessageSid", ""), delivered, detail, stable_id=own)]
        sender = e164(said.get("From", ""))
        reference = said.get("MessageSid", "")
        return [Reply(sender, said["Body"], reference)] if sender and "Body" in said else []


def signature(token: str, url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """What `X-Twilio-Signature` must hold."""
    text = url + "".join(name + value for name, value in sorted(set(pairs)))
    return b64encode(hmac.digest(token.encode(), text.encode(), "sha1")).decode()
