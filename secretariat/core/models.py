from __future__ import annotations

from django.db import models


class FormToken(models.Model):
    """A form that was sent: its second sending gets the first one's answer."""

    token = models.UUIDField(primary_key=True)
    user_id = models.BigIntegerField()
    result = models.CharField(max_length=200, blank=True)
    claimed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["claimed_at"])]
