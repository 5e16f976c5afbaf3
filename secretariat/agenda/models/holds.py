from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from secretariat.agenda.models.books import Agenda
from secretariat.practice.models import Owned, Staff

HELD_FOR = timedelta(minutes=5)


class Hold(Owned):
    """A time kept while someone types; expires by itself, whatever happens to their screen."""

    agenda = models.ForeignKey(Agenda, on_delete=models.CASCADE, related_name="holds")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    # The sheet that holds it; holding another time there lets this one go.
    sheet = models.UUIDField()
    expires_at = models.DateTimeField()
    if TYPE_CHECKING:
        agenda_id: int
        staff_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "staff", "sheet"], name="one_hold_a_sheet"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="hold_ends_after_start"
            ),
            # Expired ones are thrown away by whoever holds next.
            ExclusionConstraint(
                name="one_hold_at_a_time",
                expressions=[
                    (
                        Func(F("agenda_id"), F("agenda_id"), Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (Func(F("starts_at"), F("ends_at"), Value("[)"), function="tstzrange"), "&&"),
                ],
            ),
        ]


class Ranking(Owned):
    """What weighs when times are proposed: one row a practice, 0 to 10 each."""

    earliest = models.PositiveSmallIntegerField(default=5)
    usual = models.PositiveSmallIntegerField(default=3)
    compact = models.PositiveSmallIntegerField(default=2)
    balance = models.PositiveSmallIntegerField(default=1)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], name="one_ranking_a_practice"),
            models.CheckConstraint(
                condition=Q(earliest__lte=10, usual__lte=10, compact__lte=10, balance__lte=10),
                name="ranking_0_to_10",
            ),
        ]
