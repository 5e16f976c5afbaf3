from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from secretariat.agenda.models.reasons import VisitReason
from secretariat.practice.models import Owned, Staff


class VisitGroup(Owned):
    """Visits given together: a chain (ECG, then the cardiologist), a household, a series."""

    class Kind(models.TextChoices):
        CHAIN = "chain", "Visites enchaînées"
        HOUSEHOLD = "household", "En famille"
        SERIES = "series", "Série"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # As it is said: « 3 fois par semaine pendant 8 semaines ».
    label = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Protocol(Owned):
    """Reasons that follow each other at one coming."""

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="protocol_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class ProtocolStep(Owned):
    """A reason of a protocol, and how long after the end of the step before it may begin."""

    protocol = models.ForeignKey(Protocol, on_delete=models.CASCADE, related_name="steps")
    reason = models.ForeignKey(VisitReason, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    wait_from = models.PositiveSmallIntegerField(default=0)
    wait_to = models.PositiveSmallIntegerField(default=30)
    if TYPE_CHECKING:
        protocol_id: int
        reason_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["protocol", "position"], name="step_place_once"),
            models.CheckConstraint(
                condition=Q(wait_to__gte=models.F("wait_from"), wait_to__lte=480),
                name="step_waits_in_order",
            ),
        ]
