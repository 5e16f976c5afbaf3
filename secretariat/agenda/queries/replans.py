"""What the replanning screens show, in a number of statements that does not grow with the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from secretariat.agenda import telling
from secretariat.agenda.actions.replanning.undoing import UNDONE_FOR
from secretariat.agenda.local_time import moment_of
from secretariat.agenda.models import Agenda, Replan, ReplanLine
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.replan_notices import PROPOSED
from secretariat.agenda.replanning.asked import problem
from secretariat.core import panels
from secretariat.notices.models import Notice
from secretariat.patients.models import ContactPoint

OTHERS = 9
"""Other times shown for one visit."""
ON_THE_WAY = timedelta(minutes=60)
"""Under this time before the visit, the patient may have left home."""
LATELY = timedelta(days=30)


_CORRECTIONS = {
    "promised": ("prévenu, correction à envoyer", "clock", "info"),
    "carried": ("prévenu, correction en cours d’envoi", "send", "info"),
    "told": ("prévenu, puis de la correction", "check", "good"),
    "unreached": ("prévenu, correction à dire : non joint", "message-circle-x", "bad"),
    "withdrawn": ("prévenu, correction devenue inutile", "message-off", ""),
    "closed": ("prévenu, correction close sans l’avoir dite", "message-off", "warn"),
}
"""By state of the notice that corrects: words, an icon and a look."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line, with what the screen says around it."""

    line: ReplanLine
    reached: str
    """How the patient can be told: "message", "phone", or "" for nothing known."""
    mark: dict[str, object]
    """Arrived, waiting: what the counter says of the visit."""
    notice: Notice | None = None
    correction: Notice | None = None
    """What says that the replan was taken back, to a patient who had heard of it."""
    home: bool = False
    """Late doctor: the patient has not left home yet, as far as one can know."""

    @property
    def kept(self) -> bool:
        """It goes where it was already."""
        line = self.line
        return line.agenda_id == line.was_in_id and line.starts_at == line.was_at

    @property
    def taken_back(self) -> tuple[str, str, str]:
        """What the patient knows once the replan is undone: words, an icon and a look."""
        if not self.line.heard:
            return "n’en avait rien su", "message-off", ""
        if self.correction is None:
            return "en avait été prévenu", "message-check", "warn"
        return _CORRECTIONS[self.correction.state]

    @property
    def css(self) -> str:
        """How the row looks."""
        if self.line.trouble:
            return "trouble"
        if self.line.choice == ReplanLine.Choice.MOVE and self.line.starts_at is None:
            return "nowhere"
        return "other" if self.line.choice != ReplanLine.Choice.MOVE else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole replan."""

    replan: Replan
    rows: list[Row] = field(default_factory=list)
    colleagues: list[Agenda] = field(default_factory=list)
    at: datetime | None = None

    def _count(self, choice: str) -> int:
        return sum(row.line.choice == choice for row in self.rows)

    @property
    def moved(self) -> int:
        """Visits that have a new time."""
        return sum(row.line.starts_at is not None and not row.kept for row in self.rows)

    @property
    def nowhere(self) -> int:
        """Visits without any time."""
        move = ReplanLine.Choice.MOVE
        return sum(row.line.choice == move and row.line.starts_at is None for row in self.rows)

    @property
    def cancelled(self) -> int:
        """Visits that will be cancelled."""
        return self._count("cancel")

    @property
    def recalled(self) -> int:
        """Visits kept to be recalled."""
        return self._count("recall")

    @property
    def left(self) -> int:
        """Visits left as they are."""
        return self._count("stay")

    @property
    def unreachable(self) -> int:
        """Patients for whom nothing is known."""
        return sum(not row.reached for row in self.rows)

    @property
    def other_doctor(self) -> int:
        """Visits that change of doctor."""
        return sum(
            row.line.agenda_id not in {None, row.line.was_in_id} for row in self.rows
        )  # fmt: skip

    @property
    def left_aside(self) -> int:
        """Of a replan taken back, the visits whose patients had chosen otherwise."""
        undone = self.replan.state == Replan.State.UNDONE
        return sum(row.line.done for row in self.rows) if undone else 0

    @property
    def undo_until(self) -> datetime | None:
        """Until when it may be taken back; None when it may not."""
        approved = self.replan.approved_at
        if self.replan.state != Replan.State.APPROVED or approved is None or self.at is None:
            return None
        until = approved + UNDONE_FOR
        return until if self.at <= until else None


def left_aside(replan: Replan) -> list[str]:
    """Of a replan taken back, the patients whose own answer stands."""
    lines = replan_facts.lines_of(replan)
    return [str(one.appointment.patient) for one in lines if one.done]


def replans_of(practice_id: int) -> QuerySet[Replan]:
    """The replans of a practice."""
    return Replan.objects.filter(practice_id=practice_id).select_related(
        "agenda__site",
        "agenda__practitioner",
        "absence",
        "closing__resource",
        "created_by",
        "approved_by",
        "ended_by",
    )


def lines_of(practice_id: int) -> QuerySet[ReplanLine]:
    """The lines of a practice's replans."""
    return ReplanLine.objects.filter(practice_id=practice_id).select_related(
        "replan__agenda__site", "appointment__patient", "appointment__reason", "was_in"
    )


def lately(practice_id: int, at: datetime) -> list[Replan]:
    """Drafts, and what was approved these last weeks, with their counts: one statement."""
    found = replans_of(practice_id).filter(
        Q(state=Replan.State.DRAFT) | Q(created_at__gte=at - LATELY)
    )
    counted = found.annotate(visits=Count("lines")).order_by("-created_at")
    return list(counted[:50])


def sheet(replan: Replan, at: datetime) -> Sheet:
    """Everything the page shows: six statements, seven once undone, whatever the lines."""
    lines = replan_facts.lines_of(replan)
    patients = [one.appointment.patient_id for one in lines if one.appointment.patient_id]
    reached: dict[int, str] = {}
    for point in ContactPoint.objects.filter(patient_id__in=patients):
        known = "message" if point.accepts_messages else "phone"
        if reached.get(point.patient_id) != "message":
            reached[point.patient_id] = known
    visits = [one.appointment_id for one in lines]
    marks = panels.marks(
        "agenda.appointment", practice_id=replan.practice_id, appointment_ids=visits, at=at
    )
    notices = Notice.objects.filter(
        practice_id=replan.practice_id, kind=PROPOSED, about_id__in=visits,
        cause__startswith=f"replan:{replan.pk}:",
    ).order_by("pk")  # fmt: skip
    told = {notice.about_id: notice for notice in notices}
    corrected = _corrections(replan, visits)
    rows = [
        Row(
            one, reached.get(one.appointment.patient_id or 0, ""),
            dict(marks.get(one.appointment_id, {})), told.get(one.appointment_id),
            corrected.get(one.appointment_id),
            home=_is_at_home(one, marks.get(one.appointment_id, {}), at),
        )
        for one in lines
    ]  # fmt: skip
    return Sheet(replan, rows, replan_facts.colleagues(replan.agenda), at)


def _corrections(replan: Replan, visits: list[int]) -> dict[int | None, Notice]:
    """What was promised when an undone replan was taken back, by visit."""
    if replan.state != Replan.State.UNDONE or replan.ended_at is None:
        return {}
    found = Notice.objects.filter(
        practice_id=replan.practice_id, kind__in=(telling.MOVED, telling.BOOKED),
        about_id__in=visits, created_at__gte=replan.ended_at,
    )  # fmt: skip
    first: dict[int | None, Notice] = {}
    for notice in found.order_by("pk"):
        first.setdefault(notice.about_id, notice)
    return first


@dataclass(frozen=True, slots=True)
class Other:
    """Another time that a visit could have."""

    agenda: Agenda
    starts_at: datetime
    same_doctor: bool
    days: int


def others(line: ReplanLine, at: datetime) -> list[Other]:
    """The next best times for one visit as the agenda is now, best first, two a day at most."""
    lines = replan_facts.lines_of(line.replan)
    for one in lines:
        one.pinned = one.pinned and one.pk != line.pk  # where it could go, were it not kept there
    draft = replan_facts.draft(line.replan, at, lines=lines)
    by_id = {one.id: one for one in draft.moving}
    if line.pk not in by_id:
        return []
    asked = problem([one for one in draft.moving if one.id == line.pk], draft.known)
    [visit] = asked.visits
    taken = {(one.agenda_id, one.starts_at) for one in lines if one.starts_at}
    found: list[Other] = []
    days: dict[tuple[object, int], int] = {}
    for cost, place in sorted(zip(visit.costs, visit.places, strict=True)):
        day = (asked.day(place.start), place.agenda_id)
        start = moment_of(place.start)
        if days.get(day, 0) >= 2 or (place.agenda_id, start) in taken or len(found) == OTHERS:
            continue
        days[day] = days.get(day, 0) + 1
        found.append(Other(draft.agendas[place.agenda_id], start, not cost.other, cost.days))
    return found


def _is_at_home(line: ReplanLine, mark: dict[str, object], at: datetime) -> bool:
    """Neither here nor, most likely, on the way."""
    here = mark.get("state") not in {None, "expected"}
    return not here and line.was_at - at >= ON_THE_WAY
