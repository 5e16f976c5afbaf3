from __future__ import annotations

from django.db import models

from secretariat.outbox.models import Message
from secretariat.practice.models import Owned, Staff


class Template(Owned):
    """The practice's own words for a kind of notice, by channel and language."""

    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=10, choices=Message.Channel.choices)
    language = models.CharField(max_length=2, default="fr")
    subject = models.CharField(max_length=120, blank=True)
    body = models.TextField(max_length=2000)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "channel", "language"], name="one_template_each"
            )
        ]


class Stop(Owned):
    """An address that asked for no more messages from this practice."""

    address = models.CharField(max_length=120)
    at = models.DateTimeField()
    # Who wrote it down; None: the person wrote « STOP ».
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "address"], name="stopped_once")]
