"""What this room hears from the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from secretariat.notices.actions import hearing
from secretariat.outbox.models import Message
from secretariat.outbox.signals import acted, settled, stopped
from secretariat.practice.models import Owned, Staff
from secretariat.privacy import daybook


@receiver(settled)
def hear_message(sender: object, *, message: Message, at: datetime, **kwargs: Any) -> None:
    """A message was sent, delivered, failed or withdrawn."""
    hearing.message_settled(message=message, at=at)


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
