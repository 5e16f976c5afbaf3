from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from secretariat.agenda.models.appointments import Appointment
from secretariat.agenda.models.reasons import VisitReason
from secretariat.patients.models import Patient
from secretariat.practice.models import Owned, Practitioner, Staff


class RecallCampaign(Owned):
    """Patients to see again, chosen by criteria on one day, for one reason."""

    name = models.CharField(max_length=80)
    reason = models.ForeignKey(VisitReason, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    # What was asked: ages, sex, practitioner, last visit.
    criteria = models.JSONField(default=dict, blank=True)
    count = models.PositiveIntegerField(default=0)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()


class Recall(Owned):
    """A patient to see again, for what, around when; closed by the visit that is given."""

    class Outcome(models.TextChoices):
        BOOKED = "booked", "Rendez-vous donné"
        ELSEWHERE = "elsewhere", "Suivi ailleurs"
        REFUSED = "refused", "Ne souhaite pas"
        UNREACHABLE = "unreachable", "Injoignable"
        NO_LONGER = "no_longer", "N’a plus lieu d’être"
        SILENCE = "silence", "Ne plus relancer"
        MISTAKE = "mistake", "Noté par erreur"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    reason = models.ForeignKey(VisitReason, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        Practitioner, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    campaign = models.ForeignKey(
        RecallCampaign, null=True, blank=True, on_delete=models.PROTECT, related_name="recalls"
    )
    # The day, or the first of the month when only the month was said.
    due_on = models.DateField()
    by_month = models.BooleanField(default=False)
    # How many days before or after still serve.
    tolerance_days = models.PositiveSmallIntegerField(default=30)
    note = models.CharField(max_length=200, blank=True)
    # Messages and calls made so far; who does not answer leaves the list after some.
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        patient_id: int
        reason_id: int
        practitioner_id: int | None
        campaign_id: int | None
        appointment_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient", "reason"],
                condition=Q(closed_at__isnull=True),
                name="recalled_once_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
                name="recall_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(by_month=False) | Q(due_on__day=1), name="recall_month_is_its_first"
            ),
            models.CheckConstraint(
                condition=Q(appointment__isnull=True) | Q(outcome="booked"),
                name="recall_visit_only_when_booked",
            ),
            models.CheckConstraint(
                condition=Q(tries=0, tried_at__isnull=True)
                | Q(tries__gt=0, tried_at__isnull=False),
                name="recall_tried_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["practice", "due_on"],
                condition=Q(closed_at__isnull=True),
                name="recall_due",
            ),
            models.Index(fields=["practice", "patient"]),
            models.Index(
                fields=["practice", "appointment"],
                condition=Q(appointment__isnull=False),
                name="recall_closed_by_a_visit",
            ),
        ]


class RecallTry(Owned):
    """One message or call to someone who is to be seen again, and what came of it."""

    class How(models.TextChoices):
        MESSAGE = "message", "Message"
        PHONE = "phone", "Téléphone"
        LETTER = "letter", "Courrier"
        DESK = "desk", "De vive voix"

    class Outcome(models.TextChoices):
        SENT = "sent", "Message envoyé"
        UNDELIVERED = "undelivered", "Message non remis"
        WILL_CALL = "will_call", "Rappellera"
        NO_ANSWER = "no_answer", "Ne répond pas"
        VOICEMAIL = "voicemail", "Message sur répondeur"
        WRONG_NUMBER = "wrong_number", "Mauvais numéro"

    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="attempts")
    how = models.CharField(max_length=7, choices=How.choices)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["recall", "at"])]


class RecallSilence(Owned):
    """Someone who is not to be recalled any more, and why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=200)
    since = models.DateTimeField()
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        patient_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient"],
                condition=Q(lifted_at__isnull=True),
                name="one_silence_each",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="silence_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False, lifted_at__gte=F("since")),
                name="silence_lifted_pair",
            ),
        ]
