"""Make a patient's file, after having searched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Unpack

from django.db import transaction

from secretariat.core import clock
from secretariat.core.refusal import NotAllowed, Refusal
from secretariat.patients import naming
from secretariat.patients.actions import keying, numbering
from secretariat.patients.actions.traits import NewContactPoint, Traits, strict_point, strict_row
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Practice, Staff
from secretariat.privacy import daybook

ZONE = "Europe/Paris"
"""Where births are dated when a practice's site says nothing else."""


class LikelyDuplicate(Refusal):
    """The practice has a file with the same strict traits. Facts: candidates (patients)."""


@transaction.atomic
def register(
    *,
    practice: Practice,
    by: Staff,
    at: datetime,
    despite_duplicates: bool = False,
    **traits: Unpack[Traits],
) -> Patient:
    """Make a file.

    Args:
        despite_duplicates: another person with the same name and birth date, knowingly; both
            files are then marked as homonyms.
        traits: names as typed; see `Traits`.

    Raises:
        LikelyDuplicate: same birth name, first given name and birth date.
        BadInput: a trait cannot be kept (NameRefused, NumberRefused...).
        NotAllowed: the post does not hold `patients.write`.
    """
    may_write(by, practice.pk)
    row = strict_row(traits, clock.local_date(at, ZONE))
    number = numbering.take(practice.pk)
    same = same_identity(practice.pk, row)
    if same and not despite_duplicates:
        raise LikelyDuplicate(_already(same[0]), candidates=same)
    patient = Patient(
        practice=practice, file_number=number, created_at=at, created_by=by.pk,
        **{**row, "homonym": bool(same) or row.get("homonym", False)},
    )  # fmt: skip
    patient.save(force_insert=True)
    Patient.objects.filter(pk__in=[other.pk for other in same]).update(homonym=True)
    points = points_of(patient, traits.get("contact_points", ()))
    ContactPoint.objects.bulk_create(points)
    keying.rebuild_household(practice.pk, patient)
    daybook.note(
        practice_id=practice.pk,
        by=by,
        at=at,
        verb="patients.register",
        subject=patient,
        patient_id=patient.pk,
        file_number=number,
        homonyms=[other.pk for other in same],
    )
    return patient


def may_write(by: Staff, practice_id: int, permission: str = "patients.write") -> None:
    """Refuse a post that may not write in this practice's files.

    Raises:
        NotAllowed: another practice's post, or one without the permission.
    """
    if by.practice_id != practice_id or not by.may(permission):
        raise NotAllowed("Votre rôle ne permet pas de créer ni de corriger les dossiers.")


def same_identity(practice_id: int, row: dict[str, Any]) -> list[Patient]:
    """Files of the practice with these strict traits."""
    return list(
        Patient.objects.filter(
            practice_id=practice_id,
            birth_date=row["birth_date"],
            birth_name=row["birth_name"],
            first_given_name=row["first_given_name"],
        ).order_by("file_number")
    )


def points_of(patient: Patient, given: Iterable[NewContactPoint]) -> list[ContactPoint]:
    """The rows of contact points not yet written, in their order, each once."""
    strict = list({(p.system, p.value): p for p in map(strict_point, given)}.values())
    return [
        ContactPoint(
            practice_id=patient.practice_id, patient=patient, rank=rank, system=point.system,
            use=point.use, value=point.value, holder=point.holder,
            accepts_calls=point.accepts_calls, accepts_messages=point.accepts_messages,
        )
        for rank, point in enumerate(strict, 1)
    ]  # fmt: skip


def _already(other: Patient) -> str:
    name = naming.full_name(
        other.birth_name, other.first_given_name, other.used_name, sex=other.sex
    )
    born = "née" if other.sex == "F" else "né"
    return (
        f"{name}, {born} le {other.birth_date:%d/%m/%Y}, a déjà le dossier n° {other.file_number}. "
        "Rien n’a été créé : ouvrez ce dossier, ou confirmez que c’est une autre personne."
    )
