"""Channels: each takes one letter to one address and says what became of it.

Nothing here knows the database: the dispatcher hands a letter, a channel answers a receipt. A
channel never raises for what the world does (a dead server, a full mailbox): that is an outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Outcome(StrEnum):
    """What became of one attempt."""

    ACCEPTED = "accepted"
    """The next machine has it and answers for it."""
    LATER = "later"
    """Nobody may have it: try again with the same stable id."""
    REFUSED = "refused"
    """Trying again would change nothing: this address, or this text, is not accepted."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that goes with a letter.

    Args:
        name: of the file, as the receiver sees it: ASCII, neutral.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves, for one address.

    Args:
        stable_id: the same at each attempt, so that the other side may recognise a second one.
        to: an e-mail address, or a telephone number in E.164 form.
        subject: one line; a text message has none.
        body: plain text, lines ended by "\\n".
        language: of the body, such as "fr".
        about: for a mail, what answers and threads may refer to; nothing by default.
        attachments: for a mail; other channels leave them.
    """

    stable_id: UUID
    to: str
    subject: str
    body: str
    language: str
    about: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel says of one attempt.

    Args:
        reference: the other side's own name for it, by which it will speak of it later.
        detail: a French sentence for the secretary; "" when all is well.
        retry_after_s: seconds that the other side asks us to wait.
        everyone: the trouble is the channel's, not this letter's: those behind it can wait too.
    """

    outcome: Outcome
    reference: str = ""
    detail: str = ""
    retry_after_s: int | None = None
    everyone: bool = False


class Channel(Protocol):
    """A way out. One belongs to one practice and one thread; it keeps its connection open.

    `confirms`: it will say later whether each message arrived.
    """

    confirms: bool

    def send(self, letter: Letter) -> Receipt:
        """Hand the letter to the next machine."""
        ...

    def cents(self, body: str) -> int:
        """What sending that text costs, in cents."""
        ...

    def close(self) -> None:
        """Give the connection back; sending again opens another."""
        ...


def accepted(reference: str = "") -> Receipt:
    """The next machine has it."""
    return Receipt(Outcome.ACCEPTED, reference=reference[:120])


def later(detail: str, retry_after_s: int | None = None, *, everyone: bool = False) -> Receipt:
    """Try again, and why; `everyone`: nobody's letter leaves now."""
    return Receipt(Outcome.LATER, detail=detail, retry_after_s=retry_after_s, everyone=everyone)


def refused(detail: str) -> Receipt:
    """Trying again would change nothing, and why."""
    return Receipt(Outcome.REFUSED, detail=detail)
