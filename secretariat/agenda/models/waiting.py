from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from secretariat.agenda.models.appointments import Appointment
from secretariat.agenda.models.books import Agenda
from secretariat.agenda.models.reasons import VisitReason
from secretariat.patients.models import Patient
from secretariat.practice.models import Owned, Practitioner, Staff


class Waiting(Owned):
    """Someone waits for a time, or for an earlier one than they have."""

    class Priority(models.IntegerChoices):
        URGENT = 1, "Urgente"
        SOON = 2, "À avancer"
        USUAL = 3, "Habituelle"

    class Outcome(models.TextChoices):
        BOOKED = "booked", "A un rendez-vous"
        NO_LONGER = "no_longer", "N’attend plus"
        ELSEWHERE = "elsewhere", "A trouvé ailleurs"
        UNREACHABLE = "unreachable", "Injoignable"
        LAPSED = "lapsed", "Date passée"
        MISTAKE = "mistake", "Inscrit par erreur"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey(VisitReason, on_delete=models.PROTECT, related_name="+")
    # The visit that would be moved earlier, if the patient has one.
    visit = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # One bit a weekday, Monday first: 127 is every day. Hours are of the site's clock.
    weekdays = models.PositiveSmallIntegerField(default=127)
    from_time = models.TimeField(null=True, blank=True)
    to_time = models.TimeField(null=True, blank=True)
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)
    # How long before the visit the patient must know.
    notice_minutes = models.PositiveIntegerField(default=0)
    # A priority is a medical decision: who took it, and when.
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.USUAL)
    priority_by = models.ForeignKey(
        Practitioner, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    priority_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    if TYPE_CHECKING:
        patient_id: int
        reason_id: int
        visit_id: int | None
        priority_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient", "reason"],
                condition=Q(ended_at__isnull=True),
                name="waits_once_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=127), name="waiting_some_weekday"
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True)
                | Q(from_date__isnull=True)
                | Q(to_date__gte=F("from_date")),
                name="waiting_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(to_time__isnull=True)
                | Q(from_time__isnull=True)
                | Q(to_time__gt=F("from_time")),
                name="waiting_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(priority=3, priority_by__isnull=True, priority_on__isnull=True)
                | Q(priority__in=(1, 2), priority_by__isnull=False, priority_on__isnull=False),
                name="waiting_priority_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, outcome="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome="")),
                name="waiting_ends_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "priority", "asked_at"],
                condition=Q(ended_at__isnull=True),
                name="waiting_in_order",
            ),
            models.Index(fields=["practice", "patient"]),
        ]


class WaitingDoctor(Owned):
    """A practitioner whom someone who waits accepts; none named means any."""

    waiting = models.ForeignKey(Waiting, on_delete=models.CASCADE, related_name="doctors")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    if TYPE_CHECKING:
        waiting_id: int
        practitioner_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["waiting", "practitioner"], name="waits_for_a_doctor_once"
            )
        ]


class FreedTime(Owned):
    """A time that came back, or that someone chose, to be proposed to those who wait."""

    class Why(models.TextChoices):
        CANCELLED = "cancelled", "Rendez-vous annulé"
        MOVED = "moved", "Rendez-vous déplacé"
        CHOSEN = "chosen", "Choisi dans l’agenda"
        ABSENCE = "absence", "Absence annulée"
        OPENING = "opening", "Ouverture exceptionnelle"
        HOURS = "hours", "Horaires modifiés"
        QUOTA = "quota", "Quota libéré"
        ROOM = "room", "Salle ou matériel disponible"

    class State(models.TextChoices):
        OPEN = "open", "À proposer"
        OFFERED = "offered", "Proposé"
        FILLED = "filled", "Pris"
        CLOSED = "closed", "Laissé libre"

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    why = models.CharField(max_length=10, choices=Why.choices)
    # Whose time it was.
    visit = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    # The next patients are asked when the first do not answer, without anyone pressing.
    passes_on = models.BooleanField(default=False)
    # The sheet of the hold that keeps the time while it is proposed.
    sheet = models.UUIDField(default=uuid4, editable=False)
    freed_at = models.DateTimeField()
    freed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    if TYPE_CHECKING:
        agenda_id: int
        visit_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="freed_time_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "offered"), closed_at__isnull=True)
                | Q(state__in=("filled", "closed"), closed_at__isnull=False),
                name="freed_time_closed_when",
            ),
            models.UniqueConstraint(
                fields=["practice", "agenda", "starts_at"],
                condition=Q(closed_at__isnull=True),
                name="freed_time_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "starts_at"],
                condition=Q(closed_at__isnull=True),
                name="freed_time_to_offer",
            )
        ]


class WaitingOffer(Owned):
    """A freed time proposed to someone who waits: by which way, until when, what came of it."""

    class How(models.TextChoices):
        MESSAGE = "message", "Message"
        PHONE = "phone", "Téléphone"

    class State(models.TextChoices):
        OPEN = "open", "Proposé"
        ACCEPTED = "accepted", "Pris"
        REFUSED = "refused", "Refusé"
        NO_ANSWER = "no_answer", "Ne répond pas"
        EXPIRED = "expired", "Sans réponse à temps"
        UNREACHED = "unreached", "Message non remis"
        TAKEN = "taken", "Un autre a été plus rapide"

    freed = models.ForeignKey(FreedTime, on_delete=models.PROTECT, related_name="offers")
    waiting = models.ForeignKey(Waiting, on_delete=models.PROTECT, related_name="offers")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    how = models.CharField(max_length=7, choices=How.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The visit that was given, or moved here.
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        freed_id: int
        waiting_id: int
        appointment_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["freed", "waiting"], name="offered_once_to_each"),
            # Who answers first wins, whatever the screens thought.
            models.UniqueConstraint(
                fields=["freed"], condition=Q(state="accepted"), name="one_acceptance"
            ),
            models.UniqueConstraint(
                fields=["waiting"], condition=Q(state="open"), name="one_open_offer_each"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="offer_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="offer_answered_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(appointment__isnull=False),
                name="offer_accepted_is_a_visit",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state="open"), name="offer_open"),
        ]


class WaitingRules(Owned):
    """How a practice proposes freed times: one row a practice, its defaults until it is written."""

    automatic = models.BooleanField(default=False)
    at_once = models.PositiveSmallIntegerField(default=3)
    answer_minutes = models.PositiveSmallIntegerField(default=60)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], name="one_waiting_rules_a_practice"),
            models.CheckConstraint(
                condition=Q(at_once__gte=1, at_once__lte=10), name="offered_to_1_to_10_at_once"
            ),
            models.CheckConstraint(
                condition=Q(answer_minutes__gte=5, answer_minutes__lte=1440),
                name="offer_5_min_to_a_day",
            ),
        ]
