from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from secretariat.agenda.models.books import Agenda
from secretariat.agenda.models.reasons import VisitReason
from secretariat.practice.models import Owned, Staff


class Quota(Owned):
    """How an agenda shares its day among reasons, by part of the day.

    `keep`: that many times stay free for its reasons until released; `most`: at most that many
    visits of its reasons; `share`: at most that share of the open minutes, in percent.
    """

    class Kind(models.TextChoices):
        KEEP = "keep", "Garder libres"
        MOST = "most", "Au plus"
        SHARE = "share", "Part au plus"

    class Part(models.TextChoices):
        DAY = "day", "La journée"
        MORNING = "morning", "Le matin"
        AFTERNOON = "afternoon", "L’après-midi"
        EACH_HALF = "half", "Chaque demi-journée"

    class Release(models.TextChoices):
        NEVER = "never", "Jamais"
        SAME_DAY = "day", "Le jour même"
        NOTICE = "notice", "Avant l’heure"

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="quotas")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    part = models.CharField(max_length=9, choices=Part.choices, default=Part.EACH_HALF)
    # One bit a weekday, Monday first: 127 is every day.
    weekdays = models.PositiveSmallIntegerField(default=127)
    amount = models.PositiveSmallIntegerField()
    # Length of a time kept free; 0 for the other kinds.
    minutes = models.PositiveSmallIntegerField(default=0)
    release = models.CharField(max_length=6, choices=Release.choices, default=Release.NEVER)
    release_hours = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=120, blank=True)
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # Who changed it last; its author stays who made it.
    changed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(null=True, blank=True)
    # Up to when the times it gives back were proposed to those who wait.
    released_until = models.DateTimeField(null=True, blank=True)
    if TYPE_CHECKING:
        agenda_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__gte=1, weekdays__lte=127), name="quota_some_weekday"
            ),
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="quota_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="keep", amount__gte=1, amount__lte=50, minutes__gte=5)
                | Q(kind="most", amount__lte=200, minutes=0, release="never")
                | Q(kind="share", amount__lte=100, minutes=0, release="never"),
                name="quota_amounts_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(release="notice", release_hours__gte=1)
                | (~Q(release="notice") & Q(release_hours=0)),
                name="quota_notice_has_hours",
            ),
            models.CheckConstraint(
                condition=Q(changed_at__isnull=True, changed_by__isnull=True)
                | Q(changed_at__isnull=False, changed_by__isnull=False),
                name="quota_changed_pair",
            ),
        ]


class QuotaReason(Owned):
    """A reason that a quota keeps time for, or counts."""

    quota = models.ForeignKey(Quota, on_delete=models.CASCADE, related_name="reasons")
    reason = models.ForeignKey(VisitReason, on_delete=models.CASCADE, related_name="+")
    if TYPE_CHECKING:
        quota_id: int
        reason_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quota", "reason"], name="reason_once_in_a_quota")
        ]
