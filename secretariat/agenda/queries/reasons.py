"""The reasons for a visit, as the settings show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from secretariat.agenda.models import (
    OfferedReason,
    OpeningReason,
    ReasonNeed,
    Resource,
    VisitReason,
)
from secretariat.agenda.queries.documents import counts


@dataclass(frozen=True)
class ReasonRow:
    """A visit reason, the agendas that offer it, and what keeps it from being given."""

    reason: VisitReason
    offered: list[str]
    homeless: bool
    """Reserved to the ranges that name it, and none does."""
    documents: int
    """How many are handed to those who come for it."""


def reasons(practice_id: int) -> list[ReasonRow]:
    """Every reason of a practice, those no longer given last: four statements."""
    offers: dict[int, list[str]] = {}
    found = OfferedReason.objects.filter(practice_id=practice_id, agenda__active=True)
    for reason, name in found.order_by("agenda__position", "agenda__name").values_list(
        "reason_id", "agenda__name"
    ):
        offers.setdefault(reason, []).append(name)
    named = set(
        OpeningReason.objects.filter(practice_id=practice_id).values_list("reason_id", flat=True)
    )
    documents = counts(practice_id)
    every = VisitReason.objects.filter(practice_id=practice_id)
    return [
        ReasonRow(
            reason, offers.get(reason.pk, []), reason.named_only and reason.pk not in named,
            documents.get(reason.pk, 0),
        )
        for reason in every.order_by("-active", "position", "name")
    ]  # fmt: skip


def offers(reason: VisitReason) -> dict[int, tuple[int | None, int | None]]:
    """Own minutes of a reason, usual and first time, by agenda that offers it."""
    found = reason.offers.values_list("agenda_id", "minutes", "first_minutes")
    return {agenda: (minutes, first) for agenda, minutes, first in found}


def needs(reason: VisitReason) -> list[list[int]]:
    """What a reason takes: one resource of each group."""
    groups: dict[int, list[int]] = {}
    for need, resource in ReasonNeed.objects.filter(reason=reason).values_list(
        "need", "resource_id"
    ):
        groups.setdefault(need, []).append(resource)
    return [groups[need] for need in sorted(groups)]


def resources(practice_id: int) -> QuerySet[Resource]:
    """The rooms and equipment in use, with their sites."""
    standing = Resource.objects.filter(practice_id=practice_id, active=True)
    return standing.select_related("site").order_by("site_id", "-kind", "position", "name")


def visit_reasons(practice_id: int) -> QuerySet[VisitReason]:
    """The reasons of a practice."""
    return VisitReason.objects.filter(practice_id=practice_id)
