from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import F, Q

from secretariat.agenda.models.books import Agenda
from secretariat.practice.models import Owned, Staff


class OpeningRule(Owned):
    """« Le mardi de 14 h à 18 h, une semaine sur deux, sauf vacances », in site-local time.

    A protected range (home visits, meeting, duty) closes the hours it covers.
    """

    class Kind(models.TextChoices):
        OPEN = "open", "Consultation"
        PROTECTED = "protected", "Plage protégée"

    class SchoolHolidays(models.TextChoices):
        ALWAYS = "", "Toute l’année"
        EXCEPT = "except", "Sauf vacances scolaires"
        ONLY = "only", "Pendant les vacances scolaires seulement"

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="opening_rules")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OPEN)
    label = models.CharField(max_length=120, blank=True)
    # Counted from the week of `from_date`.
    every_weeks = models.PositiveSmallIntegerField(default=1)
    school_holidays = models.CharField(
        max_length=6, choices=SchoolHolidays.choices, blank=True, default=""
    )
    # "": visits of every mode; else of that mode only (`VisitReason.mode`).
    mode = models.CharField(max_length=8, blank=True, default="")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday"),
            # 00:00 is the midnight that ends the day.
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")) | Q(ends=time(0)),
                name="opening_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, every_weeks__lte=12),
                name="opening_every_1_to_12_weeks",
            ),
            models.CheckConstraint(
                condition=Q(mode="") | Q(kind="open"), name="opening_mode_of_an_opening"
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="opening_dates_in_order",
            ),
        ]


class OpeningException(Owned):
    """One day that differs: opened for once, or closed for once."""

    class Kind(models.TextChoices):
        OPEN = "open", "Ouvert exceptionnellement"
        CLOSED = "closed", "Fermé exceptionnellement"

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="opening_exceptions")
    date = models.DateField()
    kind = models.CharField(max_length=6, choices=Kind.choices)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    label = models.CharField(max_length=120, blank=True)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True, kind="closed")
                | Q(ends__gt=F("starts"))
                | Q(starts__isnull=False, ends=time(0)),
                name="exception_times",
            ),
        ]
        indexes = [models.Index(fields=["agenda", "date"])]


class Absence(Owned):
    """The practitioner is away: no time is offered, visits already given stay to be replanned."""

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    label = models.CharField(max_length=120, blank=True)
    # The holder's absence does not close a day on which a locum stands in; the locum's own does.
    of_locum = models.BooleanField(default=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="absence_cancelled_pair",
            ),
        ]
        indexes = [models.Index(fields=["practice", "agenda", "starts_at"])]
