"""What this room hears from the outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from secretariat.notices.actions import hearing
from secretariat.outbox.models import Message
from secretariat.outbox.signals import setting_kept, settled, stopped
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


@receiver(setting_kept)
def note_setting(
    sender: object,
    *,
    row: Owned,
    by: Staff | None,
    at: datetime,
    detail: dict[str, Any],
    **kwargs: Any,
) -> None:
    """How messages leave was changed; the outbox cannot write in the day book itself."""
    verb = f"outbox.keep_{row._meta.model_name}"
    daybook.note(practice_id=row.practice_id, by=by, at=at, verb=verb, subject=row, **detail)
