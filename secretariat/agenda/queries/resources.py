"""Rooms and equipment, as the settings show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import (
    Appointment,
    ReasonNeed,
    Resource,
    ResourceClosing,
    ResourceUse,
)
from secretariat.agenda.rule_words import away_words

SHOWN = 30
"""Visits listed in the sheet of a room."""


@dataclass(frozen=True)
class ResourceRow:
    """A room or equipment, which reasons take it, how many visits to come, its next closing."""

    resource: Resource
    reasons: list[str]
    coming: int
    closed: str = ""


@dataclass(frozen=True)
class ClosingRow:
    """A closing in words, and how many visits take the room meanwhile."""

    closing: ResourceClosing
    words: str
    hit: int


def rows(practice_id: int, at: datetime) -> list[ResourceRow]:
    """Every room and piece of equipment, those out of use last: three statements."""
    closed: dict[int, str] = {}
    shut = closings_of(practice_id).filter(ends_at__gt=at, cancelled_at__isnull=True)
    for one in shut.order_by("starts_at"):
        closed.setdefault(one.resource_id, closing_words(one))
    taken: dict[int, list[str]] = {}
    needs = ReasonNeed.objects.filter(practice_id=practice_id, reason__active=True)
    for resource, name in needs.order_by("reason__name").values_list("resource_id", "reason__name"):
        taken.setdefault(resource, []).append(name)
    found = (
        resources_of(practice_id)
        .annotate(coming=Count("uses", filter=Q(uses__ends_at__gt=at)))
        .order_by("-active", "site_id", "kind", "position", "name")
    )
    # The kind comes after the site: « room » after « equipment », so it is read backwards.
    ordered = sorted(found, key=lambda one: (not one.active, one.site_id, one.kind != "room"))
    return [
        ResourceRow(one, taken.get(one.pk, []), one.coming, closed.get(one.pk, ""))
        for one in ordered
    ]


def closings_of(practice_id: int) -> QuerySet[ResourceClosing]:
    """The closings of a practice's rooms."""
    known = ResourceClosing.objects.filter(practice_id=practice_id)
    return known.select_related("resource__site", "author")


def closings(resource: Resource, at: datetime) -> list[ClosingRow]:
    """The closings not yet over, with the visits hit by each: two statements."""
    standing = closings_of(resource.practice_id).filter(
        resource=resource, ends_at__gt=at, cancelled_at__isnull=True
    )
    found = list(standing.order_by("starts_at"))
    if not found:
        return []
    spans = list(
        ResourceUse.objects.filter(
            practice_id=resource.practice_id, resource=resource,
            ends_at__gt=found[0].starts_at, starts_at__lt=max(one.ends_at for one in found),
        ).values_list("starts_at", "ends_at")
    )  # fmt: skip
    return [
        ClosingRow(
            one, closing_words(one),
            sum(start < one.ends_at and end > one.starts_at for start, end in spans),
        )
        for one in found
    ]  # fmt: skip


def closing_words(closing: ResourceClosing) -> str:
    """« du mercredi 25 au jeudi 26 novembre 2026 », with the hours unless whole days."""
    zone = closing.resource.site.time_zone
    return away_words(minute_of(closing.starts_at), minute_of(closing.ends_at, up=True), zone)


def resources_of(practice_id: int) -> QuerySet[Resource]:
    """The rooms and equipment of a practice, with their sites."""
    return Resource.objects.filter(practice_id=practice_id).select_related("site")


def visits_taking(resource: Resource, at: datetime) -> list[Appointment]:
    """The next visits that take a room, soonest first."""
    found = Appointment.objects.filter(
        practice_id=resource.practice_id,
        resources_used__resource=resource,
        resources_used__ends_at__gt=at,
        cancelled_at__isnull=True,
    )
    return list(found.select_related("patient", "agenda", "reason").order_by("starts_at")[:SHOWN])
