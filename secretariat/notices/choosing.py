"""By which way a patient is told: their consent, their preference, what has failed already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import phonenumbers
from phonenumbers import PhoneNumberType

SMS, EMAIL = "sms", "email"
SOON = timedelta(hours=48)
"""Nearer than this, a telephone is looked at and a mailbox may not be."""
# The regulator keeps these for films and demonstrations (patients/reaching.py).
_FICTION = "+3363998"
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


@dataclass(frozen=True, slots=True)
class Point:
    """A contact point as the choice sees it.

    Args:
        system: "phone" or "email".
        value: E.164, or an address in lower case.
        accepts: messages are accepted here (consent given).
        rank: the patient's preference, 1 first.
    """

    system: str
    value: str
    accepts: bool
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Way:
    """A channel and an address."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class NoWay:
    """Nobody can be written to; why, in French, for the one who will call."""

    why: str


def choose(
    points: Iterable[Point],
    *,
    open_channels: Collection[str],
    stopped: Collection[str] = (),
    tried: Collection[str] = (),
    left: timedelta | None = None,
) -> Way | NoWay:
    """The best way to write to a patient, or why there is none.

    Args:
        open_channels: those by which the practice sends.
        stopped: addresses that asked for no more messages.
        tried: addresses that failed already for this notice.
        left: how long until the patient must know; None: no hurry.
    """
    known = sorted(points, key=lambda point: (point.rank, point.system != "phone", point.value))
    usable = [way for point in known if (way := _way(point, open_channels)) is not None]
    ways = [way for way in usable if way.address not in stopped and way.address not in tried]
    if not ways:
        return NoWay(_why(known, usable, stopped, tried))
    if left is not None and left < SOON:
        ways.sort(key=lambda way: way.channel != SMS)  # stable: preference decides the rest
    return ways[0]


def _way(point: Point, open_channels: Collection[str]) -> Way | None:
    if not point.accepts:
        return None
    if point.system == "email":
        return Way(EMAIL, point.value) if EMAIL in open_channels else None
    return Way(SMS, point.value) if SMS in open_channels and is_mobile(point.value) else None


def is_mobile(number: str) -> bool:
    """Whether an SMS can reach `number` (E.164)."""
    if number.startswith(_FICTION):
        return True
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(parsed) in _MOBILE


def _why(
    known: Sequence[Point], usable: Sequence[Way], stopped: Collection[str], tried: Collection[str]
) -> str:
    if any(way.address in tried for way in usable):
        return "Les messages n’ont pas pu lui être remis."
    if any(way.address in stopped for way in usable):
        return "A demandé à ne plus recevoir de messages (STOP)."
    if not known:
        return "Aucun téléphone ni courriel dans son dossier."
    if not any(point.accepts for point in known):
        return "N’a pas accepté de recevoir des messages."
    return "Ni mobile ni courriel par lequel le cabinet puisse écrire."
