"""What the privacy room hears from the rooms below it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.dispatch import receiver

from secretariat.practice.models import Staff
from secretariat.practice.signals import deed_done, door_refused
from secretariat.privacy import daybook, register


@receiver(door_refused)
def write_refused_door(
    sender: object, *, staff: Staff, path: str, at: datetime, **kwargs: Any
) -> None:
    """A shut door leaves a trace."""
    register.trace_denied(staff=staff, at=at, screen=path)


@receiver(deed_done)
def write_deed(
    sender: object,
    *,
    practice_id: int,
    by: Staff | None,
    at: datetime,
    verb: str,
    subject: models.Model,
    detail: dict[str, Any],
    **kwargs: Any,
) -> None:
    """A deed of the practice room enters the day book."""
    daybook.note(practice_id=practice_id, by=by, at=at, verb=verb, subject=subject, **detail)
