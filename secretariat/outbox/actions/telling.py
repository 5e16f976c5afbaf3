"""What a channel tells afterwards: delivered, or not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.outbox.models import Delivery, Message
from secretariat.outbox.signals import settled


@transaction.atomic
def delivered(*, message: Message, at: datetime, detail: str = "") -> bool:
    """The channel says that it arrived; said twice, or after a failure, it changes nothing.

    Returns:
        Whether anything was written.
    """
    current = _on_its_way(message, at)
    if current is None:
        return False
    current.state, current.settled_at = Message.State.DELIVERED, at
    current.sent_at = current.sent_at or at
    current.save(update_fields=["state", "settled_at", "sent_at"])
    _told(current, Delivery.Outcome.DELIVERED, detail, at)
    return True


@transaction.atomic
def undelivered(*, message: Message, at: datetime, detail: str) -> bool:
    """The channel says that it did not arrive (number unknown, mailbox full, bounce).

    A message that was said delivered stays delivered.

    Returns:
        Whether anything was written.
    """
    current = _on_its_way(message, at)
    if current is None:
        return False
    current.state, current.settled_at = Message.State.FAILED, at
    current.failure = detail[:300]
    current.save(update_fields=["state", "settled_at", "failure"])
    _told(current, Delivery.Outcome.UNDELIVERED, detail, at)
    return True


def _on_its_way(message: Message, at: datetime) -> Message | None:
    """The message, held, if it has left or is leaving: a gateway may be quicker than we are."""
    current = Message.objects.select_for_update().get(pk=message.pk)
    in_hand = current.leased_until is not None and current.leased_until > at
    leaving = current.state == Message.State.WAITING and in_hand and current.body
    return current if current.state == Message.State.SENT or leaving else None


def _told(message: Message, outcome: Delivery.Outcome, detail: str, at: datetime) -> None:
    Delivery.objects.create(
        practice_id=message.practice_id, message=message, at=at, outcome=outcome,
        detail=detail[:300],
    )  # fmt: skip
    settled.send(Delivery, messages=[message], at=at)
