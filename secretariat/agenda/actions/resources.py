"""Rooms and equipment: what a visit takes besides the practitioner."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import ReasonNeed, Resource, ResourceUse
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Site, Staff
from secretariat.privacy import daybook


class ResourceExists(Refusal):
    """Two rooms of a site cannot have the same name."""


class ResourceTaken(Refusal):
    """Visits to come take it. Facts: count."""


class ResourceNeeded(Refusal):
    """A reason would have nothing left to take. Facts: reasons."""


@transaction.atomic
def add_resource(
    *,
    site: Site,
    name: str,
    by: Staff,
    at: datetime,
    kind: str = Resource.Kind.ROOM,
    accessible: bool = True,
    position: int = 0,
) -> Resource:
    """Add a room or a piece of equipment to a site.

    Args:
        kind: "room" or "equipment".
        accessible: a wheelchair can enter.

    Raises:
        ResourceExists, NotAllowed, BadInput.
    """
    must_rule(by)
    resource = Resource(
        practice_id=site.practice_id, site=site, name=name, kind=kind, accessible=accessible,
        position=position,
    )  # fmt: skip
    return _write(resource, "agenda.add_resource", by, at)


@transaction.atomic
def change_resource(
    *,
    resource: Resource,
    by: Staff,
    at: datetime,
    name: str | None = None,
    kind: str | None = None,
    accessible: bool | None = None,
) -> Resource:
    """Change a room or equipment; what is None stays. It never changes site.

    Raises:
        ResourceExists, NotAllowed, BadInput.
    """
    must_rule(by)
    current = _current(resource)
    wanted = {"name": name, "kind": kind, "accessible": accessible}
    for field, value in wanted.items():
        if value is not None:
            setattr(current, field, value)
    return _write(current, "agenda.change_resource", by, at)


@transaction.atomic
def retire(*, resource: Resource, by: Staff, at: datetime) -> Resource:
    """Take a room out of use: no visit takes it any more; those behind keep its name.

    Raises:
        ResourceTaken, ResourceNeeded, NotAllowed.
    """
    must_rule(by)
    current = _current(resource)
    _refuse_taken(current, at)
    _refuse_needed(current)
    current.active = False
    current.save(update_fields=["active"])
    _note(current, "agenda.retire_resource", by, at)
    return current


@transaction.atomic
def bring_back(*, resource: Resource, by: Staff, at: datetime) -> Resource:
    """Put a room back in use.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    current = _current(resource)
    current.active = True
    current.save(update_fields=["active"])
    _note(current, "agenda.bring_back_resource", by, at)
    return current


def _refuse_taken(resource: Resource, at: datetime) -> None:
    count = ResourceUse.objects.filter(resource=resource, ends_at__gt=at).count()
    if count:
        raise ResourceTaken(
            f"« {resource.name} » est prise par {count} rendez-vous à venir : déplacez-les "
            "d’abord. Rien n’a été changé.",
            count=count,
        )


def _refuse_needed(resource: Resource) -> None:
    """A reason must keep, in each of its groups, something else of that site in use."""
    needs = ReasonNeed.objects.filter(resource=resource, reason__active=True)
    bereft = [
        need.reason.name
        for need in needs.select_related("reason").order_by("reason__name")
        if not ReasonNeed.objects.filter(
            reason_id=need.reason_id,
            need=need.need,
            resource__active=True,
            resource__site_id=resource.site_id,
        )
        .exclude(resource=resource)
        .exists()
    ]
    if bereft:
        raise ResourceNeeded(
            f"Sans « {resource.name} », ce motif ne pourrait plus être donné ici : "
            f"{', '.join(bereft)}. Changez d’abord ce qu’il lui faut. Rien n’a été changé.",
            reasons=bereft,
        )


def _current(resource: Resource) -> Resource:
    rows = Resource.objects.select_for_update(of=("self",)).select_related("site")
    return rows.get(pk=resource.pk, practice_id=resource.practice_id)


def _write(resource: Resource, verb: str, by: Staff, at: datetime) -> Resource:
    resource.name = " ".join(resource.name.split())[:80]
    if not resource.name:
        raise BadInput("Donnez un nom à cette salle ou à ce matériel.")
    if resource.kind not in Resource.Kind.values:
        raise BadInput("Dites si c’est une salle ou du matériel.")
    others = Resource.objects.filter(site_id=resource.site_id, name=resource.name)
    if others.exclude(pk=resource.pk).exists():
        raise ResourceExists(
            f"« {resource.name} » existe déjà à {resource.site.name} : rien n’a été écrit."
        )
    resource.save()
    _note(resource, verb, by, at, name=resource.name, accessible=resource.accessible)
    return resource


def _note(resource: Resource, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(
        practice_id=resource.practice_id, by=by, at=at, verb=verb, subject=resource, **detail
    )
