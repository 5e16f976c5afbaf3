"""The kinds of notice, declared by the rooms that promise them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from secretariat.notices.models import Notice
from secretariat.outbox.joined import Joined


@dataclass(frozen=True, slots=True)
class Facts:
    """What the text of a notice may say; each is one placeholder. No name, reason or speciality.

    Args:
        when: the visit's hour, on the clock of its place.
        place, address, phone: of the site.
        before: the hour it had before, same clock.
        minutes: a delay.
        until: by when an answer is awaited, same clock.
    """

    when: datetime | None = None
    place: str = ""
    address: str = ""
    phone: str = ""
    before: datetime | None = None
    minutes: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """A text before its placeholders are filled; see `wording.PLACEHOLDERS`."""

    subject: str
    body: str


Documents = Callable[[Sequence[Notice], str], Mapping[int, Sequence[Joined]]]


def _none(_notices: Sequence[Notice], _channel: str) -> Mapping[int, Sequence[Joined]]:
    return {}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    Args:
        key: « visit.reminder »: the room's noun, then what is said of it.
        title: in French, as the ledger names it.
        facts: reads what is true now for several notices of one practice, in a constant number
            of statements; a notice left out has nothing left to say (the visit is cancelled).
        texts: the words used until the practice writes its own, by (channel, language).
        purpose: of the link its text may carry; "" for none.
        merges: several of a day or a household leave in one message.
        documents: what goes with several notices by a channel, by key, in one statement; for a
            text message, what its link leads to.
    """

    key: str
    title: str
    facts: Callable[[Sequence[Notice]], dict[int, Facts]]
    texts: Mapping[tuple[str, str], Wording] = field(default_factory=dict)
    purpose: str = ""
    merges: bool = True
    documents: Documents = _none


_declared: dict[str, Kind] = {}


def declare(kind: Kind) -> None:
    """Make `kind` known; called in `apps.ready()`."""
    _declared[kind.key] = kind


_hear_lost: dict[str, Callable[[Notice], None]] = {}


def when_lost(key: str, heard: Callable[[Notice], None]) -> None:
    """Let `heard` know of the courtesies of a kind that no message could bring: in the same
    transaction, the notice held. It never writes the day book."""
    _hear_lost[key] = heard


def lost(notice: Notice) -> None:
    """Tell who hears of that kind."""
    if heard := _hear_lost.get(notice.kind):
        heard(notice)


def kind_of(key: str) -> Kind:
    """The kind of that key, as declared."""
    return _declared[key]


def declared() -> list[Kind]:
    """All kinds, in the order they were declared."""
    return list(_declared.values())
