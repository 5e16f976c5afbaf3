"""Reasons that follow each other at one coming: ECG, then the cardiologist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import Protocol, ProtocolStep, VisitReason
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

MOST_STEPS = 6
LONGEST_WAIT = 480


class ProtocolExists(Refusal):
    """Two chains of a practice cannot have the same name."""


class Step(NamedTuple):
    """A reason, and how many minutes after the step before it may begin."""

    reason: VisitReason
    wait_from: int = 0
    wait_to: int = 30


@transaction.atomic
def add_protocol(
    *, name: str, steps: Sequence[Step], by: Staff, at: datetime, position: int = 0
) -> Protocol:
    """Add a chain of two to six reasons.

    Raises:
        ProtocolExists, NotAllowed, BadInput.
    """
    must_rule(by)
    protocol = Protocol(practice_id=by.practice_id, name=name, position=position)
    return _write(protocol, steps, "agenda.add_protocol", by, at)


@transaction.atomic
def change_protocol(
    *,
    protocol: Protocol,
    name: str,
    steps: Sequence[Step],
    by: Staff,
    at: datetime,
    active: bool = True,
) -> Protocol:
    """Change a chain; visits already given stand.

    Raises:
        ProtocolExists, NotAllowed, BadInput.
    """
    must_rule(by)
    current = Protocol.objects.select_for_update().get(
        pk=protocol.pk, practice_id=protocol.practice_id
    )
    current.name, current.active = name, active
    return _write(current, steps, "agenda.change_protocol", by, at)


def _write(
    protocol: Protocol, steps: Sequence[Step], verb: str, by: Staff, at: datetime
) -> Protocol:
    protocol.name = " ".join(protocol.name.split())[:80]
    _refuse_odd(protocol, steps)
    others = Protocol.objects.filter(practice_id=protocol.practice_id, name=protocol.name)
    if others.exclude(pk=protocol.pk).exists():
        raise ProtocolExists(
            f"L’enchaînement « {protocol.name} » existe déjà : rien n’a été écrit."
        )
    protocol.save()
    ProtocolStep.objects.filter(protocol=protocol).delete()
    ProtocolStep.objects.bulk_create(
        ProtocolStep(
            practice_id=protocol.practice_id, protocol=protocol, reason=step.reason,
            position=position, wait_from=step.wait_from, wait_to=step.wait_to,
        )
        for position, step in enumerate(steps, start=1)
    )  # fmt: skip
    daybook.note(
        practice_id=protocol.practice_id, by=by, at=at, verb=verb, subject=protocol,
        name=protocol.name, active=protocol.active, steps=[step.reason.pk for step in steps],
    )  # fmt: skip
    return protocol


def _refuse_odd(protocol: Protocol, steps: Sequence[Step]) -> None:
    if not protocol.name:
        raise BadInput("Donnez un nom à cet enchaînement : « ECG puis cardiologue ».")
    if not 2 <= len(steps) <= MOST_STEPS:
        raise BadInput("Un enchaînement a de deux à six étapes : choisissez au moins deux motifs.")
    for step in steps:
        if not 0 <= step.wait_from <= step.wait_to <= LONGEST_WAIT:
            raise BadInput(
                f"L’attente avant « {step.reason.name} » va du plus court au plus long, "
                "8 heures au plus : corrigez-la."
            )
