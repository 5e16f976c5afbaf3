"""Who lives together, and who stands beside whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from secretariat.core.refusal import BadInput, Refusal
from secretariat.patients.actions import keying
from secretariat.patients.actions.registering import may_write
from secretariat.patients.actions.revising import fresh, revise
from secretariat.patients.models import Household, Patient, RelatedPerson
from secretariat.patients.reaching import strict_phone
from secretariat.practice.models import Staff


class NotRelated(Refusal):
    """A patient cannot stand beside themselves."""


@transaction.atomic
def open_household(*, patient: Patient, by: Staff, at: datetime) -> Household:
    """The household of a patient, made if there is none yet.

    Raises:
        ChangedMeanwhile, NotAllowed.
    """
    may_write(by, patient.practice_id)
    current = fresh(patient)
    if current.household is not None:
        return current.household
    household = Household.objects.create(
        practice_id=patient.practice_id, label=f"Foyer {current.shown_name}"
    )
    revise(
        current, current.version, {"household": (None, household)}, by=by, at=at,
        verb="patients.open_household",
    )  # fmt: skip
    return household


@transaction.atomic
def join_household(
    *, patient: Patient, version: int, other: Patient, by: Staff, at: datetime
) -> Patient:
    """Put a patient in the household of another, which is made if need be.

    Raises:
        NotRelated, ChangedMeanwhile, NotAllowed.
    """
    if other.pk == patient.pk:
        raise NotRelated("Choisissez une autre personne du foyer.")
    household = open_household(patient=other, by=by, at=at)
    return _live_in(patient, version, household, verb="patients.join_household", by=by, at=at)


@transaction.atomic
def leave_household(*, patient: Patient, version: int, by: Staff, at: datetime) -> Patient:
    """Take a patient out of the household.

    Raises:
        ChangedMeanwhile, NotAllowed.
    """
    return _live_in(patient, version, None, verb="patients.leave_household", by=by, at=at)


def _live_in(
    patient: Patient,
    version: int,
    household: Household | None,
    *,
    verb: str,
    by: Staff,
    at: datetime,
) -> Patient:
    may_write(by, patient.practice_id)
    current = fresh(patient)
    if current.household == household:
        return current
    left = current.household_id
    change = {"household": (current.household, household)}
    revised = revise(current, version, change, by=by, at=at, verb=verb)
    # Those who stay are no longer found by the phone of the one who left.
    keying.rebuild_households(patient.practice_id, [left] if left else [])
    return revised


@transaction.atomic
def add_related_person(
    *,
    patient: Patient,
    version: int,
    relation: str,
    by: Staff,
    at: datetime,
    person: Patient | None = None,
    name: str = "",
    phone: str = "",
    note: str = "",
) -> Patient:
    """Say who stands beside a patient: a patient of the practice, or a name and a phone.

    Raises:
        NotRelated, BadInput, ChangedMeanwhile, NotAllowed.
    """
    may_write(by, patient.practice_id)
    if relation not in RelatedPerson.Relation.values:
        raise BadInput("Indiquez qui est cette personne pour le patient.")
    if person is not None and person.pk == patient.pk:
        raise NotRelated("Une personne ne peut pas être son propre proche.")
    if person is None and not name.strip():
        raise BadInput("Indiquez le nom de ce proche, ou choisissez un patient.")
    related = RelatedPerson.objects.create(
        practice_id=patient.practice_id, patient=patient, relation=relation, person=person,
        name="" if person else name.strip().replace("\x00", "")[:120],
        phone=strict_phone(phone) if phone.strip() and not person else "",
        note=note.strip().replace("\x00", "")[:200],
    )  # fmt: skip
    return _revised(patient, version, (None, described(related)), by, at)


@transaction.atomic
def remove_related_person(
    *, related_person: RelatedPerson, version: int, by: Staff, at: datetime
) -> Patient:
    """Take someone away from beside a patient; the history keeps it.

    Raises:
        ChangedMeanwhile, NotAllowed.
    """
    may_write(by, related_person.practice_id)
    patient, before = related_person.patient, described(related_person)
    RelatedPerson.objects.filter(pk=related_person.pk).delete()
    return _revised(patient, version, (before, None), by, at)


def described(related: RelatedPerson) -> dict[str, Any]:
    """Someone beside a patient, as the history keeps it."""
    return {
        "relation": related.relation,
        "person": related.person_id,
        "name": related.name or str(related.person or ""),
        "phone": related.phone,
        "note": related.note,
    }


def _revised(
    patient: Patient, version: int, change: tuple[Any, Any], by: Staff, at: datetime
) -> Patient:
    return revise(
        fresh(patient), version, {}, by=by, at=at, verb="patients.related_person",
        parts={"related_person": change},
    )  # fmt: skip
