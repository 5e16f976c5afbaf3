"""The search keys of files, written again whenever a name, a date or a phone changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import connection

from secretariat.patients.models import ContactPoint, Patient, SearchKey
from secretariat.patients.search_keys import Identity, keys

# The keys of a file come as one text, one a line: thirty thousand texts are slow to write out.
_ADD = """
INSERT INTO patients_searchkey (practice_id, patient_id, key)
SELECT %s, file.id, key
FROM unnest(%s::bigint[], %s::text[]) AS file (id, keys), string_to_table(file.keys, E'\n') AS key
"""


def rebuild(practice_id: int, patient_ids: Collection[int]) -> None:
    """Write the keys of these files again; a phone finds everyone of its household."""
    SearchKey.objects.filter(practice_id=practice_id, patient_id__in=patient_ids).delete()
    patients = list(Patient.objects.filter(practice_id=practice_id, pk__in=patient_ids))
    phones = _phones(practice_id, patients)
    add(practice_id, [(patient, phones[patient.pk]) for patient in patients])


def rebuild_household(practice_id: int, patient: Patient) -> None:
    """Write again the keys of `patient` and of everyone who shares the household."""
    if patient.household_id:
        rebuild_households(practice_id, {patient.household_id})
    else:
        rebuild(practice_id, [patient.pk])


def rebuild_households(practice_id: int, household_ids: Iterable[int]) -> None:
    """Write again the keys of everyone in these households."""
    homes = list(household_ids)
    if homes:
        members = Patient.objects.filter(practice_id=practice_id, household_id__in=homes)
        rebuild(practice_id, list(members.values_list("pk", flat=True)))


def add(practice_id: int, patients: Iterable[tuple[Patient, Iterable[str]]]) -> None:
    """Write the keys of files that have none yet, with the phones that find each of them."""
    texts = {patient.pk: "\n".join(keys(identity(patient, phones))) for patient, phones in patients}
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [practice_id, list(texts), list(texts.values())])


def survey() -> None:
    """Tell the planner that the tables grew.

    Without it the foreign keys of a first import are checked by a plan made for an empty
    table, which reads all patients for each key: minutes instead of seconds.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE patients_patient, patients_contactpoint, patients_searchkey")


def identity(patient: Patient, phones: Iterable[str]) -> Identity:
    """The facts of a file that a search may name."""
    return Identity(
        birth_name=patient.birth_name,
        given_names=patient.given_names,
        birth_date=patient.birth_date,
        used_name=patient.used_name,
        used_given_name=patient.used_given_name,
        phones=sorted(set(phones)),
        file_number=patient.file_number,
    )


def _phones(practice_id: int, patients: list[Patient]) -> dict[int, set[str]]:
    """Numbers that find each file: its own, and those of its household."""
    points = ContactPoint.objects.filter(
        practice_id=practice_id, system=ContactPoint.System.PHONE
    ).values_list("patient_id", "patient__household_id", "value")
    homes = {patient.household_id for patient in patients if patient.household_id}
    by_home: dict[int, set[str]] = defaultdict(set)
    for _, home, value in points.filter(patient__household_id__in=homes):
        by_home[home].add(value)
    found: dict[int, set[str]] = defaultdict(set)
    for pk, _, value in points.filter(patient_id__in=[patient.pk for patient in patients]):
        found[pk].add(value)
    for patient in patients:
        if patient.household_id:
            found[patient.pk] |= by_home[patient.household_id]
    return found
