"""Secrets that another program keeps; we keep only what recognises them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from secretariat.core.prepared import fetch

TOKEN, FEED = "sec_", "cal_"
"""What a secret begins with, so that one lost in a file is known for what it is."""
_SHOW = "SELECT set_config('app.token', %s, false)"


def new(kind: str) -> str:
    """A secret of 256 bits that begins with `kind`."""
    return kind + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret. No salt: nobody guesses 256 bits, and it must be found again."""
    return hashlib.sha256(secret.encode()).hexdigest()


@contextmanager
def keyhole(secret_digest: str) -> Iterator[None]:
    """Let the database show the very row that has this digest, before any practice is in view."""
    fetch(_SHOW, [secret_digest])
    try:
        yield
    finally:
        fetch(_SHOW, [""])
