from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from secretariat.agenda.models.books import Agenda, Replacement
from secretariat.agenda.models.openings import OpeningRule
from secretariat.practice.models import Owned


class VisitReason(Owned):
    """A reason for a visit: how long, for whom, what to tell the patient."""

    class Kind(models.TextChoices):
        FIRST = "first", "Première consultation"
        FOLLOW_UP = "follow_up", "Suivi"
        URGENT = "urgent", "Urgence"
        OTHER = "other", "Autre"

    class Mode(models.TextChoices):
        ON_SITE = "on_site", "Au cabinet"
        HOME = "home", "À domicile"
        VIDEO = "video", "En vidéo"
        PHONE = "phone", "Par téléphone"

    name = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    # For someone whom the practitioner never saw; null: no difference.
    first_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # Added for those who need more time or an interpreter.
    more_minutes = models.PositiveSmallIntegerField(default=0)
    # Kept free around the visit: preparing the room, cleaning it.
    minutes_before = models.PositiveSmallIntegerField(default=0)
    minutes_after = models.PositiveSmallIntegerField(default=0)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.ON_SITE)
    colour = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FOLLOW_UP)
    bookable_by_remote = models.BooleanField(default=True)
    bookable_by_patient = models.BooleanField(default=False)
    # Only in the opening rules that name it (`OpeningReason`).
    named_only = models.BooleanField(default=False)
    referral_only = models.BooleanField(default=False)
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    # Limits of what patients may book by themselves; the desk has none.
    patient_notice_hours = models.PositiveSmallIntegerField(default=0)
    patient_horizon_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # Sooner after the last visit of this reason, the desk is warned.
    again_after_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # What the practice wants to hold: « lésion suspecte, dans les 14 jours ».
    within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    instructions = models.TextField(blank=True, max_length=2000)
    papers = models.TextField(blank=True, max_length=1000)
    afterwards = models.TextField(blank=True, max_length=2000)
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="reason_name_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="reason_5_min_to_8_h"
            ),
            models.CheckConstraint(
                condition=Q(first_minutes__isnull=True)
                | Q(first_minutes__gte=5, first_minutes__lte=480),
                name="reason_first_5_min_to_8_h",
            ),
            models.CheckConstraint(
                condition=Q(minutes_before__lte=120, minutes_after__lte=120, more_minutes__lte=120),
                name="reason_at_most_2_h_around",
            ),
            models.CheckConstraint(
                condition=Q(age_to__isnull=True)
                | Q(age_from__isnull=True)
                | Q(age_to__gte=F("age_from")),
                name="reason_ages_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfferedReason(Owned):
    """A reason offered in an agenda, with its own duration there if it differs."""

    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="offered_reasons")
    reason = models.ForeignKey(VisitReason, on_delete=models.CASCADE, related_name="offers")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    first_minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agenda", "reason"], name="reason_offered_once")
        ]


class OpeningReason(Owned):
    """A reason that an opening rule names: a rule that names some is kept for these."""

    rule = models.ForeignKey(OpeningRule, on_delete=models.CASCADE, related_name="named_reasons")
    reason = models.ForeignKey(VisitReason, on_delete=models.CASCADE, related_name="+")
    if TYPE_CHECKING:
        rule_id: int
        reason_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "reason"], name="reason_named_once")]


class LocumLimit(Owned):
    """A reason that a locum does not take."""

    replacement = models.ForeignKey(Replacement, on_delete=models.CASCADE, related_name="limits")
    reason = models.ForeignKey(VisitReason, on_delete=models.CASCADE, related_name="+")
    if TYPE_CHECKING:
        replacement_id: int
        reason_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["replacement", "reason"], name="reason_left_to_the_holder_once"
            )
        ]
