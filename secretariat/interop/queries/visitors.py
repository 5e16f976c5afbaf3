"""Patients whom the entries of a calendar may mean, and what was imported before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TypeVar

from secretariat.agenda.models import Absence, Agenda, Appointment, VisitReason
from secretariat.interop.models import ImportedEvent, ImportLine
from secretariat.interop.recognising import Visitor, letters
from secretariat.patients.models import ContactPoint, Patient

T = TypeVar("T")
PAGE = 500


class Visitors:
    """Everybody who has one of the birth dates or telephones that a calendar tells."""

    def __init__(self, practice_id: int, births: Collection[date], phones: Collection[str]) -> None:
        self._by_birth: dict[date, list[Visitor]] = defaultdict(list)
        self._by_phone: dict[str, list[Visitor]] = defaultdict(list)
        for visitor in _visitors(practice_id, births, phones):
            self._by_birth[visitor.birth_date].append(visitor)
            for phone in visitor.phones:
                self._by_phone[phone].append(visitor)

    def of(self, birth_date: date | None, phones: Iterable[str]) -> list[Visitor]:
        """Those who have the birth date, or one of the telephones."""
        found = {one.pk: one for phone in phones for one in self._by_phone.get(phone, ())}
        if birth_date:
            found |= {one.pk: one for one in self._by_birth.get(birth_date, ())}
        return list(found.values())


def _visitors(
    practice_id: int, births: Collection[date], phones: Collection[str]
) -> Iterator[Visitor]:
    points = ContactPoint.objects.filter(practice_id=practice_id, system="phone")
    alive = Patient.objects.filter(practice_id=practice_id, deceased_on__isnull=True)
    pks: set[int] = set()
    for page in _pages(births):
        pks.update(alive.filter(birth_date__in=page).values_list("pk", flat=True))
    for numbers in _pages(phones):
        pks.update(points.filter(value__in=numbers).values_list("patient_id", flat=True))
    for some in _pages(pks):
        reached: dict[int, set[str]] = defaultdict(set)
        for pk, value in points.filter(patient_id__in=some).values_list("patient_id", "value"):
            reached[pk].add(value)
        for patient in alive.filter(pk__in=some):
            yield Visitor(
                patient.pk,
                _letters(patient.birth_name, patient.used_name),
                _letters(patient.first_given_name, patient.used_given_name),
                patient.birth_date,
                frozenset(reached[patient.pk]),
            )


def events_of(agenda: Agenda, keys: Collection[str]) -> dict[str, ImportedEvent]:
    """What became of entries at earlier imports, by key."""
    found: dict[str, ImportedEvent] = {}
    for page in _pages(keys):
        events = ImportedEvent.objects.filter(
            practice_id=agenda.practice_id, agenda=agenda, key__in=page
        )
        found |= {event.key: event for event in events}
    return found


def without_patient(practice_id: int, appointment_ids: Collection[int]) -> set[int]:
    """Those of the visits that stand and still have no patient."""
    found: set[int] = set()
    for page in _pages(appointment_ids):
        visits = Appointment.objects.filter(
            practice_id=practice_id, pk__in=page, patient__isnull=True, cancelled_at__isnull=True
        )
        found.update(visits.values_list("pk", flat=True))
    return found


def settled(practice_id: int, keys: Collection[str]) -> set[str]:
    """Questions that a person answered at an earlier import."""
    found: set[str] = set()
    for page in _pages(keys):
        lines = ImportLine.objects.filter(
            practice_id=practice_id, key__in=page, decided_at__isnull=False
        )
        found.update(lines.values_list("key", flat=True))
    return found


def pair(practice_id: int, appointment_id: int, patient_id: int) -> tuple[Appointment, Patient]:
    """A visit and the patient recognised for it, both of the practice."""
    visit = Appointment.objects.get(practice_id=practice_id, pk=appointment_id)
    return visit, Patient.objects.get(practice_id=practice_id, pk=patient_id)


def reasons(practice_id: int) -> dict[str, int]:
    """The practice's visit reasons by the letters of their names."""
    active = VisitReason.objects.filter(practice_id=practice_id, active=True)
    return {letters(name): pk for pk, name in active.values_list("pk", "name")}


def absence(practice_id: int, pk: int) -> Absence | None:
    """One absence of the practice."""
    return Absence.objects.filter(practice_id=practice_id, pk=pk).first()


def _letters(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for name in names if (one := letters(name))))


def _pages(values: Collection[T]) -> Iterator[list[T]]:
    listed = list(values)
    return (listed[at : at + PAGE] for at in range(0, len(listed), PAGE))
