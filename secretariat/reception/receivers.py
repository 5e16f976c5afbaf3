"""What the desk hears from the rooms below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from secretariat.outbox.signals import answered
from secretariat.reception.actions import calls


@receiver(answered)
def hear_answer(
    sender: object,
    *,
    practice_id: int,
    address: str,
    text: str,
    reference: str,
    at: datetime,
    **kwargs: Any,
) -> None:
    """A patient wrote back to a text message."""
    calls.text_received(
        practice_id=practice_id, phone=address, text=text, reference=reference, at=at
    )
