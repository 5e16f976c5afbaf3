from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from secretariat.agenda.models.books import Agenda
from secretariat.agenda.models.groups import VisitGroup
from secretariat.agenda.models.reasons import VisitReason
from secretariat.patients.models import Patient
from secretariat.practice.models import Owned, Staff


class Appointment(Owned):
    """A time given: to a patient, or to something that blocks the agenda.

    The exclusion constraint is the last word on double booking. A squeeze
    (« entre deux ») is outside it, on purpose and under someone's name.
    """

    class CancelledFor(models.TextChoices):
        PATIENT = "patient", "À la demande du patient"
        PRACTICE = "practice", "Par le cabinet"
        MISTAKE = "mistake", "Erreur de saisie"

    # Each key holds with its practice (SamePractice), and is found by the indexes below: a plain
    # constraint and a plain index more would be looked at by each booking for nothing.
    agenda = models.ForeignKey(
        Agenda, on_delete=models.PROTECT, related_name="appointments",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    reason = models.ForeignKey(
        VisitReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    # What an imported file called it, or what blocks the time.
    title = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Minutes kept free around it, as the reason had them on the day it was given.
    minutes_before = models.PositiveSmallIntegerField(default=0)
    minutes_after = models.PositiveSmallIntegerField(default=0)
    group = models.ForeignKey(
        VisitGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    note = models.CharField(max_length=500, blank=True)
    squeezed = models.BooleanField(default=False)
    squeezed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    forced = models.BooleanField(default=False)
    forced_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    forced_rule = models.CharField(max_length=200, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    cancelled_for = models.CharField(max_length=10, choices=CancelledFor.choices, blank=True)
    cancelled_why = models.CharField(max_length=200, blank=True)
    # The patient said that they come, at this hour.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    import_key = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    if TYPE_CHECKING:
        agenda_id: int
        patient_id: int | None
        reason_id: int | None
        group_id: int | None

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
            models.CheckConstraint(
                condition=Q(minutes_before__lte=120, minutes_after__lte=120),
                name="appointment_at_most_2_h_around",
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
            models.Index(
                fields=["practice", "group"],
                condition=Q(group__isnull=False),
                name="appointment_of_a_group",
            ),
        ]
