"""What the practice room hears."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from django.dispatch import receiver

from secretariat.practice import actions
from secretariat.practice.models import User


@receiver(password_changed)
def on_password_changed(user: User, **kwargs: Any) -> None:
    """A password that somebody else gave is no longer the person's."""
    actions.password_chosen(user=user)
