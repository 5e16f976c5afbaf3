"""Which way a practice's messages leave, and what it allows: settings, read when needed."""

from __future__ import annotations

from collections.abc import Callable

from secretariat.outbox.channels import Channel
from secretariat.outbox.quiet_hours import Limits

Opener = Callable[[int], Channel | None]
_openers: dict[str, Opener] = {}
_limits: list[Callable[[int], Limits]] = []


def opened_by(channel: str, opener: Opener) -> None:
    """Let `opener` make the way out of `channel` for a practice; None when it has none."""
    _openers[channel] = opener


def limited_by(reader: Callable[[int], Limits]) -> None:
    """Let `reader` say what a practice allows."""
    _limits[:] = [reader]


def channel_of(practice_id: int, channel: str) -> Channel | None:
    """The practice's way out, or None: nothing leaves by this channel."""
    opener = _openers.get(channel)
    return opener(practice_id) if opener else None


def limits_of(practice_id: int) -> Limits:
    """What the practice allows."""
    return _limits[0](practice_id) if _limits else Limits()
