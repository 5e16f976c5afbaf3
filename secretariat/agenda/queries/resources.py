"""Rooms and equipment, as the settings show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from secretariat.agenda.models import Appointment, ReasonNeed, Resource

SHOWN = 30
"""Visits listed in the sheet of a room."""


@dataclass(frozen=True)
class ResourceRow:
    """A room or equipment, which reasons take it, how many visits to come."""

    resource: Resource
    reasons: list[str]
    coming: int


def rows(practice_id: int, at: datetime) -> list[ResourceRow]:
    """Every room and piece of equipment, those out of use last: two statements."""
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
    return [ResourceRow(one, taken.get(one.pk, []), one.coming) for one in ordered]


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
