"""Patients on one line each: identity, what to prepare, last and next visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from secretariat.core import panels
from secretariat.patients import said
from secretariat.patients.models import Patient
from secretariat.patients.naming import shown_given_name

PLACE = "patients.row"
"""Where higher rooms hang {patient id: {"last_visit": text, "next_visit": text, "no_way": text}}.

Called with practice_id, patient_ids and at; must cost the same for one patient or fifty.
"""


@dataclass(frozen=True, slots=True)
class Badge:
    """Something to know before speaking, said with an icon and a word."""

    word: str
    icon: str
    kind: str = ""


class HitLook(NamedTuple):
    """What makes the line of a patient differ otherwise than by its texts."""

    sex: str
    used: bool
    town: bool
    comes: bool
    badges: tuple[Badge, ...]
    links: bool

    @property
    def get_sex_display(self) -> str:
        """The sex in words, as a patient gives it."""
        return str(Patient.Sex(self.sex).label)


class Hit(NamedTuple):
    """The line of a patient under a search box, ready to print (`core.templatetags.stamped`)."""

    look: HitLook
    pk: int
    label: str
    name: str
    used_name: str
    born_on: str
    born: str
    age: str
    town: str
    next_visit: str


@dataclass(frozen=True, slots=True)
class Row:
    """One patient of a list. `marks` holds what higher rooms know."""

    patient: Patient
    given_name: str
    age: str
    badges: list[Badge]
    marks: dict[str, Any] = field(default_factory=dict)

    @property
    def pk(self) -> int:
        """The patient's key."""
        return self.patient.pk

    @property
    def label(self) -> str:
        """The patient in a box that has chosen one: « KELLER Jeanne, 12/03/1985 »."""
        return f"{title(self.patient)}, {self.patient.birth_date:%d/%m/%Y}"

    def hit(self, links: bool = False) -> Hit:
        """The same, ready to print; `links`: a link to the file rather than a choice."""
        who, comes = self.patient, self.marks.get("next_visit", "")
        badges = tuple(self.badges)
        return Hit(
            look=HitLook(who.sex, bool(who.used_name), bool(who.town), bool(comes), badges, links),
            pk=who.pk,
            label=self.label,
            name=f"{who.birth_name} {self.given_name}",
            used_name=who.used_name,
            born_on=f"{who.birth_date:%Y-%m-%d}",
            born=f"{who.birth_date:%d/%m/%Y}",
            age=self.age,
            town=who.town,
            next_visit=comes,
        )


def title(patient: Patient) -> str:
    """The name of a sheet: used name if any, then given name."""
    return f"{patient.shown_name} {shown_given_name(patient.shown_given_name)}"


def rows(practice_id: int, patients: Sequence[Patient], at: datetime, today: date) -> list[Row]:
    """Lines for `patients`, in their order; one call to the higher rooms for all of them."""
    pks = [patient.pk for patient in patients]
    marks = panels.marks(PLACE, practice_id=practice_id, patient_ids=pks, at=at) if pks else {}
    return [row(patient, today, marks.get(patient.pk, {})) for patient in patients]


def row(patient: Patient, today: date, marks: dict[str, Any] | None = None) -> Row:
    """The line of one patient."""
    return Row(
        patient=patient,
        given_name=shown_given_name(patient.first_given_name),
        age=said.age(patient.birth_date, patient.deceased_on or today),
        badges=badges(patient) + _no_way(patient, marks or {}),
        marks=marks or {},
    )


def _no_way(patient: Patient, marks: dict[str, Any]) -> list[Badge]:
    """Who can be told nothing once they have left: an hour is said aloud, or printed."""
    if patient.deceased_on or "no_way" not in marks:
        return []
    return [Badge(marks["no_way"], "phone-off", "warn")]


def badges(patient: Patient) -> list[Badge]:
    """What stands out about a patient, gravest first."""
    found = []
    if patient.deceased_on:
        died = "Décédée" if patient.sex == "F" else "Décédé"
        found.append(Badge(f"{died} le {said.day(patient.deceased_on)}", "grave-2", "bad"))
    if patient.homonym:
        found.append(Badge("Homonyme", "users", "warn"))
    if patient.doubtful:
        found.append(Badge("Identité douteuse", "alert-triangle", "warn"))
    return found + needs(patient)


def needs(patient: Patient) -> list[Badge]:
    """What must be prepared for a patient."""
    found = []
    if patient.needs_interpreter:
        found.append(Badge(f"Interprète : {patient.needs_interpreter}", "language", "violet"))
    if patient.needs_wheelchair:
        found.append(Badge("Fauteuil roulant", "wheelchair", "violet"))
    if patient.is_deaf:
        found.append(Badge("Sourd ou malentendant", "ear-off", "violet"))
    if patient.needs_more_time:
        found.append(Badge("Plus de temps", "hourglass", "violet"))
    return found
