"""What goes with a message besides its text: named when it is written, fetched when it leaves.

The outbox keeps a reference and a title; the room above knows what they are, and answers the bytes
to a channel that may have them. One taken back meanwhile is not answered, and stays here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from secretariat.outbox.models import Message


@dataclass(frozen=True, slots=True)
class Joined:
    """A file that goes with a message.

    Args:
        reference: the room's name for it: "agenda.document:12".
        name: of the file, as the receiver sees it: neutral, ASCII.
        title: as the practice knows it; never sent.
    """

    reference: str
    name: str
    title: str

    @property
    def kind(self) -> str:
        """Which room knows it."""
        return self.reference.partition(":")[0]

    @property
    def key(self) -> int:
        """Under which its room knows it."""
        return int(self.reference.partition(":")[2])


Fetcher = Callable[[Sequence[int], str], dict[int, bytes]]
_fetchers: dict[str, Fetcher] = {}


def fetched_by(kind: str, fetcher: Fetcher) -> None:
    """Let `fetcher` answer the bytes of files of `kind` by key, to the channel named second; one
    statement for all of them."""
    _fetchers[kind] = fetcher


def contents(files: Iterable[Joined], channel: str) -> dict[str, bytes]:
    """The bytes of PDF files by reference; those that may not leave by `channel` are absent."""
    keys: dict[str, set[int]] = defaultdict(set)
    for one in files:
        keys[one.kind].add(one.key)
    found: dict[str, bytes] = {}
    for kind, wanted in keys.items():
        fetcher = _fetchers.get(kind)
        answered = fetcher(sorted(wanted), channel) if fetcher else {}
        found |= {f"{kind}:{key}": content for key, content in answered.items()}
    return found


def kept(files: Sequence[Joined]) -> list[dict[str, str]]:
    """Files as a message remembers them."""
    return [asdict(one) for one in files]


def of(message: Message) -> list[Joined]:
    """The files that were written down with a message."""
    return [Joined(**one) for one in message.joined]
