"""Passwords of gateways at rest: readable with the site's secret key, and with nothing else.

A backup or a stolen dump without `secret_key` opens nobody's mail server. When the key changes,
what was sealed with the old one cannot be read: it is typed again (docs/install.md).
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """What was sealed was sealed with another key, or changed since."""


def seal(secret: str) -> str:
    """The secret as it may be kept; "" stays "" (nothing to keep)."""
    return _box(settings.SECRET_KEY).encrypt(secret.encode()).decode() if secret else ""


def unseal(kept: str) -> str:
    """The secret itself.

    Raises:
        Unreadable: the site's key is another one now.
    """
    if not kept:
        return ""
    try:
        return _box(settings.SECRET_KEY).decrypt(kept.encode()).decode()
    except (InvalidToken, ValueError) as error:
        raise Unreadable from error


def mark(purpose: str, said: str) -> str:
    """A short proof that this site itself said something, to put in an address."""
    key = _derived(settings.SECRET_KEY, f"outbox.{purpose}")
    return hmac.new(key, said.encode(), "sha256").hexdigest()[:40]


@cache
def _box(secret_key: str) -> Fernet:
    return Fernet(urlsafe_b64encode(_derived(secret_key, "outbox.sealing")))


@cache
def _derived(secret_key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret_key.encode())
