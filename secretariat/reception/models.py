from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from secretariat.agenda.models import Appointment
from secretariat.patients.models import Patient
from secretariat.patients.reaching import shown_phone
from secretariat.practice.models import Owned, Practitioner, Staff


class Call(Owned):
    """A telephone call: who, for whom, what came of it, what was promised."""

    class Outcome(models.TextChoices):
        OPEN = "", "En cours"
        BOOKED = "booked", "Rendez-vous donné"
        MOVED = "moved", "Rendez-vous déplacé"
        CANCELLED = "cancelled", "Rendez-vous annulé"
        MESSAGE = "message", "Message transmis"
        INFORMED = "informed", "Renseignement donné"
        TRANSFERRED = "transferred", "Appel transféré"
        EMERGENCY = "emergency", "Orienté vers le 15"
        NOTHING = "nothing", "Sans suite"

    # The sheet's own name, known before its first line is written: a reload finds it again.
    sheet = models.UUIDField(default=uuid4)
    started_at = models.DateTimeField()
    taken_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    caller_phone = models.CharField(max_length=16, blank=True)
    caller_name = models.CharField(max_length=120, blank=True)
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    request = models.CharField(max_length=500, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    message = models.TextField(blank=True, max_length=2000)
    message_for = models.ForeignKey(
        Practitioner, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    call_back_by = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # Who wrote here last: two sendings of one desk that cross are no conflict.
    touched_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        patient_id: int | None
        appointment_id: int | None
        message_for_id: int | None
        touched_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "sheet"], name="call_sheet_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="call_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="call_settled_pair",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "-started_at"]),
            models.Index(fields=["practice", "patient", "-started_at"]),
            models.Index(
                fields=["practice", "call_back_by"],
                condition=Q(call_back_by__isnull=False, settled_at__isnull=True),
                name="call_backs_promised",
            ),
        ]

    @property
    def shown_phone(self) -> str:
        """The caller's number as it is read aloud: « 06 39 98 01 02 »."""
        return (
            shown_phone(self.caller_phone)
            if self.caller_phone.startswith("+")
            else self.caller_phone
        )


class Visit(Owned):
    """A patient's passage on the day: expected, arrived, called, in, left, or absent.

    Created with the first step; an appointment without a visit is simply expected.
    """

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    entered_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    missed_at = models.DateTimeField(null=True, blank=True)
    unexpected = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(missed_at__isnull=True)
                | Q(
                    arrived_at__isnull=True,
                    called_at__isnull=True,
                    entered_at__isnull=True,
                    left_at__isnull=True,
                ),
                name="visit_missed_or_present",
            ),
            models.CheckConstraint(
                condition=(Q(called_at__isnull=True) | Q(called_at__gte=F("arrived_at")))
                & (Q(entered_at__isnull=True) | Q(entered_at__gte=F("arrived_at")))
                & (Q(left_at__isnull=True) | Q(left_at__gte=F("arrived_at"))),
                name="visit_steps_in_order",
            ),
        ]


class VisitStep(Owned):
    """Who moved the visit from one step to the next; undone steps stay, marked."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
