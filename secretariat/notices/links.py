"""Links that patients receive: signed, for one purpose, short enough for an SMS.

A token names the practice, the message and the purpose, and carries half of an HMAC of the
three (128 bits: RFC 2104 § 5 asks no less). It opens nothing by itself: the page shows a
day, an hour, a place, and acts only when a button is pressed. It dies with what it is about.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass

from django.conf import settings

_SALT = b"secretariat.notices.links:"
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says, once its signature has been checked."""

    practice_id: int
    message_id: int
    purpose: str


def token(practice_id: int, message_id: int, purpose: str) -> str:
    """A link's secret part, URL-safe, about 35 characters."""
    said = f"{practice_id}.{message_id}.{purpose}".encode()
    return urlsafe_b64encode(_mac(said) + said).decode().rstrip("=")


def address(practice_id: int, message_id: int, purpose: str) -> str:
    """The whole link, under the site's own address, never the request's.

    Its purpose is the first part of its path: the room that answers has its pages there.
    """
    secret = token(practice_id, message_id, purpose)
    return f"{settings.BASE_URL.rstrip('/')}/{purpose}/{secret}/"


def claimed(text: str) -> Claim | None:
    """What `text` claims, or None when we never signed it."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        mac, said = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(said)):
            return None
        practice_id, message_id, purpose = said.decode().split(".", 2)
        return Claim(int(practice_id), int(message_id), purpose)
    except (NotBase64, ValueError):
        return None


def _mac(said: bytes) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, _SALT + said, hashlib.sha256).digest()[:_MAC_BYTES]
