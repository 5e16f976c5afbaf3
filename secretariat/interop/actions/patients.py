"""Bring a table of patients in: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from secretariat.core import clock
from secretariat.interop import storage
from secretariat.interop.actions.progress import Told
from secretariat.interop.actions.tally import Tally
from secretariat.interop.csv.drafts import Drafter, Problem
from secretariat.interop.csv.reading import Table, open_table
from secretariat.interop.csv.rows import Row
from secretariat.interop.csv.values import cell_text
from secretariat.interop.held import as_content
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.interop.newcomers import Newcomer, newcomer
from secretariat.interop.queries import known_people
from secretariat.interop.queries.places import zone_of
from secretariat.interop.sorting import NEW, Fate, Sorter, Verdict, by_likeness
from secretariat.patients import resembling
from secretariat.patients.actions import Traits, numbering, register_many
from secretariat.practice.models import Staff

PAGE = 500
"""Lines sorted together."""
LONGEST_CELL = 2_000


def open_file(file: ImportFile) -> Table:
    """The table, read the way a person chose.

    Raises:
        UnreadableTable, FileGone.
    """
    chosen: dict[str, Any] = file.options.get("reading", {})
    return open_table(
        storage.path(file.stored_as),
        encoding_name=chosen.get("encoding"),
        separator=chosen.get("separator"),
        sheet=chosen.get("sheet"),
        header_row=chosen.get("header_row"),
    )


def reserve(file: ImportFile) -> range:
    """Take the file numbers that the last trial foresaw, before the long transaction begins.

    Taken inside it, they would make every desk that registers somebody wait for its end.
    Numbers that are not used in the end are lost, never given twice.
    """
    foreseen = file.created if file.finished_at else 0
    if not foreseen:
        return range(0)
    first = numbering.take(file.practice_id, foreseen)
    return range(first, first + foreseen)


def take_in(
    file: ImportFile, *, by: Staff, at: datetime, trial: bool, told: Told, numbers: range
) -> Tally:
    """Read every line; unless this is a trial, make the files of those who have none.

    Runs inside the caller's transaction.

    Args:
        numbers: file numbers reserved for it (see `reserve`).

    Raises:
        UnreadableTable, TooManyFaults, NotAllowed; nothing is kept then.
    """
    reading = _Reading(file, clock.local_date(at, zone_of(file.practice_id)), told)
    files = reading.new_files()
    if trial:
        for _ in files:
            pass
    else:
        register_many(
            practice=file.practice, files=files, source=file.name, by=by, at=at, numbers=numbers
        )
    return reading.tally


class _Reading:
    """One file being read, page after page; never more than a page in memory."""

    def __init__(self, file: ImportFile, today: date, told: Told) -> None:
        self.tally = Tally(file)
        self._file, self._today, self._told = file, today, told
        self._sorter = Sorter()
        self._newest = known_people.newest(file.practice_id)

    def new_files(self) -> Iterator[Traits]:
        """The files to make, in the order of the lines."""
        table = open_file(self._file)
        drafter = Drafter(table.header, self._file.mapping, self._today)
        self.tally.total = table.expected
        rows = table.rows()
        while page := list(islice(rows, PAGE)):
            yield from self._page(page, drafter)
            self.tally.write_lines()
            self.tally.done += len(page)
            self._told(self.tally.done, self.tally.total)

    def _page(self, rows: list[Row], drafter: Drafter) -> Iterator[Traits]:
        read = [(row, one) for row in rows if (one := self._read(row, drafter)) is not None]
        for (row, one), verdict in zip(read, self._sorted([one for _, one in read]), strict=True):
            match verdict.fate:
                case Fate.NEW:
                    yield self._new(row, one)
                case Fate.HELD:
                    self._hold(one, verdict)
                case Fate.REPEATED:
                    self.tally.unchanged += 1
                    self.tally.remark("Lignes qui répètent une ligne précédente du fichier.")
                case Fate.THERE:
                    self.tally.unchanged += 1

    def _read(self, row: Row, drafter: Drafter) -> Newcomer | None:
        """The person of a line; one that cannot be taken is kept to be mended."""
        draft = drafter.draft(row)
        one, problems = newcomer(
            draft, source=str(self._file.options.get("source", "")), today=self._today
        )
        for remark in draft.remarks:
            self.tally.remark(remark)
        if draft.person is not None and draft.person.nir:
            self.tally.remark("Numéro de sécurité sociale : non repris.")
        if one is None:
            self.tally.failed += 1
            self.tally.keep(_line(row, ImportLine.Kind.ERROR, problems))
        return one

    def _sorted(self, people: Sequence[Newcomer]) -> list[Verdict]:
        """The verdict on each; likeness is asked in one statement for those still unsure."""
        files = known_people.files_of(self._file.practice_id, people)
        verdicts = [self._sorter.sort(one, files) for one in people]
        unsure = [n for n, verdict in enumerate(verdicts) if verdict is None]
        alike: dict[int, Verdict] = {}
        if unsure and self._newest:
            found = resembling.duplicates_of_each(
                self._file.practice_id, [people[n].person() for n in unsure], most=20
            )
            told = (by_likeness(likely, self._newest) for likely in found)
            alike = dict(zip(unsure, told, strict=True))
        return [verdict or alike.get(n, NEW) for n, verdict in enumerate(verdicts)]

    def _new(self, row: Row, one: Newcomer) -> Traits:
        self.tally.created += 1
        if one.problems:
            self.tally.incomplete += 1
            self.tally.keep(_line(row, ImportLine.Kind.INCOMPLETE, one.problems))
        return one.traits

    def _hold(self, one: Newcomer, verdict: Verdict) -> None:
        self.tally.held += 1
        self.tally.keep(
            ImportLine(
                number=one.number,
                kind=ImportLine.Kind.DUPLICATE,
                content=as_content(one),
                sentence=verdict.sentence,
                candidates=list(verdict.candidates),
                key=one.keys[0],
            )
        )


def _line(row: Row, kind: str, problems: Sequence[Problem]) -> ImportLine:
    """A line to be mended, with its cells as they were."""
    said = " ".join(
        f"{problem.column} : {problem.sentence}" if problem.column else problem.sentence
        for problem in problems
    )
    cells = [cell_text(cell)[:LONGEST_CELL] for cell in row.cells]
    return ImportLine(number=row.number, kind=kind, content={"cells": cells}, sentence=said)
