"""What the outbox is asked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from secretariat.outbox.models import Message


def sent_between(practice_id: int, channel: str, start: datetime, end: datetime) -> int:
    """How many messages of a practice left by `channel` in [start, end)."""
    return Message.objects.filter(
        practice_id=practice_id, channel=channel, sent_at__gte=start, sent_at__lt=end
    ).count()


def cents_between(practice_id: int, start: datetime, end: datetime) -> int:
    """What the practice's messages of [start, end) cost, in cents."""
    sent = Message.objects.filter(
        practice_id=practice_id, channel="sms", sent_at__gte=start, sent_at__lt=end
    )
    return int(sent.aggregate(cents=Sum("cents"))["cents"] or 0)


def by_reference(practice_id: int, reference: str) -> Message | None:
    """The message that a gateway calls `reference`."""
    if not reference:
        return None
    found = Message.objects.filter(practice_id=practice_id, reference=reference)
    return found.order_by("-pk").first()


def by_stable_id(practice_id: int, stable_id: UUID) -> Message | None:
    """The message that we call `stable_id`."""
    return Message.objects.filter(practice_id=practice_id, stable_id=stable_id).first()
