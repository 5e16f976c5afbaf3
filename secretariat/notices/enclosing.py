"""Say in a message that something goes with it; nothing says what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from secretariat.outbox.channels import segments
from secretariat.outbox.joined import Joined
from secretariat.outbox.models import Message
from secretariat.outbox.rendering import Text

_SAID = {
    ("email", "fr"): "À lire avant votre venue : voir le document joint à ce message.",
    ("email", "en"): "To read before you come: see the document attached to this message.",
    ("letter", "fr"): "À lire avant votre venue : voir le document joint à ce courrier.",
    ("letter", "en"): "To read before you come: see the enclosed document.",
    ("sms", "fr"): "Document à lire par ce lien.",
    ("sms", "en"): "Document to read by this link.",
}


def with_files(text: Text, files: Sequence[Joined], channel: str, language: str) -> Text:
    """`text` with its files, each once, and a line that says so.

    A text message has no room for a file: its link leads to it, and the line stands only where it
    costs nothing more.
    """
    if not files or (channel == Message.Channel.SMS and "://" not in text.body):
        return text
    once = tuple({one.reference: one for one in files}.values())
    said = _SAID.get((channel, language)) or _SAID[channel, "fr"]
    if channel == Message.Channel.SMS:
        body = f"{text.body}\n{said}"
        return replace(text, body=body) if _as_cheap(text.body, body) else text
    return replace(text, body=f"{text.body}\n\n{said}", joined=_named_apart(once))


def _named_apart(files: Sequence[Joined]) -> tuple[Joined, ...]:
    """No two files of a message with one name."""
    return tuple(
        replace(one, name=one.name.replace(".pdf", f"-{number}.pdf")) if number > 1 else one
        for number, one in enumerate(files, start=1)
    )


def _as_cheap(before: str, after: str) -> bool:
    """Whether it is as many text messages, whatever letters the gateway leaves."""
    lighter = segments.count(segments.lightened(before)), segments.count(segments.lightened(after))
    return segments.count(before) == segments.count(after) and lighter[0] == lighter[1]
