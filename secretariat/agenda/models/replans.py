from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from secretariat.agenda.models.appointments import Appointment
from secretariat.agenda.models.books import Agenda
from secretariat.agenda.models.openings import Absence
from secretariat.agenda.models.resources import ResourceClosing
from secretariat.practice.models import Owned, Staff


class Replan(Owned):
    """A day being replanned: its visits and their new times, the same draft for all desks.

    Nothing moves until it is approved; then everything does, or nothing.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "En préparation"
        APPROVED = "approved", "Validé"
        UNDONE = "undone", "Repris"
        DROPPED = "dropped", "Abandonné"

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="+")
    # Why the visits cannot stand, when an absence says it.
    absence = models.ForeignKey(
        Absence, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The absence was written for this replan: undoing takes it back as well.
    with_absence = models.BooleanField(default=False)
    # Or a room closed, equipment out of order: its visits, whosever they are.
    closing = models.ForeignKey(
        ResourceClosing, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Or rules that changed: the visits they left outside.
    of_rules = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Where other times are looked for, by key, the visits' own agenda first.
    accepted = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    # Nothing better exists; otherwise the best found in the time there was.
    proven = models.BooleanField(default=False)
    milliseconds = models.PositiveIntegerField(default=0)
    # Until when the proposed times are kept from others.
    held_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        agenda_id: int
        absence_id: int | None
        closing_id: int | None

    @property
    def subject(self) -> str:
        """The practitioner, or the room, whose visits are replanned."""
        return self.closing.resource.name if self.closing else self.agenda.name

    @property
    def empties(self) -> bool:
        """Its agenda receives nobody in that time, whatever else is free."""
        return self.closing_id is None and not self.of_rules

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="replan_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="replan_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="replan_ended_pair",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "dropped"), approved_at__isnull=True)
                | Q(state__in=("approved", "undone"), approved_at__isnull=False),
                name="replan_approved_when",
            ),
            # Two desks see the same.
            models.UniqueConstraint(
                fields=["agenda", "starts_at", "ends_at"], name="one_draft_for_a_day",
                condition=Q(state="draft", closing__isnull=True, of_rules=False),
            ),
            models.UniqueConstraint(
                fields=["closing"], condition=Q(state="draft"), name="one_draft_for_a_closing"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["practice", "created_at"])]


class ReplanLine(Owned):
    """A visit of a replan: where it was, what becomes of it."""

    class Choice(models.TextChoices):
        MOVE = "move", "Déplacer"
        CANCEL = "cancel", "Annuler"
        RECALL = "recall", "À rappeler"
        STAY = "stay", "Laisser"

    replan = models.ForeignKey(Replan, on_delete=models.CASCADE, related_name="lines")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    was_in = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="+")
    was_at = models.DateTimeField()
    # Of the visit, as it was when the draft was made; then as the approval left it.
    version = models.PositiveIntegerField()
    # It could stand where it is, but goes with another that cannot.
    companion = models.BooleanField(default=False)
    choice = models.CharField(max_length=6, choices=Choice.choices, default=Choice.MOVE)
    agenda = models.ForeignKey(
        Agenda, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    # Chosen by hand: looking again leaves it there.
    pinned = models.BooleanField(default=False)
    # So many minutes later for everyone, whatever the closing hour: the practitioner is late.
    shifted = models.BooleanField(default=False)
    # Times refused on the screen, [agenda, moment].
    refused = models.JSONField(default=list, blank=True)
    why = models.CharField(max_length=200, blank=True)
    # What happened since: « 09:40 vient d’être pris ».
    trouble = models.CharField(max_length=300, blank=True)
    # Of the hold that keeps its time.
    sheet = models.UUIDField(default=uuid4)
    done = models.BooleanField(default=False)
    # It was taken back after the patient had heard of it: they must hear of that too.
    heard = models.BooleanField(default=False)
    if TYPE_CHECKING:
        replan_id: int
        appointment_id: int
        was_in_id: int
        agenda_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["replan", "appointment"], name="visit_once_in_a_replan"
            ),
            models.CheckConstraint(
                condition=Q(agenda__isnull=True, starts_at__isnull=True)
                | Q(agenda__isnull=False, starts_at__isnull=False),
                name="replan_line_place_pair",
            ),
        ]
