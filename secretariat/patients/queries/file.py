"""One patient's file, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from secretariat.core import panels
from secretariat.patients import said
from secretariat.patients.models import ContactPoint, Patient, RelatedPerson
from secretariat.patients.queries.rows import Row, row, rows, title
from secretariat.patients.reaching import shown_phone
from secretariat.practice.models import Staff
from secretariat.privacy.models import Access

PLACE = "patients.page"
"""Where higher rooms hang a panel of the page: {"template", ...} or None.

Called with staff, patient and at. The template receives the answer as `panel`.
"""
POINTS = "patients.points"
"""Where higher rooms hang what they know of ways to reach someone: {contact point: {"template"}}.

Called with staff and points. The template receives the answer as `mark`.
"""
MOST_LOOKS = 100


@dataclass(frozen=True, slots=True)
class Point:
    """A way to reach someone, as read aloud."""

    kept: ContactPoint
    shown: str
    of: Patient | None = None
    mark: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """Someone who stands beside a patient; the phone as read aloud."""

    kept: RelatedPerson
    phone: str
    at_home: bool


@dataclass(frozen=True, slots=True)
class File:
    """Everything the page of one patient shows at once."""

    row: Row
    title: str
    points: list[Point]
    home_points: list[Point]
    household: list[Row]
    related: list[Beside]
    is_minor: bool
    has_authority: bool
    checked_by: str
    panels: list[dict[str, Any]]

    @property
    def others_at_home(self) -> list[Row]:
        """The household without those who already stand beside the patient."""
        beside = {one.kept.person_id for one in self.related}
        return [row for row in self.household if row.pk not in beside]


def file(patient: Patient, staff: Staff, at: datetime, today: date) -> File:
    """The page of one patient; the number of statements does not grow with the household."""
    members = household_of(patient)
    points = _points([patient, *members])
    own = _marked([point for point in points if point.of == patient], staff)
    related = list(patient.related_people.select_related("person").order_by("pk"))
    answers = {RelatedPerson.Relation.PARENT, RelatedPerson.Relation.GUARDIAN}
    return File(
        row=row(patient, today),
        title=title(patient),
        points=own,
        home_points=_lent(own, points),
        household=rows(patient.practice_id, members, at, today),
        related=[_beside(one, members) for one in related],
        is_minor=said.years(patient.birth_date, today) < said.GROWN_UP,
        has_authority=any(one.relation in answers for one in related),
        checked_by=_name_of(patient),
        panels=panels.collect(PLACE, staff=staff, patient=patient, at=at),
    )


def _beside(related: RelatedPerson, members: list[Patient]) -> Beside:
    phone = shown_phone(related.phone) if related.phone else ""
    return Beside(related, phone, related.person in members)


def household_of(patient: Patient) -> list[Patient]:
    """The others of the household, oldest first."""
    if patient.household_id is None:
        return []
    members = Patient.objects.filter(
        practice_id=patient.practice_id, household_id=patient.household_id
    )
    return list(members.exclude(pk=patient.pk).order_by("birth_date", "pk"))


def _points(patients: Iterable[Patient]) -> list[Point]:
    by_pk = {patient.pk: patient for patient in patients}
    kept = ContactPoint.objects.filter(patient_id__in=by_pk).order_by("patient_id", "rank", "pk")
    return [
        Point(point, shown(point), by_pk[point.patient_id])
        for point in kept
    ]  # fmt: skip


def _marked(points: list[Point], staff: Staff) -> list[Point]:
    seen = panels.marks(POINTS, staff=staff, points=[point.kept for point in points])
    return [replace(point, mark=seen.get(point.kept.pk, {})) for point in points]


def shown(point: ContactPoint) -> str:
    """A number or an address as a person reads it."""
    return shown_phone(point.value) if point.system == ContactPoint.System.PHONE else point.value


def _lent(own: list[Point], points: list[Point]) -> list[Point]:
    """Numbers of the household that the patient's own file does not hold."""
    mine = {point.kept.value for point in own}
    return [
        point
        for point in points
        if point not in own
        and point.kept.value not in mine
        and point.kept.system == ContactPoint.System.PHONE
    ]


def _name_of(patient: Patient) -> str:
    if patient.identity_checked_by is None:
        return ""
    post = Staff.objects.filter(
        pk=patient.identity_checked_by, practice_id=patient.practice_id
    ).first()
    return str(post or "")


def looks(patient: Patient) -> list[Access]:
    """Who opened this file, the latest first, at most `MOST_LOOKS`."""
    opened = Access.objects.filter(practice_id=patient.practice_id, patient_id=patient.pk)
    return list(opened.order_by("-at", "-pk")[:MOST_LOOKS])


def contact_point(patient: Patient, pk: int) -> ContactPoint | None:
    """A way to reach this very patient, or None."""
    return ContactPoint.objects.filter(patient=patient, pk=pk).select_related("patient").first()


def related_person(patient: Patient, pk: int) -> RelatedPerson | None:
    """Someone beside this very patient, or None."""
    beside = RelatedPerson.objects.filter(patient=patient, pk=pk)
    return beside.select_related("patient", "person").first()


def again(practice_id: int, pk: int) -> Patient:
    """A file that this person has just written in, as it is now."""
    return Patient.objects.select_related("household", "usual_practitioner").get(
        practice_id=practice_id, pk=pk
    )
