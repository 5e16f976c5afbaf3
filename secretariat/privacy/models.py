from __future__ import annotations

from django.db import models
from django.db.models import Q

from secretariat.practice.models import Owned, Staff


class Entry(Owned):
    """A line of the day book: who did what, when. Never changed, never removed.

    `number`, `previous` and `digest` are written by a database trigger, one chain
    a practice; the application only proposes the other columns.
    """

    number = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    # Held with its practice (SamePractice); nobody is looked for by it.
    staff = models.ForeignKey(
        Staff, null=True, on_delete=models.PROTECT, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    by_name = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    patient_id = models.BigIntegerField(null=True)
    # Text, not JSON: the chain is counted on exactly these characters.
    detail = models.TextField(blank=True, default="{}")
    previous = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="entry_number_once")
        ]
        indexes = [
            models.Index(fields=["practice", "patient_id", "number"]),
            models.Index(fields=["practice", "subject_kind", "subject_id"]),
        ]


class Access(Owned):
    """A line of the register of opened files: who looked, at whom, from which screen."""

    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=80)
    patient_id = models.BigIntegerField(null=True)
    screen = models.CharField(max_length=120)
    denied = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(denied=True) | Q(patient_id__isnull=False),
                name="access_names_a_patient",
            ),
        ]
        indexes = [models.Index(fields=["practice", "patient_id", "-at"])]
