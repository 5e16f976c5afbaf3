"""From a person read in another program's table to a file as this house keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from secretariat.core.refusal import BadInput
from secretariat.interop.csv.drafts import Draft, Person, Problem
from secretariat.patients import matching
from secretariat.patients.actions.traits import NewContactPoint, Traits, strict_point, strict_row

LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A line of the table that may become a file.

    `keys` name the line at every import: by the number the other program gave, when there is
    one, then by the strict traits. `problems` are what had to be left out.
    """

    number: int
    traits: Traits
    keys: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def identity(self) -> tuple[date, str, str]:
        """Birth date, birth name, first given name."""
        return (
            self.traits["birth_date"],
            self.traits["birth_name"],
            self.traits["first_given_name"],
        )

    @property
    def numbered(self) -> bool:
        """The other program gave it a number."""
        return len(self.keys) > 1

    def person(self) -> matching.Person:
        """The same, as the search for duplicates compares it."""
        points = self.traits.get("contact_points", ())
        return matching.Person(
            birth_name=self.traits["birth_name"],
            given_names=self.traits["given_names"],
            birth_date=self.traits["birth_date"],
            used_name=self.traits.get("used_name", ""),
            used_given_name=self.traits.get("used_given_name", ""),
            sex=self.traits["sex"],
            phones=tuple(point.value for point in points if point.system == "phone"),
        )


def newcomer(draft: Draft, *, source: str, today: date) -> tuple[Newcomer | None, list[Problem]]:
    """The file that a line would make, or what forbids it.

    Args:
        draft: the line, read.
        source: name of the other program when the practice had several; "" otherwise.
        today: local date.
    """
    person, problems = draft.person, list(draft.problems)
    if person is None:
        return None, problems
    points = list(_points(person, problems))
    if person.deceased and person.death_date is None:
        problems.append(Problem("", "", "Décédé, sans date de décès : noté en remarque.", False))
    keys = _keys(person, source)
    traits = _traits(person) | {"contact_points": points, "import_key": keys[0]}
    try:
        row = strict_row(cast("Traits", traits), today)
    except BadInput as refusal:
        problems.append(Problem("", "", refusal.sentence, True))
        return None, problems
    kept = cast("Traits", {**row, "contact_points": points})
    return Newcomer(draft.number, kept, keys, tuple(problems)), problems


def _traits(person: Person) -> dict[str, Any]:
    street, *more = person.address or ("",)
    return {
        "birth_name": person.birth_name,
        "given_names": person.given_names,
        "first_given_name": person.first_given_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "used_name": person.used_name,
        "used_given_name": person.used_given_name,
        "birth_place_code": person.birth_place_code,
        "birth_place": person.birth_place_name[:100],
        "deceased_on": person.death_date,
        "address": street[:200],
        "address_more": ", ".join(more)[:200],
        "postcode": person.postcode,
        "town": person.town,
        "note": _note(person),
    }


def _note(person: Person) -> str:
    """What has no column of its own here, in words that stay searchable by eye."""
    pieces = [
        person.notes,
        f"Ancien n° de dossier : {person.file_number}" if person.file_number else "",
        f"Médecin traitant : {person.usual_doctor}" if person.usual_doctor else "",
        f"Pays : {person.country}" if person.country and not _home(person.country) else "",
        "Décédé (date inconnue)" if person.deceased and not person.death_date else "",
    ]
    return "\n".join(piece for piece in pieces if piece)[:LONGEST_NOTE]


def _home(country: str) -> bool:
    return country.strip().casefold() in {"france", "fr", "fra", "f", "france métropolitaine"}


def _points(person: Person, problems: list[Problem]) -> Iterator[NewContactPoint]:
    """Ways to reach the person; no consent to messages is ever supposed."""
    written = [NewContactPoint(phone.number, "phone", phone.use) for phone in person.phones]
    if person.e_mail:
        written.append(NewContactPoint(person.e_mail, "email", "other"))
    seen = set()
    for point in written:
        try:
            strict = strict_point(point)
        except BadInput as refusal:
            problems.append(Problem("", point.value, refusal.sentence, False))
            continue
        if strict.value not in seen:
            seen.add(strict.value)
            yield strict


def _keys(person: Person, source: str) -> tuple[str, ...]:
    traits = f"{person.birth_name}|{person.first_given_name}|{person.birth_date:%Y%m%d}"
    by_traits = "t:" + hashlib.sha256(traits.encode()).hexdigest()[:40]
    if not person.file_number:
        return (by_traits,)
    said = f"{source.casefold()}:{person.file_number.casefold()}"
    if len(said) > 110:
        said = hashlib.sha256(said.encode()).hexdigest()
    return (f"n:{said}", by_traits)
