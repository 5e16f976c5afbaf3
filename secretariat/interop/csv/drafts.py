"""A row becomes a person, with a sentence for everything that could not be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from secretariat.patients import naming

from . import values
from .dates import past_date, unknown_day
from .fields import FIELDS, Mapping
from .refusals import BadValue
from .rows import Cell, Row
from .values import Phone, PhoneUse, Sex

T = TypeVar("T")

_NO_BIRTH_NAME = "Nom de naissance absent : repris du nom utilisé, à vérifier."

_PHONE_USES: dict[str, PhoneUse] = {
    "mobile_phone": "mobile",
    "home_phone": "home",
    "work_phone": "work",
    "other_phone": "other",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a row that cannot be kept.

    `blocking`: the person must not be created. `column` is empty when the whole row is meant.
    """

    column: str
    value: str
    sentence: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says of a patient, in the forms the patient file keeps."""

    birth_name: str
    given_names: str
    first_given_name: str
    birth_date: date
    sex: Sex
    used_name: str = ""
    used_given_name: str = ""
    birth_place_code: str = ""
    birth_place_name: str = ""
    phones: tuple[Phone, ...] = ()
    e_mail: str = ""
    address: tuple[str, ...] = ()
    postcode: str = ""
    town: str = ""
    country: str = ""
    file_number: str = ""
    nir: str = ""
    notes: str = ""
    usual_doctor: str = ""
    deceased: bool = False
    death_date: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A row read: a person unless a blocking problem forbids it; remarks tell what was assumed."""

    number: int
    person: Person | None
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()


class Drafter:
    """Reads the rows of one table with one mapping.

    Args:
        header: labels of the columns, in order.
        mapping: column → field key (see `fields.check`).
        today: local date; births are not in the future.
    """

    def __init__(self, header: Sequence[str], mapping: Mapping, today: date) -> None:
        self._today = today
        self._columns: dict[str, list[tuple[int, str]]] = {key: [] for key in FIELDS}
        for position, label in enumerate(header):
            if mapping.get(label) in self._columns:
                self._columns[mapping[label]].append((position, label))

    def draft(self, row: Row) -> Draft:
        """The person this row describes, or what is wrong with it."""
        if row.fault is not None:
            problem = Problem("", "", row.fault, blocking=True)
            return Draft(row.number, None, (problem,))
        return _Reading(row, self._columns, self._today).draft()


class _Reading:
    """One row being read; gathers its problems and remarks."""

    def __init__(self, row: Row, columns: dict[str, list[tuple[int, str]]], today: date) -> None:
        self._row, self._columns, self._today = row, columns, today
        self._problems: list[Problem] = []
        self._remarks: list[str] = []

    def draft(self) -> Draft:
        person = self._person()
        return Draft(self._row.number, person, tuple(self._problems), tuple(self._remarks))

    def _person(self) -> Person | None:
        sex = self._sex()
        birth_name, used_name = self._family_names(sex)
        given_names, first = self._given_names()
        birth_date = self._birth_date()
        if not (birth_name and given_names and birth_date):
            return None
        if any(problem.blocking for problem in self._problems):
            return None
        country = self._one("country", lambda cell: values.text(cell, 60), "")
        deceased, death_date = self._death(birth_date)
        return Person(
            birth_name=birth_name,
            used_name=used_name,
            given_names=given_names,
            first_given_name=first,
            used_given_name=self._used_given_name(first),
            birth_date=birth_date,
            sex=sex,
            birth_place_code=self._one("birth_place_code", values.birth_place_code, ""),
            birth_place_name=self._one("birth_place_name", lambda c: values.text(c, 100), ""),
            phones=self._phones(),
            e_mail=self._one("e_mail", values.e_mail, ""),
            address=tuple(self._many("address", values.text)),
            postcode=self._one("postcode", lambda cell: values.postcode(cell, country), ""),
            town=self._one("town", lambda cell: values.text(cell, 80), ""),
            country=country,
            file_number=self._one("file_number", lambda cell: values.text(cell, 60), ""),
            nir=self._one("nir", values.nir, ""),
            notes="\n".join(self._many("notes", values.paragraphs)),
            usual_doctor=self._one("usual_doctor", lambda cell: values.text(cell, 120), ""),
            deceased=deceased,
            death_date=death_date,
        )

    # -- names -----------------------------------------------------------------------------

    def _family_names(self, sex: Sex) -> tuple[str, str]:
        written, column = self._raw("birth_name")
        used, used_column = self._raw("used_name")
        whole, whole_column = self._raw("full_name")
        if not written and not used and whole:
            written, column = self._split(whole)[0], whole_column
        if not written and used:
            written, column = used, used_column
            if sex != "M":
                self._remarks.append(_NO_BIRTH_NAME)
        if not written:
            self._missing("Le nom manque.")
            return "", ""
        birth = self._name(naming.strict_birth_name, written, column)
        used = self._name(naming.strict_used_name, used, used_column) if used else ""
        return birth, "" if used == birth else used

    def _given_names(self) -> tuple[str, str]:
        pieces = self._many("given_names", values.name)
        column = self._labels("given_names")
        first, first_column = self._raw("first_given_name")
        whole, whole_column = self._raw("full_name")
        written = _joined(pieces)
        if not written and first:
            written, column = first, first_column
        if not written and whole:
            written, column = self._split(whole)[1], whole_column
        if not written:
            written, column = self._raw("used_given_name")
            if written:
                self._remarks.append("Prénoms de naissance absents : repris du prénom utilisé.")
        if not written:
            self._missing("Le prénom manque.")
            return "", ""
        strict = self._name(naming.strict_given_names, written, column)
        if not strict:
            return "", ""
        return strict, self._name(
            lambda text: naming.first_given_name(strict, text), first, first_column
        )

    def _split(self, whole: str) -> tuple[str, str]:
        """« DUPONT Jean-Pierre », « Dupont, Jean »: name, given names; two words at worst."""
        if "," in whole:
            name, _, given = whole.partition(",")
            return name.strip(), given.strip()
        words = whole.split()
        capitals = [word for word in words if word.isupper() and len(word) > 1]
        others = [word for word in words if word not in capitals]
        if capitals and others:
            return " ".join(capitals), " ".join(others)
        if len(words) == 2:
            self._remarks.append("Nom et prénom séparés dans l’ordre « nom prénom » : à vérifier.")
            return words[0], words[1]
        return "", ""

    def _used_given_name(self, first: str) -> str:
        written, column = self._raw("used_given_name")
        if not written:
            return ""
        strict = self._name(naming.strict_given_name, written, column, blocking=False)
        return "" if strict == first else strict

    def _name(
        self,
        read: Callable[[str], str],
        written: str,
        column: str,
        *,
        blocking: bool = True,
    ) -> str:
        try:
            return read(written)
        except naming.NameRefused as refusal:
            self._problem(column, written, refusal.sentence, blocking=blocking)
            return ""

    # -- other traits ----------------------------------------------------------------------

    def _birth_date(self) -> date | None:
        for cell, column in self._cells("birth_date"):
            unknown = unknown_day(cell, self._today)
            if unknown:
                self._remarks.append(f"{values.cell_text(cell)} : {unknown[1]}.")
                return unknown[0]
            try:
                found = past_date(cell, self._today)
            except BadValue as bad:
                self._problem(column, values.cell_text(cell), bad.sentence, blocking=True)
                return None
            if found:
                return found
        self._missing("La date de naissance manque.")
        return None

    def _sex(self) -> Sex:
        found = self._one("sex", values.sex, None)
        if found is None:
            for cell, _ in self._cells("title"):
                try:
                    found = values.sex(cell)  # « Enfant », « Dr » say nothing: no problem made
                except BadValue:
                    found = None
        return found or "I"

    def _phones(self) -> tuple[Phone, ...]:
        found: dict[str, Phone] = {}
        for field, use in _PHONE_USES.items():
            for cell, column in self._cells(field):
                try:
                    for phone in values.phones(cell, use):
                        found.setdefault(phone.number, phone)
                except BadValue as bad:
                    self._problem(column, values.cell_text(cell), bad.sentence)
        return tuple(found.values())

    def _death(self, birth_date: date) -> tuple[bool, date | None]:
        died = self._one("death_date", lambda cell: past_date(cell, self._today), None)
        for cell, column in self._cells("deceased"):
            try:
                return bool(values.yes(cell)) or died is not None, died
            except BadValue as bad:
                try:
                    died = past_date(cell, self._today)  # some programs put the date there
                except BadValue:
                    self._problem(column, values.cell_text(cell), bad.sentence)
        if died is not None and died < birth_date:
            self._problem("", f"{died:%d/%m/%Y}", "Le décès précède la naissance.")
            return True, None
        return died is not None, died

    # -- cells -----------------------------------------------------------------------------

    def _cells(self, field: str) -> list[tuple[Cell, str]]:
        cells = self._row.cells
        return [(cells[i], label) for i, label in self._columns[field] if i < len(cells)]

    def _labels(self, field: str) -> str:
        return ", ".join(label for _, label in self._columns[field])

    def _raw(self, field: str) -> tuple[str, str]:
        """Text of the column of a name, and its label; problems of length are told."""
        for cell, column in self._cells(field):
            return self._kept(values.name, cell, column, ""), column
        return "", ""

    def _one(self, field: str, read: Callable[[Cell], T], empty: T) -> T:
        for cell, column in self._cells(field):
            return self._kept(read, cell, column, empty)
        return empty

    def _many(self, field: str, read: Callable[[Cell], str]) -> list[str]:
        texts = [self._kept(read, cell, column, "") for cell, column in self._cells(field)]
        return [text for text in dict.fromkeys(texts) if text]

    def _kept(self, read: Callable[[Cell], T], cell: Cell, column: str, empty: T) -> T:
        try:
            return read(cell)
        except BadValue as bad:
            self._problem(column, values.cell_text(cell), bad.sentence)
            return empty

    def _missing(self, sentence: str) -> None:
        if not any(problem.blocking for problem in self._problems):
            self._problem("", "", sentence, blocking=True)

    def _problem(self, column: str, value: str, sentence: str, *, blocking: bool = False) -> None:
        self._problems.append(Problem(column, value[:200], sentence, blocking))


def _joined(pieces: Sequence[str]) -> str:
    """Several columns of given names; the one that begins like another replaces it."""
    kept: list[str] = []
    for piece in dict.fromkeys(pieces):
        longer = [other for other in pieces if other != piece and other.startswith(f"{piece} ")]
        if not longer:
            kept.append(piece)
    return " ".join(kept)
