from __future__ import annotations

from django.db import models
from django.db.models import Q

from secretariat.notices.models.notices import Notice
from secretariat.practice.models import Owned, Staff


class Attempt(Owned):
    """Someone of the practice tried to tell a patient: whom, when, what came of it."""

    class Outcome(models.TextChoices):
        TOLD = "told", "Prévenu"
        NO_ANSWER = "no_answer", "Ne répond pas"
        VOICEMAIL = "voicemail", "Message sur répondeur"
        BUSY = "busy", "Occupé"
        WRONG_NUMBER = "wrong_number", "Mauvais numéro"
        POSTED = "posted", "Courrier à poster"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="attempts")
    how = models.CharField(max_length=10, choices=Notice.How.choices)
    # E.164; the holder is read on the patient's file.
    number = models.CharField(max_length=16, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(how=""), name="attempt_by_some_means"),
        ]
        indexes = [models.Index(fields=["notice", "at"])]
