"""What the board, the rail and the agenda read of the day's passages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.models import Agenda, Appointment
from secretariat.practice.models import Staff
from secretariat.reception.actions.visits import times
from secretariat.reception.models import Call, Visit
from secretariat.reception.steps import STATES, next_steps, state_of, too_long, waiting_minutes

# The event classes of the agenda screen, see docs/design.md.
_CLASSES = {
    "expected": "st-expected", "arrived": "st-arrived", "called": "st-called",
    "entered": "st-inside", "left": "st-left", "missed": "st-absent",
}  # fmt: skip


@dataclass
class Passage:
    """One line of the board: an appointment, where the patient is, what may come next."""

    appointment: Appointment
    times: dict[str, datetime | None]
    at: datetime
    unexpected: bool = False

    @property
    def state(self) -> str:
        """expected, arrived, called, entered, left or missed."""
        return state_of(self.times)

    @property
    def word(self) -> str:
        """The state in French."""
        return STATES[self.state][0]

    @property
    def icon(self) -> str:
        """The state's icon."""
        return STATES[self.state][1]

    @property
    def kind(self) -> str:
        """The badge's colour."""
        if too_long(self.waited):
            return "bad"
        kinds = {"arrived": "warn", "called": "info", "entered": "violet", "left": "good"}
        return kinds.get(self.state, "")

    @property
    def waited(self) -> int | None:
        """Minutes in the waiting room so far."""
        return waiting_minutes(self.times, self.at)

    @property
    def too_long(self) -> bool:
        """Whether the wait stands out."""
        return too_long(self.waited)

    @property
    def over(self) -> bool:
        """Whether this passage is finished."""
        return self.state in ("left", "missed")

    @property
    def late(self) -> bool:
        """Expected, and the time is past."""
        return self.state == "expected" and self.appointment.starts_at < self.at

    @property
    def steps(self) -> list[Any]:
        """The steps one key away; a patient still to come is not marked absent in advance."""
        return [step for step in next_steps(self.state) if step.key != "miss" or self.late]


@dataclass
class Column:
    """A practitioner's day on the board."""

    agenda: Agenda
    passages: list[Passage] = field(default_factory=list)

    @property
    def to_come(self) -> list[Passage]:
        """Those the day still holds, in their order."""
        return [passage for passage in self.passages if not passage.over]

    @property
    def over(self) -> list[Passage]:
        """Those who left or did not come."""
        return [passage for passage in self.passages if passage.over]

    @property
    def waiting(self) -> list[Passage]:
        """Who is in the waiting room, the longest first."""
        here = [passage for passage in self.passages if passage.state in ("arrived", "called")]
        return sorted(here, key=lambda passage: passage.times["arrived_at"] or passage.at)


def board(practice_id: int, day: date, at: datetime) -> list[Column]:
    """The day of every agenda: three queries, whatever the number of visits."""
    agendas = list(
        Agenda.objects.filter(practice_id=practice_id, active=True)
        .select_related("site", "practitioner")
        .order_by("position", "name", "pk")
    )
    columns = {agenda.pk: Column(agenda) for agenda in agendas}
    if not agendas:
        return []
    since, until = _bounds(agendas[0].site.time_zone, day)
    appointments = (
        Appointment.objects.filter(
            practice_id=practice_id,
            agenda_id__in=list(columns),
            starts_at__gte=since,
            starts_at__lt=until,
            cancelled_at__isnull=True,
            patient__isnull=False,
        )
        .select_related("patient", "reason")
        .order_by("starts_at", "pk")
    )
    visits = visits_of(practice_id, [appointment.pk for appointment in appointments])
    for appointment in appointments:
        visit = visits.get(appointment.pk)
        unexpected = visit.unexpected if visit else False
        passage = Passage(appointment, times(visit), at, unexpected)
        columns[appointment.agenda_id].passages.append(passage)
    return list(columns.values())


def visits_of(practice_id: int, appointment_ids: Iterable[int]) -> dict[int, Visit]:
    """The passages begun, by appointment."""
    begun = Visit.objects.filter(practice_id=practice_id, appointment_id__in=list(appointment_ids))
    return {visit.appointment_id: visit for visit in begun}


def appointment_marks(
    practice_id: int, appointment_ids: list[int], at: datetime
) -> dict[int, dict[str, Any]]:
    """Panel « agenda.appointment »: each visit's state, for the agenda screen."""
    marks: dict[int, dict[str, Any]] = {}
    for pk, visit in visits_of(practice_id, appointment_ids).items():
        passed = times(visit)
        state = state_of(passed)
        waited = waiting_minutes(passed, at)
        word, icon = STATES[state]
        css = "st-late-wait" if too_long(waited) else _CLASSES[state]
        marks[pk] = {"state": state, "word": word, "icon": icon, "css": css, "waited": waited}
    return marks


def rail(staff: Staff, at: datetime) -> list[dict[str, Any]]:
    """Panel « rail »: who waits too long, what was promised on the telephone."""
    if not staff.may("reception.read"):
        return []
    waiting = Visit.objects.filter(
        practice_id=staff.practice_id,
        arrived_at__isnull=False,
        arrived_at__gte=at.replace(hour=0, minute=0),
        entered_at__isnull=True,
        left_at__isnull=True,
    ).values_list("arrived_at", flat=True)
    waited = [int((at - arrived).total_seconds() // 60) for arrived in waiting if arrived]
    door = [
        {"label": "Attend depuis plus de 15 min", "icon": "alarm", "kind": "urgent",
         "number": sum(map(too_long, waited)), "name": "reception:day"},
        {"label": "En salle d’attente", "icon": "armchair", "kind": "waiting",
         "number": len(waited), "name": "reception:day"},
    ]  # fmt: skip
    return door + (_promises(staff, at) if staff.may("reception.work") else [])


def _promises(staff: Staff, at: datetime) -> list[dict[str, Any]]:
    """What was promised on the telephone, for those who may open the list."""
    promised, messages = _telephone(staff, at)
    return [
        {"label": "Rappels promis", "icon": "phone-outgoing", "number": promised[0],
         "kind": "urgent" if promised[1] else "waiting", "name": "reception:calls"},
        {"label": "Messages à transmettre", "icon": "message", "kind": "waiting",
         "number": messages, "name": "reception:calls"},
    ]  # fmt: skip


def _telephone(staff: Staff, at: datetime) -> tuple[tuple[int, int], int]:
    """(promises to keep, those already late), and messages not yet dealt with."""
    open_calls = Call.objects.filter(
        practice_id=staff.practice_id, settled_at__isnull=True, closed_at__isnull=False
    ).filter(Q(call_back_by__isnull=False) | Q(outcome=Call.Outcome.MESSAGE))
    due = list(open_calls.values_list("call_back_by", "outcome"))
    promises = [by for by, _ in due if by is not None]
    late = sum(by < at for by in promises)
    return (len(promises), late), sum(by is None for by, _ in due)


def _bounds(zone: str, day: date) -> tuple[datetime, datetime]:
    start, end = day_bounds(day, zone)
    return moment_of(start), moment_of(end)
