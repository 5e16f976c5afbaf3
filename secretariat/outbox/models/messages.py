from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import Q

from secretariat.practice.models import Owned


class Message(Owned):
    """What leaves by one channel, for one address. What it says is written when it leaves."""

    class Channel(models.TextChoices):
        SMS = "sms", "SMS"
        EMAIL = "email", "Courriel"
        LETTER = "letter", "Courrier"

    class State(models.TextChoices):
        WAITING = "waiting", "À envoyer"
        SENT = "sent", "Envoyé"
        DELIVERED = "delivered", "Remis"
        FAILED = "failed", "Non remis"
        WITHDRAWN = "withdrawn", "Retiré"

    # Who writes its text (rendering.py), and what it is sent for: once each.
    kind = models.CharField(max_length=40)
    cause = models.CharField(max_length=120)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    # E.164, an e-mail address, or nothing for a letter.
    address = models.CharField(max_length=120, blank=True)
    # The same at each attempt: Message-ID of an e-mail, idempotency key of a gateway.
    stable_id = models.UUIDField(default=uuid4, unique=True)
    language = models.CharField(max_length=2, default="fr")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    # Said at any hour: the practice's quiet hours do not hold it back.
    urgent = models.BooleanField(default=False)
    next_at = models.DateTimeField()
    # A worker has it in hand until then; a dead worker's hold ends by itself.
    leased_until = models.DateTimeField(null=True, blank=True)
    # Past this moment it would say nothing useful.
    expires_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # As it left.
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True, max_length=4000)
    # The files that went with it (joined.py): reference, name, title. Their bytes stay where they
    # are.
    joined = models.JSONField(default=list, blank=True)
    cents = models.PositiveIntegerField(default=0)
    # Its channel will say whether it arrived.
    confirmed_later = models.BooleanField(default=False)
    reference = models.CharField(max_length=120, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # When it was delivered, failed or withdrawn.
    settled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    if TYPE_CHECKING:
        from secretariat.outbox.models.deliveries import Delivery

        deliveries: models.Manager[Delivery]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "cause"], name="message_once_for_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(channel="letter") | ~Q(address=""), name="message_has_an_address"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True, sent_at__isnull=True)
                | Q(state="sent", settled_at__isnull=True, sent_at__isnull=False)
                | Q(state="delivered", settled_at__isnull=False, sent_at__isnull=False)
                | Q(state__in=["failed", "withdrawn"], settled_at__isnull=False),
                name="message_state_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered"]) | ~Q(body=""),
                name="message_sent_says_something",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "channel", "next_at"],
                condition=Q(state="waiting"),
                name="message_to_send",
            ),
            # Callbacks of a gateway name its own reference.
            models.Index(
                fields=["practice", "reference"],
                condition=~Q(reference=""),
                name="message_by_reference",
            ),
            # What the day has cost already.
            models.Index(
                fields=["practice", "channel", "sent_at"],
                condition=Q(sent_at__isnull=False),
                name="message_sent_on_a_day",
            ),
        ]
