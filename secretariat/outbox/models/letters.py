from __future__ import annotations

from django.db import models
from django.db.models import Q

from secretariat.outbox.models.messages import Message
from secretariat.practice.models import Owned, Staff


class LetterBatch(Owned):
    """Letters printed together, to fold and post; posted when someone says so."""

    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(posted_at__isnull=True, posted_by__isnull=True)
                | Q(posted_at__isnull=False, posted_by__isnull=False),
                name="letter_batch_posted_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["practice", "-printed_at"])]


class BatchLetter(Owned):
    """One letter of a batch, as it is printed; its text is its message's."""

    batch = models.ForeignKey(LetterBatch, on_delete=models.CASCADE, related_name="letters")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    # The lines of the envelope.
    address = models.TextField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="batch_letter_has_its_place"),
        ]
