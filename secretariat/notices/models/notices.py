from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from secretariat.outbox.models import Message
from secretariat.patients.models import Patient
from secretariat.practice.models import Owned, Staff


class Notice(Owned):
    """Something that a patient must know, from its promise to the moment it is known.

    FHIR: a CommunicationRequest; what carried it out is a `Message` or an `Attempt`.
    """

    class State(models.TextChoices):
        PROMISED = "promised", "À envoyer"
        CARRIED = "carried", "Envoi en cours"
        TOLD = "told", "Prévenu"
        UNREACHED = "unreached", "Non joint"
        WITHDRAWN = "withdrawn", "Plus nécessaire"
        CLOSED = "closed", "Clos sans avoir prévenu"

    class How(models.TextChoices):
        SMS = "sms", "SMS"
        EMAIL = "email", "Courriel"
        LETTER = "letter", "Courrier"
        PHONE = "phone", "Téléphone"
        DESK = "desk", "De vive voix"

    class Answer(models.TextChoices):
        NONE = "", "Sans réponse"
        CONFIRMED = "confirmed", "Confirme"
        CANCELLED = "cancelled", "Annule"
        OTHER = "other", "Demande un autre moment"

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    # What it is: declared by the room that promises it (kinds.py); and what for, once each.
    kind = models.CharField(max_length=30)
    cause = models.CharField(max_length=120)
    # The row it is about, which the kind's room knows, and the moment of that visit.
    about_id = models.BigIntegerField(null=True, blank=True)
    about_at = models.DateTimeField(null=True, blank=True)
    # When it may leave, when it must be known, until when an answer is awaited.
    due_at = models.DateTimeField()
    needed_by = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    # Someone must deal with it if it cannot be told; otherwise it is a courtesy.
    must = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROMISED)
    why = models.CharField(max_length=300, blank=True)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Addresses that failed already.
    tried = models.JSONField(default=list, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told_how = models.CharField(max_length=10, choices=How.choices, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Plain values for its text: minutes late, the hour of before. Nothing about health.
    detail = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unreached_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        from secretariat.notices.models.attempts import Attempt

        patient_id: int
        message_id: int | None
        attempts: models.Manager[Attempt]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "cause"], name="notice_once_for_a_cause"
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_how="", told_by__isnull=True)
                | (Q(told_at__isnull=False) & ~Q(told_how="")),
                name="notice_told_when_and_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="told") | Q(told_at__isnull=False), name="notice_told_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="carried") | Q(message__isnull=False),
                name="notice_carried_by_a_message",
            ),
            models.CheckConstraint(
                condition=~Q(state="unreached") | (Q(unreached_at__isnull=False) & ~Q(why="")),
                name="notice_unreached_says_why",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="notice_answered_when",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="promised"), name="notice_to_carry"),
            models.Index(
                fields=["practice", "needed_by"],
                condition=Q(state="unreached"),
                name="notice_unreached",
            ),
            models.Index(
                fields=["answer_by"],
                condition=Q(state="told", answer="", answer_by__isnull=False),
                name="notice_awaits_an_answer",
            ),
            models.Index(
                fields=["practice"], condition=Q(state="carried"), name="notice_on_its_way"
            ),
            models.Index(fields=["practice", "patient", "created_at"]),
            models.Index(fields=["practice", "about_id", "kind"]),
            models.Index(fields=["message"]),
        ]
