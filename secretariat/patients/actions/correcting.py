"""Correct a file; what it said before is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction

from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.patients import documents, naming
from secretariat.patients.actions.registering import ZONE, may_write, same_identity
from secretariat.patients.actions.revising import Change, changes_of, fresh, revise
from secretariat.patients.actions.traits import STRICT, Details, strict_columns
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

UNCHECKED: dict[str, Any] = {
    "identity_status": Patient.IdentityStatus.PROVISIONAL,
    "identity_document": "",
    "identity_checked_at": None,
    "identity_checked_by": None,
}
"""An identity that no paper vouches for."""


class NotAnIdentityDocument(BadInput):
    """The paper shown does not prove an identity; the sentence says why."""


@transaction.atomic
def correct(
    *, patient: Patient, version: int, changes: Details, by: Staff, at: datetime
) -> Patient:
    """Correct columns of a file.

    A strict trait of a validated identity makes it provisional again (EXI REC 08).

    Args:
        version: of the file, as the person saw it.
        changes: as typed; columns that do not differ are left out of the history.

    Raises:
        ChangedMeanwhile: another desk was quicker; facts tell the differences.
        BadInput, NotAllowed.
    """
    may_write(by, patient.practice_id)
    current = fresh(patient)
    values = strict_columns(changes, clock.local_date(at, ZONE))
    _agree_on_first_given_name(current, values)
    changed = changes_of(current, values)
    if not changed:
        return current
    loses = STRICT & changed.keys() or values.get("doubtful")
    if loses and current.identity_status != Patient.IdentityStatus.PROVISIONAL:
        changed |= changes_of(current, UNCHECKED)
    if STRICT & changed.keys():
        _mark_homonyms(current, changed)
    return revise(current, version, changed, by=by, at=at, verb="patients.correct")


def _agree_on_first_given_name(current: Patient, values: dict[str, Any]) -> None:
    """The list of given names begins with the first one (EXI ID 10)."""
    if not {"given_names", "first_given_name"} & values.keys():
        return
    names = values.get("given_names", current.given_names)
    values["first_given_name"] = naming.first_given_name(names, values.get("first_given_name", ""))


def _mark_homonyms(current: Patient, changed: dict[str, Change]) -> None:
    """The corrected file may now bear another file's name and birth date: both say so."""
    traits = ("birth_name", "first_given_name", "birth_date")
    row = {name: changed[name][1] if name in changed else getattr(current, name) for name in traits}
    same = [other.pk for other in same_identity(current.practice_id, row) if other.pk != current.pk]
    if same:
        Patient.objects.filter(pk__in=same).update(homonym=True)
        changed |= changes_of(current, {"homonym": True})


@transaction.atomic
def verify_identity(
    *, patient: Patient, version: int, document: str, by: Staff, at: datetime
) -> Patient:
    """Validate an identity with a high-confidence document, seen and never copied.

    Args:
        document: a key of `documents.known()`.

    Raises:
        NotAnIdentityDocument: a Vitale card, a driving licence... with the reason.
        ChangedMeanwhile, NotAllowed.
    """
    may_write(by, patient.practice_id)
    paper = documents.known().get(document)
    if paper is None:
        raise NotAnIdentityDocument("Choisissez la pièce d’identité qui vous a été présentée.")
    if paper.refused_because:
        raise NotAnIdentityDocument(paper.refused_because)
    current = fresh(patient)
    values = {
        "identity_status": Patient.IdentityStatus.VALIDATED,
        "identity_document": paper.label,
        "identity_checked_at": at,
        "identity_checked_by": by.pk,
        "doubtful": False,
    }
    changed = changes_of(current, values)
    return revise(current, version, changed, by=by, at=at, verb="patients.verify_identity")


@transaction.atomic
def record_death(
    *, patient: Patient, version: int, on: date | None, by: Staff, at: datetime
) -> Patient:
    """Write the date of a death, or take it back (`on=None`) when it was a mistake.

    Raises:
        BadInput: in the future, or before the birth.
        ChangedMeanwhile, NotAllowed.
    """
    may_write(by, patient.practice_id)
    current = fresh(patient)
    if on is not None and (on > clock.local_date(at, ZONE) or on < current.birth_date):
        raise BadInput("La date du décès est avant la naissance ou dans le futur.")
    changed = changes_of(current, {"deceased_on": on})
    if not changed:
        return current
    return revise(current, version, changed, by=by, at=at, verb="patients.record_death")
