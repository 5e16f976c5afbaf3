"""OVHcloud's SMS API.

Sending: https://docs.ovh.com/fr/sms/api_sms_cookbook/ and the signature of each call:
https://docs.ovhcloud.com/en/guides/web-cloud/messaging/sms/sending-via-api-c (`$1$` and the SHA-1
of secret, consumer key, method, address, body and hour, joined by `+`).
Delivery reports come by a plain GET on the address written once in the account (`callBack`), with
`id` and `dlr` (1 remitted; 2 and 16 not; 4 and 8 on the way). OVHcloud signs none of them: the
secret part of our address is what is checked, before this module is asked (`views/callbacks.py`).
There is no idempotency key; the tag bears the beginning of the stable id.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from secretariat.outbox.channels import Letter, Receipt, accepted, later, refused, segments
from secretariat.outbox.channels.sms import (
    NO_CREDIT,
    NOT_DELIVERED,
    ODD_NUMBER,
    UNCLEAR,
    Callback,
    Reply,
    Told,
    document,
)
from secretariat.outbox.channels.web import Answer, Question

BASE = "https://eu.api.ovh.com/1.0"
VALID_MINUTES = 2880
"""How long OVHcloud tries to reach a phone that is off."""
_DLR = {"1": True, "2": False, "16": False}


@dataclass(frozen=True, slots=True)
class OvhGateway:
    """An SMS service at OVHcloud.

    Args:
        service: its name, `sms-ab12345-1`.
        sender: a name that OVHcloud has approved; "" for a short number that can be answered.
    """

    service: str
    application: str
    secret: str
    consumer: str
    sender: str = ""
    base: str = BASE
    clock: Callable[[], float] = time.time

    def question(self, letter: Letter) -> Question:
        """POST /sms/{service}/jobs, signed."""
        said = {
            "receivers": [letter.to],
            "message": letter.body,
            "charset": "UTF-8",
            "coding": "7bit" if segments.is_gsm(letter.body) else "8bit",
            "class": "phoneDisplay",
            "priority": "high",
            "validityPeriod": VALID_MINUTES,
            # A reminder is no advertisement: no « STOP 36… » is added, and no night is waited for.
            "noStopClause": True,
            "tag": letter.stable_id.hex[:20],
            **({"sender": self.sender} if self.sender else {"senderForResponse": True}),
        }
        body = json.dumps(said)
        url = f"{self.base}/sms/{quote(self.service, safe='')}/jobs"
        hour = str(int(self.clock()))
        headers = {
            "Content-Type": "application/json",
            "X-Ovh-Application": self.application,
            "X-Ovh-Consumer": self.consumer,
            "X-Ovh-Timestamp": hour,
            "X-Ovh-Signature": signature(self.secret, self.consumer, "POST", url, body, hour),
        }
        return Question("POST", url, headers, body.encode())

    def receipt(self, answer: Answer) -> Receipt:
        """200 with `ids`; a number in `invalidReceivers` is no yes."""
        said = document(answer.body)
        ids = said.get("ids")
        if answer.status < 300 and isinstance(ids, list) and ids:
            return accepted(str(ids[0]))
        if said.get("invalidReceivers"):
            return refused(ODD_NUMBER)
        words = str(said.get("message", "")).lower()
        if "credit" in words:
            return later(NO_CREDIT, 900, everyone=True)
        return later(UNCLEAR, 900, everyone=True)

    def heard(self, callback: Callback) -> list[Told | Reply]:
        """A delivery report."""
        reference, dlr = callback.query.get("id", ""), callback.query.get("dlr", "")
        delivered = _DLR.get(dlr)
        detail = NOT_DELIVERED if delivered is False else ""
        return [Told(reference, delivered, detail)] if reference else []


def signature(*pieces: str) -> str:
    """`$1$` and the SHA-1 of secret, consumer key, method, address, body and hour."""
    # SHA-1 is the provider's choice, and signs with a secret inside.
    digest = hashlib.sha1("+".join(pieces).encode(), usedforsecurity=False).hexdigest()
    return f"$1${digest}"
