"""What a file said before, and where two desks differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from secretariat.patients import said
from secretariat.patients.actions import Difference
from secretariat.patients.models import Household, Patient, PatientRevision
from secretariat.practice.models import Practitioner


@dataclass(frozen=True, slots=True)
class Told:
    """One change of a correction, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of a file; `undoable` for the last one."""

    at: datetime
    by: str
    version: int
    changes: list[Told]
    undoable: bool


def corrections(patient: Patient) -> list[Correction]:
    """What the file said before, the latest first."""
    kept = list(PatientRevision.objects.filter(patient=patient).order_by("-version"))
    names = _names(patient.practice_id, kept)
    return [
        Correction(
            at=revision.at,
            by=revision.by_name,
            version=revision.version,
            changes=told(revision.changes, names),
            undoable=revision.version + 1 == patient.version,
        )
        for revision in kept
    ]


def seen(patient: Patient, version: int) -> dict[str, Any]:
    """The columns as a person saw them at `version`: what is typed is compared with that."""
    columns = {field.name: getattr(patient, field.name) for field in Patient._meta.fields}
    later = PatientRevision.objects.filter(patient=patient, version__gte=version)
    for revision in later.order_by("-version"):
        for name, (before, _) in revision.changes.items():
            if name in columns:
                field = Patient._meta.get_field(name)
                columns[name] = before if field.is_relation else field.to_python(before)  # type: ignore[union-attr]
    return columns


def told(changes: dict[str, list[Any]], names: dict[str, dict[int, str]]) -> list[Told]:
    """A correction's changes in words."""
    return [
        Told(
            said.label(field),
            said.kept_value(field, before, names),
            said.kept_value(field, after, names),
        )
        for field, (before, after) in sorted(changes.items(), key=lambda one: said.place(one[0]))
        if field not in said.HIDDEN
    ]


def _names(practice_id: int, kept: list[PatientRevision]) -> dict[str, dict[int, str]]:
    """What the keys in a history are called."""
    pairs = [pair for revision in kept for pair in revision.changes.items()]
    return names_of(practice_id, pairs)


def names_of(
    practice_id: int, values: Iterable[tuple[str, Iterable[Any]]]
) -> dict[str, dict[int, str]]:
    """The names behind the keys among these values: {"household": {7: "Foyer KELLER"}}."""
    wanted: dict[str, set[int]] = {"household": set(), "usual_practitioner": set()}
    for field, pair in values:
        if field in wanted:
            wanted[field] |= {value for value in pair if value is not None}
    homes = Household.objects.filter(practice_id=practice_id, pk__in=wanted["household"])
    doctors = Practitioner.objects.filter(
        practice_id=practice_id, pk__in=wanted["usual_practitioner"]
    )
    return {
        "household": dict(homes.values_list("pk", "label")) if wanted["household"] else {},
        "usual_practitioner": {doctor.pk: str(doctor) for doctor in doctors},
    }


@dataclass(frozen=True, slots=True)
class Differing:
    """One field on which two desks disagree, in words; `yours` is "" when you did not touch it."""

    label: str
    before: str
    theirs: str
    yours: str


def shown(practice_id: int, differences: Sequence[Difference]) -> list[Differing]:
    """What differs between two desks, in words."""
    names = names_of(practice_id, ((d.field, (d.before, d.theirs, d.yours)) for d in differences))
    return [
        Differing(
            said.label(one.field),
            said.kept_value(one.field, one.before, names),
            said.kept_value(one.field, one.theirs, names),
            "" if one.yours is None else said.kept_value(one.field, one.yours, names),
        )
        for one in sorted(differences, key=lambda one: said.place(one.field))
        if one.field not in said.HIDDEN
    ]
