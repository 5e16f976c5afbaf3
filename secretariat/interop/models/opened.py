from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from secretariat.agenda.models import Agenda, Appointment
from secretariat.practice.models import Owned, Staff


class ApiToken(Owned):
    """Another program's key: it works at a post, within what the token lets it do.

    One row a practice: a key made for two practices has two rows with the same digest. Only the
    digest of the secret is kept; whoever presents the secret sees this row before any practice
    is in view (see the migration's policy), and nothing else.
    """

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, db_index=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    may_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Written once an hour at most.
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        staff_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "digest"], name="api_token_once"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_revoked_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def works_on(self, day: date) -> bool:
        """Whether the post behind the token is open on `day`, its person's login too."""
        return self.staff.on_duty(day) and self.staff.user.is_active


class Feed(Owned):
    """A secret address where another calendar follows an agenda."""

    class Shows(models.TextChoices):
        NOTHING = "nothing", "Rien : « Occupé »"
        INITIALS = "initials", "Les initiales du patient"

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, db_index=True)
    shows = models.CharField(max_length=8, choices=Shows.choices, default=Shows.NOTHING)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        agenda_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agenda"], condition=Q(revoked_at__isnull=True), name="one_feed_an_agenda"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="feed_revoked_pair",
            ),
        ]


class ForeignIdentifier(Owned):
    """What another program calls an appointment of ours.

    It is claimed before the time is given and tied to the appointment in the same transaction:
    of two programs that send the same name at once, the second waits and finds the first's.
    """

    system = models.CharField(max_length=200)
    value = models.CharField(max_length=200)
    appointment = models.ForeignKey(
        Appointment, null=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        appointment_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "system", "value"], name="foreign_identifier_once"
            )
        ]
