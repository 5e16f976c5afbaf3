from __future__ import annotations

from django.db import models

from secretariat.outbox.models.messages import Message
from secretariat.practice.models import Owned


class Delivery(Owned):
    """One attempt to send a message, or what its channel told of it afterwards."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Parti"
        LATER = "later", "Remis à plus tard"
        REFUSED = "refused", "Refusé"
        DELIVERED = "delivered", "Remis au destinataire"
        UNDELIVERED = "undelivered", "Non remis au destinataire"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["message", "at"])]
