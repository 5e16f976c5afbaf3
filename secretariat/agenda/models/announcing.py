from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from secretariat.agenda.models.reasons import VisitReason
from secretariat.practice.models import Owned, Staff


class Announcing(Owned):
    """What a practice tells about visits, and what patients may do by a link."""

    # A visit given is confirmed by a message.
    confirm = models.BooleanField(default=True)
    # By the link of a message, until so many hours before.
    cancel_hours = models.PositiveSmallIntegerField(default=24)
    # They may take another free time themselves; otherwise they ask for it.
    patients_move = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], name="one_announcing_per_practice"),
            models.CheckConstraint(
                condition=Q(cancel_hours__lte=24 * 30), name="cancel_at_most_30_days_before"
            ),
        ]


class Reminder(Owned):
    """When visits are reminded: so many days before at an hour, or so many hours before.

    A reason that has reminders of its own follows these alone; one with none to send has a
    row that says so (`silent`).
    """

    reason = models.ForeignKey(
        VisitReason, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    days_before = models.PositiveSmallIntegerField(null=True, blank=True)
    at_time = models.TimeField(null=True, blank=True)
    hours_before = models.PositiveSmallIntegerField(null=True, blank=True)
    silent = models.BooleanField(default=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    if TYPE_CHECKING:
        reason_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(silent=True, days_before=None, at_time=None, hours_before=None)
                & Q(reason__isnull=False)
                # A range is true of nothing, in SQL: what must be there is said to be there.
                | Q(silent=False, days_before__isnull=False, days_before__range=(1, 60))
                & Q(at_time__isnull=False, hours_before=None)
                | Q(silent=False, hours_before__isnull=False, hours_before__range=(1, 72))
                & Q(days_before=None, at_time=None),
                name="reminder_days_or_hours",
            ),
            models.UniqueConstraint(
                fields=["practice", "reason", "days_before", "at_time", "hours_before"],
                name="reminder_once",
                nulls_distinct=False,
            ),
        ]
