"""Ways to reach someone: what each is for, and what it may be used for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from secretariat.core.refusal import Refusal
from secretariat.patients.actions.registering import may_write
from secretariat.patients.actions.revising import fresh, revise
from secretariat.patients.actions.traits import NewContactPoint, strict_point
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Staff


class AlreadyThere(Refusal):
    """The file holds this number or address already."""


@transaction.atomic
def add_contact_point(
    *, patient: Patient, version: int, point: NewContactPoint, by: Staff, at: datetime
) -> Patient:
    """Add a way to reach someone, after the others.

    Raises:
        AlreadyThere, ChangedMeanwhile, BadInput, NotAllowed.
    """
    may_write(by, patient.practice_id)
    strict = strict_point(point)
    _refuse_twice(patient, strict)
    last = patient.contact_points.aggregate(last=Max("rank"))["last"] or 0
    ContactPoint.objects.create(
        practice_id=patient.practice_id, patient=patient, rank=last + 1, **asdict(strict)
    )
    return _revised(patient, version, (None, asdict(strict)), by, at)


@transaction.atomic
def change_contact_point(
    *, contact_point: ContactPoint, version: int, point: NewContactPoint, by: Staff, at: datetime
) -> Patient:
    """Correct a way to reach someone, its use or its consents.

    Args:
        version: of the file.

    Raises:
        AlreadyThere, ChangedMeanwhile, BadInput, NotAllowed.
    """
    may_write(by, contact_point.practice_id)
    strict = strict_point(point)
    _refuse_twice(contact_point.patient, strict, but=contact_point.pk)
    before, after = described(contact_point), asdict(strict)
    if before == after:
        return contact_point.patient
    ContactPoint.objects.filter(pk=contact_point.pk).update(**after)
    return _revised(contact_point.patient, version, (before, after), by, at)


@transaction.atomic
def remove_contact_point(
    *, contact_point: ContactPoint, version: int, by: Staff, at: datetime
) -> Patient:
    """Take a way to reach someone away; the history keeps it.

    Raises:
        ChangedMeanwhile, NotAllowed.
    """
    may_write(by, contact_point.practice_id)
    patient, before = contact_point.patient, described(contact_point)
    ContactPoint.objects.filter(pk=contact_point.pk).delete()
    return _revised(patient, version, (before, None), by, at)


def described(contact_point: ContactPoint) -> dict[str, Any]:
    """A contact point as the history keeps it."""
    fields = ("value", "system", "use", "holder", "accepts_calls", "accepts_messages")
    return {name: getattr(contact_point, name) for name in fields}


def _refuse_twice(patient: Patient, point: NewContactPoint, but: int | None = None) -> None:
    same = patient.contact_points.filter(system=point.system, value=point.value)
    if any(pk != but for pk in same.values_list("pk", flat=True)):
        raise AlreadyThere("Cette coordonnée est déjà dans le dossier : rien n’a été ajouté.")


def _revised(
    patient: Patient, version: int, change: tuple[Any, Any], by: Staff, at: datetime
) -> Patient:
    return revise(
        fresh(patient), version, {}, by=by, at=at, verb="patients.contact",
        parts={"contact_point": change},
    )  # fmt: skip
