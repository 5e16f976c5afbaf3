"""The one way to change a file: version checked in the UPDATE, what it said before kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models

from secretariat.core.refusal import Refusal
from secretariat.patients.actions import keying
from secretariat.patients.models import Patient, PatientRevision
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

FOUND_BY = frozenset(
    {"birth_name", "given_names", "first_given_name", "birth_date", "used_name", "used_given_name"}
    | {"household", "contact_point"}
)
"""What a search reads: the keys are written again when one of these changes."""

Change = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field on which two desks disagree; plain values, see `plain`."""

    field: str
    before: Any
    theirs: Any
    yours: Any


class ChangedMeanwhile(Refusal):
    """Another desk corrected this file first. Facts: patient (as it is now), differences."""


def plain(value: Any) -> Any:
    """A value as the history keeps it, in JSON: dates in ISO form, rows by their key."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value


def fresh(patient: Patient) -> Patient:
    """The file as it is now."""
    return Patient.objects.select_related("household", "usual_practitioner").get(
        pk=patient.pk, practice_id=patient.practice_id
    )


def changes_of(current: Patient, values: Mapping[str, Any]) -> dict[str, Change]:
    """Columns that would really change: before and after."""
    pairs = {name: (getattr(current, name), value) for name, value in values.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def revise(
    current: Patient,
    version: int,
    columns: Mapping[str, Change],
    *,
    by: Staff,
    at: datetime,
    verb: str,
    parts: Mapping[str, Change] | None = None,
) -> Patient:
    """Write `columns` of a file that the person saw at `version`, and keep what they said before.

    Args:
        current: the file as just read.
        parts: changes of rows around the file (a contact point), for its history.

    Raises:
        ChangedMeanwhile: the file has another version; nothing is written.
    """
    after = {name: value for name, (_, value) in columns.items()}
    mine = Patient.objects.filter(pk=current.pk, practice_id=current.practice_id, version=version)
    if not mine.update(**after, version=version + 1):
        raise changed_meanwhile(current, version, after)
    told = {**columns, **(parts or {})}
    PatientRevision.objects.create(
        practice_id=current.practice_id, patient=current, version=version, at=at,
        by_name=by.display_name,
        changes={name: [plain(before), plain(now)] for name, (before, now) in told.items()},
    )  # fmt: skip
    revised = fresh(current)
    if FOUND_BY & told.keys():
        keying.rebuild_household(current.practice_id, revised)
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb=verb, subject=current,
        patient_id=current.pk, version=version, fields=sorted(told),
    )  # fmt: skip
    return revised


def changed_meanwhile(
    current: Patient, version: int, wanted: Mapping[str, Any]
) -> ChangedMeanwhile:
    """The refusal of the second writer, with what the first one changed."""
    now = fresh(current)
    return ChangedMeanwhile(
        f"Le dossier de {now} vient d’être corrigé à un autre poste : rien n’a été écrasé. "
        "Voici ce qui diffère.",
        patient=now,
        differences=differences(now, version, wanted),
    )


def differences(now: Patient, version: int, wanted: Mapping[str, Any]) -> list[Difference]:
    """What was changed since `version`, beside what this person wanted to write."""
    since = PatientRevision.objects.filter(patient=now, version__gte=version).order_by("version")
    first_said: dict[str, Any] = {}
    last_said: dict[str, Any] = {}
    for revision in since:
        for field, (before, after) in revision.changes.items():
            first_said.setdefault(field, before)
            last_said[field] = after
    mine = {name: plain(value) for name, value in wanted.items()}
    own = {name for name, value in mine.items() if value != plain(getattr(now, name))}
    fields = sorted(last_said.keys() | own, key=[*last_said, *sorted(own)].index)
    return [
        Difference(
            field=field,
            before=first_said.get(field, plain(getattr(now, field, None))),
            theirs=last_said.get(field, plain(getattr(now, field, None))),
            yours=mine.get(field),
        )
        for field in fields
    ]
