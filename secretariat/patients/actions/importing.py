"""Make the files of another software's export, many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from secretariat.core import clock
from secretariat.patients.actions import keying, numbering
from secretariat.patients.actions.registering import ZONE, may_write, points_of
from secretariat.patients.actions.traits import Traits, strict_row
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Practice, Staff
from secretariat.privacy import daybook

CHUNK = 1000
"""Files written together; memory holds two chunks at most."""


@transaction.atomic
def register_many(
    *,
    practice: Practice,
    files: Iterable[Traits],
    source: str,
    by: Staff,
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
    numbers: Iterable[int] = (),
) -> list[int]:
    """Make many files in one transaction, with one line in the day book.

    Likely duplicates and repeated imports are the caller's to hold (see `same_people`,
    `import_key`): here every line makes a file.

    Args:
        files: may be a generator, read once and never kept.
        source: the imported file's name, for the day book.
        progress: called with the number of files made so far.
        numbers: file numbers taken before this transaction, so that other desks may go on
            registering while a long file comes in; more are taken at need.

    Returns:
        The primary keys, in the order of `files`.

    Raises:
        BadInput: a line cannot be kept; nothing is written at all.
        NotAllowed: the post does not hold `patients.import`.
    """
    may_write(by, practice.pk, "patients.import")
    today = clock.local_date(at, ZONE)
    made: list[int] = []
    reserved = iter(numbers)
    for chunk in _chunks(files):
        given = _numbers(practice.pk, reserved, len(chunk))
        made += _write(practice, chunk, given, today=today, by=by, at=at)
        progress(len(made))
    keying.survey()
    daybook.note(
        practice_id=practice.pk, by=by, at=at, verb="patients.import", source=source[:120],
        files=len(made),
    )  # fmt: skip
    return made


def _chunks(files: Iterable[Traits]) -> Iterator[list[Traits]]:
    lines = iter(files)
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def _numbers(practice_id: int, reserved: Iterator[int], how_many: int) -> list[int]:
    """Numbers for a chunk: those reserved, then the next ones."""
    given = list(islice(reserved, how_many))
    if missing := how_many - len(given):
        first = numbering.take(practice_id, missing)
        given += range(first, first + missing)
    return given


def _write(
    practice: Practice,
    chunk: list[Traits],
    numbers: list[int],
    *,
    today: date,
    by: Staff,
    at: datetime,
) -> list[int]:
    rows = [strict_row(traits, today) for traits in chunk]
    patients = Patient.objects.bulk_create(
        Patient(practice=practice, file_number=number, created_at=at, created_by=by.pk, **row)
        for number, row in zip(numbers, rows, strict=True)
    )
    points = [
        points_of(patient, traits.get("contact_points", ()))
        for patient, traits in zip(patients, chunk, strict=True)
    ]
    ContactPoint.objects.bulk_create(point for of_one in points for point in of_one)
    keying.add(
        practice.pk,
        [
            (patient, [p.value for p in of_one if p.system == ContactPoint.System.PHONE])
            for patient, of_one in zip(patients, points, strict=True)
            if not patient.household_id
        ],
    )
    keying.rebuild_households(practice.pk, {p.household_id for p in patients if p.household_id})
    return [patient.pk for patient in patients]
