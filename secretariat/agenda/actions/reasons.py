"""Why people come: the practice's visit reasons, where each is offered, what each takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction

from secretariat.agenda.actions.reason_limits import in_range, must_be_kept
from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import Agenda, OfferedReason, ReasonNeed, Resource, VisitReason
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


class ReasonExists(Refusal):
    """Two reasons of a practice cannot have the same name."""


class ReasonDetails(TypedDict, total=False):
    """Columns of a reason besides its name and length; see `VisitReason` for what each says."""

    kind: str
    colour: int
    position: int
    mode: str
    first_minutes: int | None
    more_minutes: int
    minutes_before: int
    minutes_after: int
    bookable_by_remote: bool
    bookable_by_patient: bool
    named_only: bool
    referral_only: bool
    age_from: int | None
    age_to: int | None
    patient_notice_hours: int
    patient_horizon_days: int | None
    again_after_days: int | None
    within_days: int | None
    instructions: str
    papers: str
    afterwards: str


class ReasonFacts(ReasonDetails, total=False):
    """What may change in a reason."""

    name: str
    minutes: int
    active: bool


@transaction.atomic
def add_reason(
    *, name: str, minutes: int, by: Staff, at: datetime, **details: Unpack[ReasonDetails]
) -> VisitReason:
    """Add a reason for a visit to the practice of `by`.

    Args:
        minutes: usual length, 5 to 480.

    Raises:
        ReasonExists, NotAllowed, BadInput.
    """
    must_rule(by)
    reason = VisitReason(practice_id=by.practice_id, name=name, minutes=minutes, **details)
    return _write(reason, "agenda.add_reason", by, at)


@transaction.atomic
def change_reason(
    *, reason: VisitReason, by: Staff, at: datetime, **facts: Unpack[ReasonFacts]
) -> VisitReason:
    """Change a reason; what is not said stays. Visits already given keep their own length.

    Raises:
        ReasonExists, NotAllowed, BadInput.
    """
    must_rule(by)
    current = VisitReason.objects.select_for_update().get(
        pk=reason.pk, practice_id=reason.practice_id
    )
    for field, value in facts.items():
        setattr(current, field, value)
    return _write(current, "agenda.change_reason", by, at)


@transaction.atomic
def offer(
    *,
    agenda: Agenda,
    reason: VisitReason,
    by: Staff,
    at: datetime,
    minutes: int | None = None,
    first_minutes: int | None = None,
) -> OfferedReason:
    """Offer a reason in an agenda, with its own lengths there if they differ.

    Raises:
        NotAllowed, BadInput.
    """
    must_rule(by)
    for length in (minutes, first_minutes):
        if length is not None:
            in_range(length)
    offered, _new = OfferedReason.objects.update_or_create(
        agenda=agenda,
        reason=reason,
        defaults={
            "practice_id": agenda.practice_id,
            "minutes": minutes,
            "first_minutes": first_minutes,
        },
    )
    _note(
        reason, "agenda.offer", by, at, agenda=agenda.pk, minutes=minutes,
        first_minutes=first_minutes,
    )  # fmt: skip
    return offered


@transaction.atomic
def withdraw(*, agenda: Agenda, reason: VisitReason, by: Staff, at: datetime) -> None:
    """Offer a reason in an agenda no longer; visits already given stand.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    OfferedReason.objects.filter(agenda=agenda, reason=reason).delete()
    _note(reason, "agenda.withdraw", by, at, agenda=agenda.pk)


@transaction.atomic
def set_needs(
    *, reason: VisitReason, needs: Sequence[Sequence[Resource]], by: Staff, at: datetime
) -> None:
    """Say which rooms and equipment a reason takes: one of each group, instead of those before.

    Raises:
        NotAllowed, BadInput: a room stands in two groups.
    """
    must_rule(by)
    rows = needed(reason, needs)
    ReasonNeed.objects.filter(reason=reason).delete()
    ReasonNeed.objects.bulk_create(rows)
    wanted = [[resource.pk for resource in group] for group in needs if group]
    _note(reason, "agenda.set_needs", by, at, needs=wanted)


def needed(reason: VisitReason, needs: Sequence[Sequence[Resource]]) -> list[ReasonNeed]:
    """The rows, not written, that say which rooms and equipment a reason takes.

    Raises:
        BadInput: a room stands in two groups.
    """
    rows = [
        ReasonNeed(practice_id=reason.practice_id, reason=reason, resource=resource, need=number)
        for number, group in enumerate(filter(None, needs), start=1)
        for resource in group
    ]
    named = [row.resource_id for row in rows]
    for row in rows:
        if named.count(row.resource_id) > 1:
            raise BadInput(
                f"« {row.resource.name} » est coché deux fois : laissez-le dans un seul groupe."
            )
    return rows


def _write(reason: VisitReason, verb: str, by: Staff, at: datetime) -> VisitReason:
    must_be_kept(reason)
    others = VisitReason.objects.filter(practice_id=reason.practice_id, name=reason.name)
    if others.exclude(pk=reason.pk).exists():
        raise ReasonExists(f"Le motif « {reason.name} » existe déjà : rien n’a été écrit.")
    reason.save()
    _note(reason, verb, by, at, name=reason.name, minutes=reason.minutes, active=reason.active)
    return reason


def _note(reason: VisitReason, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(practice_id=reason.practice_id, by=by, at=at, verb=verb, subject=reason, **detail)
