"""What this room hears from the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from secretariat.notices.actions import hearing
from secretariat.outbox.models import Message
from secretariat.outbox.signals import acted, settled, stopped
from secretariat.practice.models import Owned, Staff
from secretariat.privacy import daybook


@receiver(settled)
def hear_messages(
    sender: object, *, messages: Sequence[Message], at: datetime, **kwargs: Any
) -> None:
    """Messages were sent, delivered, failed or withdrawn."""
    hearing.messages_settled(messages=messages, at=at)


@receiver(stopped)
def hear_stop(
    sender: object, *, practice_id: int, address: str, at: datetime, **kwargs: Any
) -> None:
    """Someone wrote « STOP »."""
    hearing.stop(practice_id=practice_id, address=address, at=at)


@receiver(acted)
def note_act(
    sender: object,
    *,
    verb: str,
    row: Owned,
    by: Staff | None,
    at: datetime,
    detail: dict[str, Any],
    **kwargs: Any,
) -> None:
    """Someone acted in the outbox, which cannot write in the day book itself."""
    daybook.note(practice_id=row.practice_id, by=by, at=at, verb=verb, subject=row, **detail)
