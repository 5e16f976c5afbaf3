"""Who writes the text of a message: rooms above, when it leaves and not before.

A text written when it was promised would tell the hour of then. The writer of a kind reads the
facts at the last moment, and may answer that there is nothing left to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from secretariat.outbox.joined import Joined
from secretariat.outbox.models import Message


@dataclass(frozen=True, slots=True)
class Text:
    """What a message says.

    Args:
        subject: one line, for channels that have one.
        body: plain text.
        address: for a letter, the lines of the envelope.
        joined: files that go with it, for a mail or a letter.
    """

    subject: str
    body: str
    address: tuple[str, ...] = ()
    joined: tuple[Joined, ...] = ()


Writer = Callable[[Sequence[Message]], dict[int, Text]]
_writers: dict[str, Writer] = {}


def written_by(kind: str, writer: Writer) -> None:
    """Let `writer` write the messages of `kind`: several at a time, in a constant number of
    statements; a message it leaves out has nothing to say any more and is withdrawn."""
    _writers[kind] = writer


def texts(messages: Sequence[Message]) -> dict[int, Text]:
    """What each message says now, by key; absent: nothing."""
    said: dict[int, Text] = {}
    for kind in {message.kind for message in messages}:
        writer = _writers.get(kind)
        if writer is not None:
            said |= writer([message for message in messages if message.kind == kind])
    return said
