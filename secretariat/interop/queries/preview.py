"""What a file holds, shown before anything of it comes in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from secretariat.core import clock
from secretariat.interop import storage
from secretariat.interop.actions.agenda import open_calendar
from secretariat.interop.actions.patients import open_file
from secretariat.interop.calendar_plan import Plan
from secretariat.interop.csv import columns, fields
from secretariat.interop.csv.columns import Proposal
from secretariat.interop.csv.drafts import Draft, Drafter, Person
from secretariat.interop.csv.fields import Mapping
from secretariat.interop.csv.reading import Table
from secretariat.interop.ical.expanding import Occurrence
from secretariat.interop.ical.reading import CalendarFile
from secretariat.interop.meaning import Meaning, Sort, meaning
from secretariat.interop.models import ImportFile
from secretariat.interop.queries import visitors
from secretariat.interop.recognising import recognised
from secretariat.patients.models import Patient
from secretariat.patients.reaching import shown_phone

LINES = 20
SURE, LIKELY = 80, columns.ENOUGH


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table, what we think of it, and what a person chose."""

    position: int
    proposal: Proposal
    chosen: str

    @property
    def name(self) -> str:
        """Its name in the form."""
        return f"c{self.position}"

    @property
    def sureness(self) -> tuple[str, str, str]:
        """Word, icon and colour of our confidence."""
        if self.proposal.field is None:
            return ("Non lue", "eye-off", "")
        if self.proposal.confidence >= SURE:
            return ("Sûr", "circle-check", "good")
        if self.proposal.confidence >= LIKELY:
            return ("Probable", "help-circle", "info")
        return ("À vérifier", "alert-triangle", "warn")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it would be read."""

    number: int
    person: Person | None
    phones: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def table_of(file: ImportFile) -> Table:
    """The table of a file of patients; a big workbook is opened once for many looks at it.

    Raises:
        UnreadableTable, FileGone.
    """
    storage.path(file.stored_as)  # gone from the disk is gone from here
    return _opened(file.stored_as, json.dumps(file.options.get("reading", {}), sort_keys=True))


@lru_cache(maxsize=4)
def _opened(stored_as: str, reading: str) -> Table:
    return open_file(ImportFile(stored_as=stored_as, options={"reading": json.loads(reading)}))


def columns_of(file: ImportFile, table: Table, today: date) -> list[Column]:
    """Every column, with its proposal and the choice kept so far."""
    proposals = columns.propose(table.header, table.sample(), today)
    return [
        Column(position, proposal, str(file.mapping.get(proposal.column, "")))
        for position, proposal in enumerate(proposals)
    ]


def choices() -> list[tuple[str, str]]:
    """What a column may hold, as the screen lists it."""
    return [(field.key, field.label) for field in fields.FIELDS.values()]


def lines_of(table: Table, mapping: Mapping, today: date) -> list[Line]:
    """The first lines as they would be read with `mapping`."""
    drafter = Drafter(table.header, mapping, today)
    return [_line(drafter.draft(row)) for row in table.sample(LINES)]


def _line(draft: Draft) -> Line:
    faults = tuple(
        f"{problem.column} : {problem.sentence}" if problem.column else problem.sentence
        for problem in draft.problems
    )
    phones = tuple(shown_phone(one.number) for one in draft.person.phones) if draft.person else ()
    return Line(draft.number, draft.person, phones, faults, draft.remarks)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a calendar, what it becomes, and whose visit it is when certain."""

    occurrence: Occurrence
    meaning: Meaning
    patient: Patient | None = None

    @property
    def badge(self) -> tuple[str, str, str]:
        """Word, icon and colour of what it becomes."""
        if self.occurrence.cancelled:
            return ("Annulé", "calendar-x", "")
        icon, kind = {
            Sort.VISIT: ("user", "info"),
            Sort.BLOCK: ("calendar-pause", ""),
            Sort.ABSENCE: ("beach", "violet"),
            Sort.LEFT: ("eye-off", ""),
        }[self.meaning.sort]
        return (self.meaning.sort.value, icon, kind)

    @property
    def to_recognise(self) -> bool:
        """A visit of nobody certain."""
        visit = self.meaning.sort is Sort.VISIT and not self.occurrence.cancelled
        return visit and self.patient is None


@dataclass(frozen=True, slots=True)
class CalendarShown:
    """The first entries from today on (or the last ones before), and what is said of the file."""

    calendar: CalendarFile
    entries: list[Entry]


def calendar_of(file: ImportFile, plan: Plan, at: datetime) -> CalendarShown:
    """What a calendar holds with these choices.

    Raises:
        UnreadableCalendar, FileGone, BadInput.
    """
    file.options = {**file.options, **plan.as_options()}
    agenda, plan, calendar = open_calendar(file)
    today = clock.local_date(at, agenda.site.time_zone)
    found = calendar.occurrences
    ahead = [one for one in found if one.ends_at > at][:LINES] or list(found[-LINES:])
    meant = [Entry(one, meaning(one, plan.meant, today)) for one in ahead]
    return CalendarShown(calendar, _recognised(file.practice_id, meant))


def _recognised(practice_id: int, entries: Sequence[Entry]) -> list[Entry]:
    guesses = [one.meaning.guess for one in entries]
    known = visitors.Visitors(
        practice_id,
        {guess.birth_date for guess in guesses if guess.birth_date},
        {phone for guess in guesses for phone in guess.phones},
    )
    pks = [recognised(guess, known.of(guess.birth_date, guess.phones)) for guess in guesses]
    patients = Patient.objects.filter(practice_id=practice_id).in_bulk([pk for pk in pks if pk])
    return [
        replace(one, patient=patients.get(pk or 0)) if one.meaning.sort is Sort.VISIT else one
        for one, pk in zip(entries, pks, strict=True)
    ]
