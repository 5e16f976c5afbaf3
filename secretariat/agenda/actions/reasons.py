"""Why people come: the practice's visit reasons, and in which agendas each is offered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import Agenda, OfferedReason, VisitReason
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

SHORTEST_MINUTES, LONGEST_MINUTES = 5, 480


class ReasonExists(Refusal):
    """Two reasons of a practice cannot have the same name."""


@transaction.atomic
def add_reason(
    *,
    name: str,
    minutes: int,
    by: Staff,
    at: datetime,
    colour: int = 1,
    kind: str = VisitReason.Kind.FOLLOW_UP,
    bookable_by_remote: bool = True,
    bookable_by_patient: bool = False,
    instructions: str = "",
    position: int = 0,
) -> VisitReason:
    """Add a reason for a visit to the practice of `by`.

    Args:
        minutes: usual length, 5 to 480.
        colour: 1 to 8.
        kind: one of `VisitReason.Kind`.
        instructions: what to tell the patient.

    Raises:
        ReasonExists, NotAllowed, BadInput.
    """
    must_rule(by)
    reason = VisitReason(
        practice_id=by.practice_id,
        name=name,
        minutes=minutes,
        colour=colour,
        kind=kind,
        bookable_by_remote=bookable_by_remote,
        bookable_by_patient=bookable_by_patient,
        instructions=instructions,
        position=position,
    )
    return _write(reason, "agenda.add_reason", by, at)


@transaction.atomic
def change_reason(
    *,
    reason: VisitReason,
    by: Staff,
    at: datetime,
    name: str | None = None,
    minutes: int | None = None,
    colour: int | None = None,
    kind: str | None = None,
    bookable_by_remote: bool | None = None,
    bookable_by_patient: bool | None = None,
    instructions: str | None = None,
    active: bool | None = None,
    position: int | None = None,
) -> VisitReason:
    """Change a reason; what is None stays. Visits already given keep their own length.

    Raises:
        ReasonExists, NotAllowed, BadInput.
    """
    must_rule(by)
    current = VisitReason.objects.select_for_update().get(
        pk=reason.pk, practice_id=reason.practice_id
    )
    wanted: dict[str, Any] = {
        "name": name,
        "minutes": minutes,
        "colour": colour,
        "kind": kind,
        "bookable_by_remote": bookable_by_remote,
        "bookable_by_patient": bookable_by_patient,
        "instructions": instructions,
        "active": active,
        "position": position,
    }
    for field, value in wanted.items():
        if value is not None:
            setattr(current, field, value)
    return _write(current, "agenda.change_reason", by, at)


@transaction.atomic
def offer(
    *, agenda: Agenda, reason: VisitReason, by: Staff, at: datetime, minutes: int | None = None
) -> OfferedReason:
    """Offer a reason in an agenda, with its own length there if it differs.

    Raises:
        NotAllowed, BadInput.
    """
    must_rule(by)
    if minutes is not None:
        _in_range(minutes)
    offered, _new = OfferedReason.objects.update_or_create(
        agenda=agenda,
        reason=reason,
        defaults={"practice_id": agenda.practice_id, "minutes": minutes},
    )
    _note(reason, "agenda.offer", by, at, agenda=agenda.pk, minutes=minutes)
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


def _write(reason: VisitReason, verb: str, by: Staff, at: datetime) -> VisitReason:
    reason.name = " ".join(reason.name.split())[:80]
    reason.instructions = reason.instructions.strip()[:2000]
    if not reason.name:
        raise BadInput("Donnez un nom à ce motif.")
    _in_range(reason.minutes)
    if reason.colour not in range(1, 9):
        raise BadInput("Choisissez une des huit couleurs.")
    if reason.kind not in VisitReason.Kind.values:
        raise BadInput("Choisissez la sorte de visite.")
    others = VisitReason.objects.filter(practice_id=reason.practice_id, name=reason.name)
    if others.exclude(pk=reason.pk).exists():
        raise ReasonExists(f"Le motif « {reason.name} » existe déjà : rien n’a été écrit.")
    reason.save()
    _note(reason, verb, by, at, name=reason.name, minutes=reason.minutes, active=reason.active)
    return reason


def _in_range(minutes: int) -> None:
    if not SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES:
        raise BadInput("Un motif dure de 5 minutes à 8 heures : corrigez la durée.")


def _note(reason: VisitReason, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(practice_id=reason.practice_id, by=by, at=at, verb=verb, subject=reason, **detail)
