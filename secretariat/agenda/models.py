from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from secretariat.patients.models import Patient
from secretariat.practice.models import Owned, Practitioner, Site, Staff


class Agenda(Owned):
    """The appointment book of one practitioner at one site (FHIR Schedule)."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    colour = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    if TYPE_CHECKING:
        practitioner_id: int
        site_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "site"], name="one_agenda_per_place")
        ]

    def __str__(self) -> str:
        return self.name


class OpeningRule(Owned):
    """« Le mardi de 14 h à 18 h, du … au … » : a weekly opening, in site-local time."""

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="opening_rules")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday"),
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")), name="opening_ends_after_start"
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
                | Q(ends__gt=F("starts")),
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


class VisitReason(Owned):
    """A reason for a visit: how long, for whom, what to tell the patient."""

    class Kind(models.TextChoices):
        FIRST = "first", "Première consultation"
        FOLLOW_UP = "follow_up", "Suivi"
        URGENT = "urgent", "Urgence"
        OTHER = "other", "Autre"

    name = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    colour = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FOLLOW_UP)
    bookable_by_remote = models.BooleanField(default=True)
    bookable_by_patient = models.BooleanField(default=False)
    instructions = models.TextField(blank=True, max_length=2000)
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="reason_name_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480), name="reason_5_min_to_8_h"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfferedReason(Owned):
    """A reason offered in an agenda, with its own duration there if it differs."""

    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="offered_reasons")
    reason = models.ForeignKey(VisitReason, on_delete=models.CASCADE, related_name="offers")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agenda", "reason"], name="reason_offered_once")
        ]


class Appointment(Owned):
    """A time given: to a patient, or to something that blocks the agenda.

    The exclusion constraint is the last word on double booking. A squeeze
    (« entre deux ») is outside it, on purpose and under someone's name.
    """

    class CancelledFor(models.TextChoices):
        PATIENT = "patient", "À la demande du patient"
        PRACTICE = "practice", "Par le cabinet"
        MISTAKE = "mistake", "Erreur de saisie"

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="appointments")
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.ForeignKey(
        VisitReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # What an imported file called it, or what blocks the time.
    title = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    squeezed = models.BooleanField(default=False)
    squeezed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    forced = models.BooleanField(default=False)
    forced_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    forced_rule = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_for = models.CharField(max_length=10, choices=CancelledFor.choices, blank=True)
    cancelled_why = models.CharField(max_length=200, blank=True)
    import_key = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    if TYPE_CHECKING:
        agenda_id: int
        patient_id: int | None
        reason_id: int | None

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="no_accidental_double_booking",
                expressions=[
                    (
                        Func(F("agenda_id"), F("agenda_id"), Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (Func(F("starts_at"), F("ends_at"), Value("[)"), function="tstzrange"), "&&"),
                ],
                condition=Q(cancelled_at__isnull=True, squeezed=False),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_start"
            ),
            # Busy times are looked for by their start: none may reach further than a day.
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("starts_at") + timedelta(days=1)),
                name="appointment_at_most_a_day",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancelled_for="")
                | (
                    Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_for="")
                ),
                name="appointment_cancelled_pair",
            ),
            models.CheckConstraint(
                condition=Q(squeezed=False, squeezed_by__isnull=True)
                | Q(squeezed=True, squeezed_by__isnull=False),
                name="appointment_squeezed_pair",
            ),
            models.CheckConstraint(
                condition=Q(forced=False, forced_by__isnull=True)
                | Q(forced=True, forced_by__isnull=False),
                name="appointment_forced_pair",
            ),
            models.CheckConstraint(
                condition=Q(patient__isnull=False) | ~Q(title=""),
                name="appointment_is_someone_or_something",
            ),
            models.UniqueConstraint(
                fields=["practice", "agenda", "import_key"],
                condition=~Q(import_key=""),
                name="appointment_imported_once",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "agenda", "starts_at"]),
            models.Index(fields=["practice", "patient", "starts_at"]),
            models.Index(fields=["practice", "starts_at"]),
        ]
