from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from secretariat.practice.models import Owned, Practitioner, Site, Staff


class Agenda(Owned):
    """The appointment book of one practitioner at one site (FHIR Schedule)."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    colour = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    if TYPE_CHECKING:
        practitioner_id: int
        site_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "site"], name="one_agenda_per_place")
        ]

    def __str__(self) -> str:
        return self.name


class Replacement(Owned):
    """A locum holds the agenda from one day to another, within limits of their own."""

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="replacements")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField()
    most_per_half_day = models.PositiveSmallIntegerField(null=True, blank=True)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    if TYPE_CHECKING:
        agenda_id: int
        practitioner_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__gte=F("from_date")), name="replacement_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="replacement_cancelled_pair",
            ),
            ExclusionConstraint(
                name="one_locum_at_a_time",
                expressions=[
                    (
                        Func(F("agenda_id"), F("agenda_id"), Value("[]"), function="int8range"),
                        "&&",
                    ),
                    (Func(F("from_date"), F("to_date"), Value("[]"), function="daterange"), "&&"),
                ],
                condition=Q(cancelled_at__isnull=True),
            ),
        ]


class Travel(Owned):
    """Minutes that a practitioner needs from one site to another, either way."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    if TYPE_CHECKING:
        site_id: int
        other_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "site", "other"], name="travel_once"),
            # Either way is the same road: it is written once, the older site first.
            models.CheckConstraint(condition=Q(site__lt=F("other")), name="travel_older_first"),
            models.CheckConstraint(condition=Q(minutes__lte=480), name="travel_at_most_8_h"),
        ]
