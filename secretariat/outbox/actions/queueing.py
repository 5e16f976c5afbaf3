"""Promise a message, and take it back while it has not left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction

from secretariat.core.prepared import fetch, insert
from secretariat.outbox.models import Message
from secretariat.outbox.signals import settled

_NEW = "SELECT id, stable_id FROM outbox_message WHERE stable_id = ANY(%s::uuid[])"


def queue(
    *,
    practice_id: int,
    kind: str,
    cause: str,
    channel: str,
    address: str,
    at: datetime,
    next_at: datetime | None = None,
    expires_at: datetime | None = None,
    urgent: bool = False,
    language: str = "fr",
) -> Message | None:
    """Promise a message, inside the caller's transaction; the worker writes and sends it later.

    Args:
        kind: who writes its text (rendering.py).
        cause: what it is sent for; the same cause is promised once, whoever asks and how often.
        address: E.164 or e-mail; "" for a letter.
        next_at: when it may leave; now by default.
        expires_at: when it would say nothing useful any more.
        urgent: quiet hours do not hold it back.

    Returns:
        The message, or None when it was promised before.
    """
    message = Message(
        practice_id=practice_id, kind=kind, cause=cause, channel=channel, address=address,
        next_at=next_at or at, expires_at=expires_at, urgent=urgent, language=language,
        created_at=at,
    )  # fmt: skip
    return message if insert(message, unless_refused=True) else None


def queue_many(messages: Sequence[Message]) -> list[Message]:
    """Promise messages as `queue` does one, in two statements whatever their number.

    Args:
        messages: not written yet.

    Returns:
        Those that were not promised before, with their keys.
    """
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    names = [message.stable_id for message in messages]
    keys = {name: key for key, name in fetch(_NEW, [names])}
    new = [message for message in messages if message.stable_id in keys]
    for message in new:
        message.pk = keys[message.stable_id]
    return new


@transaction.atomic
def withdraw(*, messages: Iterable[Message], at: datetime) -> list[Message]:
    """Take back what has not left; what a worker has in hand leaves all the same.

    Returns:
        The messages that can no longer be taken back.
    """
    keys = [message.pk for message in messages]
    waiting = Message.objects.select_for_update(skip_locked=True).filter(
        pk__in=keys, state=Message.State.WAITING
    )
    back = [m for m in waiting.order_by("pk") if m.leased_until is None or m.leased_until <= at]
    for message in back:
        message.state, message.settled_at = Message.State.WITHDRAWN, at
        message.save(update_fields=["state", "settled_at"])
        settled.send(withdraw, messages=[message], at=at)
    taken = {message.pk for message in back}
    gone = Message.objects.filter(pk__in=keys).exclude(pk__in=taken)
    return list(gone.exclude(state=Message.State.WITHDRAWN).order_by("pk"))


@transaction.atomic
def in_hand(*, message_ids: Collection[int], at: datetime) -> set[int]:
    """Those of these messages that a worker is sending at this very moment; until the end of the
    transaction no worker takes the others in hand."""
    waiting = Message.objects.filter(pk__in=message_ids, state=Message.State.WAITING)
    held = waiting.select_for_update(skip_locked=True).order_by("pk")
    free = {m.pk for m in held if m.leased_until is None or m.leased_until <= at}
    return set(waiting.values_list("pk", flat=True)) - free


@transaction.atomic
def retry(*, message: Message, at: datetime) -> Message:
    """Try a failed message once more, at once; one that did not fail stays as it is."""
    current = Message.objects.select_for_update().get(pk=message.pk)
    if current.state == Message.State.FAILED:
        current.state, current.settled_at, current.failure = Message.State.WAITING, None, ""
        current.sent_at, current.next_at, current.attempts = None, at, 0
        current.leased_until = None
        current.save()
    return current
