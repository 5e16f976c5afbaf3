"""Settle what an import held back: the same person or another one, whose visit it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.db import transaction

from secretariat.agenda.actions.attaching import attach_patient, detach_patient
from secretariat.core.refusal import BadInput, Refusal
from secretariat.interop import held
from secretariat.interop.actions.working import must_import
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.interop.queries import decisions
from secretariat.patients.actions import AlreadyThere, add_contact_point, register
from secretariat.patients.actions.traits import Traits
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


class AlreadySettled(Refusal):
    """Another desk settled this line."""


class NothingToSettle(Refusal):
    """The line asks nothing, or not this."""


class NotUndone(Refusal):
    """What was decided cannot be taken back."""


@transaction.atomic
def same_person(
    *, line: ImportLine, patient: Patient, with_points: bool, by: Staff, at: datetime
) -> ImportLine:
    """The line is about somebody already on file; no second file is made, now or later.

    Args:
        with_points: add the telephones and the address of e-mail that the file lacks.

    Raises:
        AlreadySettled, NothingToSettle, NotAllowed, BadInput.
    """
    current = _asked(line, ImportLine.Kind.DUPLICATE, by)
    traits = _traits(current)
    if patient.practice_id != current.practice_id:
        raise BadInput("Choisissez un patient du cabinet.")
    for point in traits.get("contact_points", ()) if with_points else ():
        try:
            with transaction.atomic():
                patient = add_contact_point(
                    patient=patient, version=patient.version, point=point, by=by, at=at
                )
        except AlreadyThere:
            continue
    return _decide(current, "same", by, at, patient_id=patient.pk)


@transaction.atomic
def other_person(*, line: ImportLine, by: Staff, at: datetime) -> ImportLine:
    """The line is about somebody else, in spite of the likeness: make the file.

    Raises:
        AlreadySettled, NothingToSettle, NotAllowed, BadInput.
    """
    current = _asked(line, ImportLine.Kind.DUPLICATE, by)
    traits = cast("dict[str, Any]", _traits(current))
    keys = held.keys_of(current.content)
    free = [key for key in keys if not decisions.key_taken(current.practice_id, key)]
    traits["import_key"] = free[0] if free else ""
    patient = register(
        practice=current.practice, by=by, at=at, despite_duplicates=True,
        **cast("Traits", traits),
    )  # fmt: skip
    return _decide(current, "other", by, at, patient_id=patient.pk)


@transaction.atomic
def later(*, line: ImportLine, by: Staff, at: datetime) -> ImportLine:
    """Put a question at the end of the list.

    Raises:
        AlreadySettled, NothingToSettle, NotAllowed.
    """
    current = _asked(line, None, by)
    current.decision = "later"
    current.save(update_fields=["decision"])
    _note(current, by, at)
    return current


@transaction.atomic
def attach(
    *, line: ImportLine, patient: Patient, alike: bool, by: Staff, at: datetime
) -> list[ImportLine]:
    """Say whose visit it is.

    Args:
        alike: the other visits of the file with the very same title as well.

    Raises:
        AlreadySettled, NothingToSettle, SomeoneElse, AlreadyCancelled, NotAllowed, BadInput.
    """
    current = _asked(line, ImportLine.Kind.UNMATCHED, by)
    lines = [current, *(decisions.alike(current) if alike else ())]
    for one in lines:
        visit = decisions.visit_of(one)
        if visit is None or visit.cancelled_at is not None:
            if one is current:
                raise NothingToSettle("Ce rendez-vous est annulé : il n’y a plus rien à régler.")
            continue
        attach_patient(appointment=visit, patient=patient, by=by, at=at)
        _decide(one, "attached", by, at, patient_id=patient.pk)
    return lines


@transaction.atomic
def no_patient(*, line: ImportLine, alike: bool, by: Staff, at: datetime) -> list[ImportLine]:
    """It is no patient's visit: the time stays taken under its title.

    Raises:
        AlreadySettled, NothingToSettle, NotAllowed.
    """
    current = _asked(line, ImportLine.Kind.UNMATCHED, by)
    lines = [current, *(decisions.alike(current) if alike else ())]
    return [_decide(one, "nobody", by, at) for one in lines]


@transaction.atomic
def reopen(*, line: ImportLine, by: Staff, at: datetime) -> list[ImportLine]:
    """Take a decision back, with those taken in the same gesture.

    Raises:
        NotUndone: a file was made.
    """
    must_import(by, line.practice_id)
    current = ImportLine.objects.select_for_update().get(pk=line.pk, practice_id=line.practice_id)
    if current.decision == "other":
        raise NotUndone("Le dossier a été créé : il ne se défait pas d’ici, ouvrez-le.")
    together = decisions.decided_together(current) if current.decided_at else [current]
    for one in together:
        visit = decisions.visit_of(one) if one.decision == "attached" else None
        if visit is not None and visit.patient_id == one.patient_id:
            detach_patient(appointment=visit, by=by, at=at)
        one.decision, one.decided_at, one.decided_by, one.patient_id = "", None, None, None
        one.save(update_fields=["decision", "decided_at", "decided_by", "patient_id"])
        _note(one, by, at)
    return together


def _asked(line: ImportLine, kind: str | None, by: Staff) -> ImportLine:
    """The line as it is now, held until commit."""
    must_import(by, line.practice_id)
    current = (
        ImportLine.objects.select_for_update(of=("self",))
        .select_related("file", "practice")
        .get(pk=line.pk, practice_id=line.practice_id)
    )
    questions = {ImportLine.Kind.DUPLICATE, ImportLine.Kind.UNMATCHED}
    if current.kind not in ({kind} if kind else questions):
        raise NothingToSettle("Cette ligne ne demande pas cette décision.")
    if current.file.state != ImportFile.State.DONE:
        raise NothingToSettle("Ce fichier n’est pas encore importé : rien n’est à régler.")
    if current.decided_at is not None:
        raise AlreadySettled("Un autre poste a déjà réglé cette ligne : rien n’a été changé.")
    return current


def _traits(line: ImportLine) -> Traits:
    traits = held.traits_of(line.content)
    if traits is None:
        raise NothingToSettle("Cette ligne ne dit rien d’un patient.")
    return traits


def _decide(
    line: ImportLine, decision: str, by: Staff, at: datetime, patient_id: int | None = None
) -> ImportLine:
    line.decision, line.decided_at, line.decided_by = decision, at, by
    line.patient_id = patient_id
    line.save(update_fields=["decision", "decided_at", "decided_by", "patient_id"])
    _note(line, by, at)
    return line


def _note(line: ImportLine, by: Staff, at: datetime) -> None:
    daybook.note(
        practice_id=line.practice_id, by=by, at=at, verb="interop.settle", subject=line,
        patient_id=line.patient_id, decision=line.decision, file=line.file_id,
    )  # fmt: skip
