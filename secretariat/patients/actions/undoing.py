"""Take the last correction of a file back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from secretariat.core.refusal import Refusal
from secretariat.patients.actions import keying
from secretariat.patients.actions.registering import may_write
from secretariat.patients.actions.revising import Change, fresh, revise
from secretariat.patients.models import ContactPoint, Patient, PatientRevision, RelatedPerson
from secretariat.practice.models import Staff


class TooLate(Refusal):
    """The file was corrected again since: nothing can be taken back in one press."""


@transaction.atomic
def undo_correction(*, patient: Patient, version: int, by: Staff, at: datetime) -> Patient:
    """Make a file say again what it said at `version`, if nothing was corrected since.

    Raises:
        TooLate: another correction came after; NotAllowed, ChangedMeanwhile.
    """
    may_write(by, patient.practice_id)
    current = fresh(patient)
    revision = PatientRevision.objects.filter(patient=current, version=version).first()
    if revision is None or current.version != version + 1:
        raise TooLate(
            "Le dossier a été corrigé depuis : cette correction ne s’annule plus d’une touche. "
            "Rien n’a été changé."
        )
    columns: dict[str, Change] = {}
    parts: dict[str, Change] = {}
    for name, (before, after) in revision.changes.items():
        if name in _PARTS:
            _PARTS[name](current, before, after)
            parts[name] = (after, before)
        else:
            columns[name] = (getattr(current, name), _read(name, before))
    left = current.household_id
    undone = revise(
        current, current.version, columns, by=by, at=at, verb="patients.undo", parts=parts
    )
    if "household" in columns and left:
        keying.rebuild_households(current.practice_id, [left])
    return undone


def _read(name: str, kept: Any) -> Any:
    """A value of the history as its column takes it."""
    field = Patient._meta.get_field(name)
    return kept if field.is_relation else field.to_python(kept)  # type: ignore[union-attr]


def _contact_point(patient: Patient, before: dict[str, Any], after: dict[str, Any]) -> None:
    points = ContactPoint.objects.filter(patient=patient)
    if after:
        points = points.filter(system=after["system"], value=after["value"])
    if before and after:
        points.update(**before)
    elif after:
        points.delete()
    else:
        ContactPoint.objects.create(practice_id=patient.practice_id, patient=patient, **before)


def _related_person(patient: Patient, before: dict[str, Any], after: dict[str, Any]) -> None:
    if before:
        row = {**before, "person_id": before["person"]}
        row["name"] = "" if row.pop("person") else row["name"]
        RelatedPerson.objects.create(practice_id=patient.practice_id, patient=patient, **row)
        return
    same = RelatedPerson.objects.filter(
        patient=patient, relation=after["relation"], person_id=after["person"]
    )
    same = same if after["person"] else same.filter(name=after["name"])
    same.filter(pk__in=same.order_by("-pk").values_list("pk", flat=True)[:1]).delete()


_PARTS = {"contact_point": _contact_point, "related_person": _related_person}
