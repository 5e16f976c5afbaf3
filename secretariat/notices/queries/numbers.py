"""Which numbers to ring for some patients: their own, their home's, those who answer for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from django.db.models import Q

from secretariat.patients.models import ContactPoint, Patient, RelatedPerson
from secretariat.patients.reaching import shown_phone

_ANSWERS_FOR = (RelatedPerson.Relation.PARENT, RelatedPerson.Relation.GUARDIAN)


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number.

    Args:
        value: E.164.
        whose: what to know of it: « mobile », « Foyer : MARTIN Anne ».
        own: on the patient's own file.
        accepts_calls: whoever holds it accepts to be rung.
        wrong: someone rang it and found it was not theirs.
    """

    value: str
    whose: str
    own: bool = True
    accepts_calls: bool = True
    wrong: bool = False

    @property
    def shown(self) -> str:
        """As it is read aloud."""
        return shown_phone(self.value)

    @property
    def rings(self) -> bool:
        """Whether to ring it."""
        return self.accepts_calls and not self.wrong

    def known_wrong(self) -> Number:
        """The same, found to be wrong."""
        return replace(self, wrong=True)


def numbers_of(patients: Sequence[Patient]) -> dict[int, list[Number]]:
    """For each patient the numbers to ring, their own first; two statements."""
    pks = {patient.pk for patient in patients}
    homes = {patient.household_id for patient in patients} - {None}
    points = (
        ContactPoint.objects.filter(system=ContactPoint.System.PHONE)
        .filter(Q(patient_id__in=pks) | Q(patient__household_id__in=homes))
        .select_related("patient")
        .order_by("rank", "pk")
    )
    of_patient: dict[int, list[ContactPoint]] = defaultdict(list)
    of_home: dict[int, list[ContactPoint]] = defaultdict(list)
    for point in points:
        of_patient[point.patient_id].append(point)
        if point.patient.household_id is not None:
            of_home[point.patient.household_id].append(point)
    answering: dict[int, list[RelatedPerson]] = defaultdict(list)
    beside = RelatedPerson.objects.filter(patient_id__in=pks, relation__in=_ANSWERS_FOR)
    for one in beside.exclude(phone="").order_by("pk"):
        answering[one.patient_id].append(one)
    return {
        patient.pk: _once(
            [_point(point) for point in of_patient[patient.pk]],
            [Number(one.phone, one.name, own=False) for one in answering[patient.pk]],
            [_lent(point) for point in of_home.get(patient.household_id or 0, [])],
        )
        for patient in patients
    }


def _once(*numbers: Sequence[Number]) -> list[Number]:
    """Each number under the first of its names."""
    by_value: dict[str, Number] = {}
    for number in chain(*numbers):
        by_value.setdefault(number.value, number)
    return list(by_value.values())


def _lent(point: ContactPoint) -> Number:
    return replace(_point(point), whose=f"foyer : {point.patient}", own=False)


def _point(point: ContactPoint) -> Number:
    whose = point.get_use_display().lower()
    holder = f"{whose} · {point.holder}" if point.holder else whose
    return Number(point.value, holder, accepts_calls=point.accepts_calls)
