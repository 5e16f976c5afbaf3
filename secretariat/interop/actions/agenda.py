"""Bring a calendar into an agenda: all of it, or nothing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from django.db import transaction

from secretariat.agenda.actions import importing
from secretariat.agenda.actions.attaching import attach_patient
from secretariat.agenda.models import Agenda
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.interop import calendar_plan, questions, storage
from secretariat.interop.actions.absences import Absences
from secretariat.interop.actions.progress import Told
from secretariat.interop.actions.tally import Tally
from secretariat.interop.ical.expanding import Occurrence
from secretariat.interop.ical.reading import CalendarFile, read_calendar
from secretariat.interop.meaning import Meaning, Sort, fingerprint, meaning
from secretariat.interop.models import ImportedEvent, ImportFile, ImportLine
from secretariat.interop.queries import places, visitors
from secretariat.interop.recognising import letters, recognised
from secretariat.practice.models import Staff

PAGE = 500
Opened = tuple[Agenda, calendar_plan.Plan, CalendarFile]


def open_calendar(file: ImportFile) -> Opened:
    """The agenda meant, the choices made, and every entry of the days asked.

    Raises:
        UnreadableCalendar, FileGone, BadInput.
    """
    plan = calendar_plan.read(file.options)
    agenda = places.agenda(file.practice_id, plan.agenda) if plan else None
    if plan is None or agenda is None:
        raise BadInput("Choisissez l’agenda dans lequel ce calendrier doit entrer.")
    zone = agenda.site.time_zone
    starts_at, ends_at = plan.window(zone)
    calendar = read_calendar(
        storage.path(file.stored_as), site_zone=zone, starts_at=starts_at, ends_at=ends_at
    )
    return agenda, plan, calendar


def take_in(
    file: ImportFile, *, by: Staff, at: datetime, trial: bool, told: Told, opened: Opened
) -> Tally:
    """Put every entry in its place; a trial does the same, then takes it all back.

    Runs inside the caller's transaction.

    Args:
        opened: what `open_calendar` answered, before that transaction: series may be long to
            compute.

    Raises:
        UnreadableCalendar, TooManyFaults, NotAllowed, BadInput; nothing is kept then.
    """
    agenda, plan, calendar = opened
    reading = _Reading(file, agenda, plan, by, at)
    with transaction.atomic():
        reading.take(calendar, told)
        if trial:
            transaction.set_rollback(True)
    reading.tally.write_lines()
    return reading.tally


class _Reading:
    """One calendar being placed in one agenda."""

    def __init__(
        self, file: ImportFile, agenda: Agenda, plan: calendar_plan.Plan, by: Staff, at: datetime
    ) -> None:
        self.tally = Tally(file)
        self._file, self._agenda, self._plan, self._by, self._at = file, agenda, plan, by, at
        self._today = clock.local_date(at, agenda.site.time_zone)
        self._reasons = visitors.reasons(file.practice_id)
        self._absences = Absences(agenda, by, at)
        self._entries: list[importing.Entry] = []
        self._asked: dict[str, tuple[Occurrence, Meaning]] = {}
        self._off: list[int] = []
        self._events: dict[str, ImportedEvent] = {}
        self._touched: dict[str, ImportedEvent] = {}
        self._answered: list[str] = []

    def take(self, calendar: CalendarFile, told: Told) -> None:
        """Decide entry by entry, then write all of them."""
        self._said_of_the_file(calendar)
        self.tally.total = len(calendar.occurrences)
        meant = [(one, meaning(one, self._plan.meant, self._today)) for one in calendar.occurrences]
        self._look_up(meant)
        for number, (entry, sort) in enumerate(meant, start=1):
            self._one(entry, sort)
            self.tally.done = number
            if number % PAGE == 0:
                told(number, self.tally.total)
        placed = importing.take_in(
            agenda=self._agenda, entries=self._entries, cancelled=self._off,
            source=self._file.name, by=self._by, at=self._at,
        )  # fmt: skip
        for key, (entry, sort) in self._asked.items():
            self._placed(entry, sort, placed[key])
        self._remember()

    def _said_of_the_file(self, calendar: CalendarFile) -> None:
        told = Counter(dict.fromkeys(calendar.warnings, 1))
        told["Événements hors de la période choisie."] = calendar.outside
        told["Tâches, notes ou disponibilités : non reprises."] = calendar.ignored
        self.tally.remarks += told  # what was counted zero times falls
        for fault in calendar.faults:
            self._fail(
                ImportLine(
                    number=fault.line,
                    kind=ImportLine.Kind.ERROR,
                    sentence=fault.sentence,
                    content={"cells": [fault.summary]},
                )
            )

    def _look_up(self, meant: list[tuple[Occurrence, Meaning]]) -> None:
        """Everything the decisions need, in a few statements for the whole calendar."""
        practice = self._file.practice_id
        sure = [sort.guess for _, sort in meant if sort.guess.sure_traits]
        self._visitors = visitors.Visitors(
            practice,
            {one.birth_date for one in sure if one.birth_date},
            {phone for one in sure for phone in one.phones},
        )
        self._events = visitors.events_of(self._agenda, {entry.key for entry, _ in meant})
        known = [event.appointment_id for event in self._events.values() if event.appointment_id]
        self._orphans = visitors.without_patient(practice, known)
        self._settled = visitors.settled(
            practice, [questions.key(self._agenda, entry) for entry, _ in meant]
        )

    def _one(self, entry: Occurrence, sort: Meaning) -> None:
        mark = fingerprint(entry, sort.sort)
        event = self._events.get(entry.key)
        if event is not None and event.fingerprint == mark:
            self._same_as_before(entry, sort, event)
        elif entry.cancelled or sort.sort is Sort.LEFT:
            self._left(entry, sort, event, mark)
        else:
            event = self._touch(entry, mark)
            if sort.sort is Sort.ABSENCE:
                self._absence(entry, sort, event)
            else:
                self._visit(entry, sort, event)

    def _same_as_before(self, entry: Occurrence, sort: Meaning, event: ImportedEvent) -> None:
        """The file says the same; whoever is on file since may now be recognised."""
        pk = event.appointment_id
        patient = self._patient(sort) if pk in self._orphans else None
        if pk is None or patient is None:
            self.tally.unchanged += 1
            return
        visit, who = visitors.pair(self._file.practice_id, pk, patient)
        attach_patient(appointment=visit, patient=who, by=self._by, at=self._at)
        self._answered.append(questions.key(self._agenda, entry))
        self.tally.changed += 1

    def _left(
        self, entry: Occurrence, sort: Meaning, event: ImportedEvent | None, mark: str
    ) -> None:
        """Cancelled, or free time: what an earlier import made of it goes."""
        if event is None:
            said = "Annulé dans le fichier." if entry.cancelled else sort.reason
            self.tally.remark(f"Laissés de côté : {said[0].lower()}{said[1:]}")
            return
        self._undo(self._touch(entry, mark))
        self.tally.changed += 1

    def _absence(self, entry: Occurrence, sort: Meaning, event: ImportedEvent) -> None:
        known = event.absence_id is not None
        self._undo(event)
        away = self._absences.take(entry.summary, sort.starts_at, sort.ends_at)
        event.absence_id = away.absence_id
        if away.clash:
            self._touched.pop(entry.key)  # asked again at the next import
            self._fail(questions.fault(self._agenda, entry, away.clash))
        elif away.absence_id is None:
            self.tally.unchanged += 1
        elif known:
            self.tally.changed += 1
        else:
            self.tally.created += 1

    def _visit(self, entry: Occurrence, sort: Meaning, event: ImportedEvent) -> None:
        if event.absence_id is not None:
            self._absences.cancel(event.absence_id)
            event.absence_id = None
        visit = sort.sort is Sort.VISIT
        self._asked[entry.key] = entry, sort
        self._entries.append(
            importing.Entry(
                key=entry.key,
                starts_at=sort.starts_at,
                ends_at=sort.ends_at,
                title=entry.summary or "Sans titre",
                note=entry.description[:500],
                patient_id=self._patient(sort) if visit else None,
                reason_id=self._reasons.get(letters(sort.guess.visit_reason)) if visit else None,
                appointment_id=event.appointment_id,
            )
        )

    def _placed(self, entry: Occurrence, sort: Meaning, placed: importing.Placed) -> None:
        """Count a visit written, and ask what has to be asked of it."""
        event = self._touched[entry.key]
        if placed.gone:
            self.tally.unchanged += 1
            return
        if event.appointment_id is None:
            self.tally.created += 1
        else:
            self.tally.changed += 1
        event.appointment_id = placed.appointment_id
        if placed.squeezed:
            self.tally.incomplete += 1
            self.tally.keep(questions.overlap(self._agenda, entry, sort, placed.appointment_id))
        key = questions.key(self._agenda, entry)
        if placed.patient_id is not None:
            self._answered.append(key)
        elif sort.sort is Sort.VISIT and key not in self._settled:
            self.tally.held += 1
            self.tally.keep(questions.who(self._agenda, entry, sort, placed.appointment_id))

    def _patient(self, sort: Meaning) -> int | None:
        guess = sort.guess
        return recognised(guess, self._visitors.of(guess.birth_date, guess.phones))

    def _undo(self, event: ImportedEvent) -> None:
        if event.appointment_id is not None:
            self._off.append(event.appointment_id)
        if event.absence_id is not None:
            self._absences.cancel(event.absence_id)
            event.absence_id = None

    def _touch(self, entry: Occurrence, mark: str) -> ImportedEvent:
        """The memory of an entry, to be written at the end."""
        event = self._events.get(entry.key) or ImportedEvent(
            practice_id=self._file.practice_id, agenda=self._agenda, key=entry.key
        )
        event.fingerprint = mark
        self._touched[entry.key] = event
        return event

    def _fail(self, line: ImportLine) -> None:
        self.tally.failed += 1
        self.tally.keep(line)

    def _remember(self) -> None:
        ImportedEvent.objects.bulk_create(
            self._touched.values(),
            batch_size=500,
            update_conflicts=True,
            unique_fields=["practice", "agenda", "key"],
            update_fields=["fingerprint", "appointment_id", "absence_id"],
        )
        ImportLine.objects.filter(
            practice_id=self._file.practice_id, key__in=self._answered, decided_at__isnull=True
        ).delete()
