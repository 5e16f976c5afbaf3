"""What the outbox is asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from secretariat.outbox.models import Message


def sent_between(practice_id: int, channel: str, start: datetime, end: datetime) -> int:
    """How many messages of a practice left by `channel` in [start, end)."""
    return Message.objects.filter(
        practice_id=practice_id, channel=channel, sent_at__gte=start, sent_at__lt=end
    ).count()


def by_reference(practice_id: int, reference: str) -> Message | None:
    """The message that a gateway calls `reference`."""
    if not reference:
        return None
    return Message.objects.filter(practice_id=practice_id, reference=reference).first()


def by_stable_id(practice_id: int, stable_id: UUID) -> Message | None:
    """The message that we call `stable_id`."""
    return Message.objects.filter(practice_id=practice_id, stable_id=stable_id).first()
