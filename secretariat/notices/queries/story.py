"""What was said to a patient and what was tried, line by line, as the ledger shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from secretariat.notices import kinds
from secretariat.notices.actions.carrying import EARLIER
from secretariat.notices.models import Attempt, Notice
from secretariat.outbox import joined
from secretariat.outbox.models import Message
from secretariat.patients.reaching import shown_phone

_ICONS = {
    "sms": "message", "email": "mail", "letter": "mail-forward", "phone": "phone", "desk": "user",
}  # fmt: skip
_STATES = {
    Message.State.WAITING: ("à envoyer", ""),
    Message.State.SENT: ("envoyé", "info"),
    Message.State.DELIVERED: ("remis", "good"),
    Message.State.FAILED: ("non remis", "bad"),
    Message.State.WITHDRAWN: ("retiré avant de partir", ""),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to tell a patient.

    Args:
        at: when; for a message that waits, when it leaves.
        icon: of the means.
        words: by what, to which number or address.
        outcome, kind: what came of it, and its colour.
        more: who did it, why it failed.
        message_pk: the message whose text can be read, or None.
    """

    at: datetime
    icon: str
    words: str
    outcome: str
    kind: str = ""
    more: str = ""
    message_pk: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as lists show it."""

    notice: Notice
    title: str
    steps: list[Step] = field(default_factory=list)

    @property
    def last(self) -> Step | None:
        """The latest thing that was done."""
        return self.steps[-1] if self.steps else None


def title_of(notice: Notice) -> str:
    """What the notice is, in French; its key when its room is closed."""
    known = {kind.key: kind.title for kind in kinds.declared()}
    return known.get(notice.kind, notice.kind)


def lines(notices: Sequence[Notice]) -> list[Line]:
    """Notices with what was done for each, oldest deed first; two statements more.

    The notices come with `message`, and with `told_by` and `closed_by` if those are shown.
    """
    tries = _attempts(notices)
    messages = _messages(notices)
    return [
        Line(notice, title_of(notice), _steps(notice, tries.get(notice.pk, []), messages))
        for notice in notices
    ]


def shown_address(channel: str, address: str) -> str:
    """A number or an address as it is read aloud."""
    return shown_phone(address) if channel == Message.Channel.SMS else address


def _attempts(notices: Sequence[Notice]) -> dict[int, list[Attempt]]:
    found = Attempt.objects.filter(notice_id__in=[notice.pk for notice in notices])
    by_notice: dict[int, list[Attempt]] = {}
    for attempt in found.select_related("by").order_by("at", "pk"):
        by_notice.setdefault(attempt.notice_id, []).append(attempt)
    return by_notice


def _messages(notices: Iterable[Notice]) -> dict[int, Message]:
    keys = {pk for notice in notices for pk in _keys(notice)}
    return Message.objects.in_bulk(keys)


def _keys(notice: Notice) -> list[int]:
    earlier = [pk for pk in notice.detail.get(EARLIER, []) if pk != notice.message_id]
    return [*earlier, *([notice.message_id] if notice.message_id else [])]


def _steps(
    notice: Notice, attempts: Sequence[Attempt], messages: Mapping[int, Message]
) -> list[Step]:
    steps = [_message(messages[pk]) for pk in _keys(notice) if pk in messages]
    steps += [_attempt(attempt) for attempt in attempts]
    steps += _told_and_answered(notice, attempts)
    return sorted(steps, key=lambda step: step.at)


def _message(message: Message) -> Step:
    word, kind = _STATES[Message.State(message.state)]
    name = message.get_channel_display()
    to = shown_address(message.channel, message.address)
    at = message.next_at if message.state == Message.State.WAITING else message.created_at
    return Step(
        at=message.sent_at or message.settled_at or at,
        icon=_ICONS[message.channel],
        words=f"{name} {to}".strip(),
        outcome=word,
        kind=kind,
        more=", ".join(part for part in (_joined(message), message.failure) if part),
        message_pk=message.pk if message.body else None,
    )


def _joined(message: Message) -> str:
    """Which documents went with it: « joint : Avant votre venue »."""
    titles = ", ".join(f"« {one.title} »" for one in joined.of(message))
    return f"joint : {titles}" if titles else ""


def _attempt(attempt: Attempt) -> Step:
    told = attempt.outcome == Attempt.Outcome.TOLD
    words = f"{attempt.get_how_display()} {shown_phone(attempt.number)}".strip()
    more = ", ".join(part for part in (str(attempt.by), attempt.note) if part)
    return Step(
        attempt.at, _ICONS.get(attempt.how, "phone"), words, attempt.get_outcome_display().lower(),
        "good" if told else "warn", more,
    )  # fmt: skip


def _told_and_answered(notice: Notice, attempts: Sequence[Attempt]) -> Iterable[Step]:
    if notice.told_at and notice.told_by and not any(a.outcome == "told" for a in attempts):
        yield Step(
            notice.told_at, _ICONS.get(notice.told_how, "user"), notice.get_told_how_display(),
            "prévenu", "good", str(notice.told_by),
        )  # fmt: skip
    if notice.answered_at:
        yield Step(
            notice.answered_at, "message-reply", "Réponse", notice.get_answer_display().lower(),
            "info",
        )  # fmt: skip
