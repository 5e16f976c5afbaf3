from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from secretariat.agenda.models.appointments import Appointment
from secretariat.agenda.models.reasons import VisitReason
from secretariat.practice.models import Owned, Site, Staff


class Resource(Owned):
    """A room or a piece of equipment that a visit may need: one visit at a time."""

    class Kind(models.TextChoices):
        ROOM = "room", "Salle"
        EQUIPMENT = "equipment", "Matériel"

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ROOM)
    # A wheelchair can enter.
    accessible = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    if TYPE_CHECKING:
        site_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "site", "name"], name="resource_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class ResourceClosing(Owned):
    """A room is closed, or equipment out of order: nothing takes it, visits given stay."""

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="closings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    label = models.CharField(max_length=120, blank=True)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        resource_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="closing_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="closing_cancelled_pair",
            ),
        ]
        indexes = [models.Index(fields=["practice", "resource", "starts_at"])]


class ReasonNeed(Owned):
    """What a reason takes besides the practitioner. Same `need`: one of these will do."""

    reason = models.ForeignKey(VisitReason, on_delete=models.CASCADE, related_name="needs")
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    need = models.PositiveSmallIntegerField(default=1)
    if TYPE_CHECKING:
        reason_id: int
        resource_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reason", "resource"], name="resource_needed_once")
        ]


class ResourceUse(Owned):
    """A room or equipment taken by a visit, from its preparation to its cleaning."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="resources_used"
    )
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="uses")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    if TYPE_CHECKING:
        appointment_id: int
        resource_id: int

    class Meta:
        constraints = [
            # Kept only while the visit stands: cancelling or moving gives the room back.
            ExclusionConstraint(
                name="no_resource_twice",
                expressions=[
                    (
                        Func(F("resource_id"), F("resource_id"), Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (Func(F("starts_at"), F("ends_at"), Value("[)"), function="tstzrange"), "&&"),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="resource_use_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["appointment", "resource"], name="resource_used_once_in_a_visit"
            ),
        ]
        indexes = [models.Index(fields=["practice", "resource", "starts_at"])]
