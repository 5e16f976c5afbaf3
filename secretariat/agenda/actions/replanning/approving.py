"""One approval: everything in one transaction, or nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from secretariat.agenda import telling
from secretariat.agenda.actions import placing
from secretariat.agenda.actions.cancelling import cancel
from secretariat.agenda.actions.moving import (
    AlreadyCancelled,
    ChangedMeanwhile,
    change_rooms,
    move,
)
from secretariat.agenda.actions.recalls import Due, RecalledAlready, Silent, recall
from secretariat.agenda.actions.replanning.drafting import a_draft, let_go, propose
from secretariat.agenda.models import Appointment, Replan, ReplanLine
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.replan_notices import PROPOSED
from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.notices.actions import hold_about, promise, withdraw
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

ANSWER_WITHIN = timedelta(hours=24)
"""How long an answer is awaited, at most until half of the time left before the visit."""


class _SomeTaken(Exception):
    def __init__(self, troubles: dict[int, Refusal]) -> None:
        self.troubles = troubles


@dataclass(frozen=True, slots=True)
class Approval:
    """What became of it: all is written, or nothing and these lines have a new proposal."""

    replan: Replan
    again: list[ReplanLine] = field(default_factory=list)

    @property
    def written(self) -> bool:
        """Whether everything was written."""
        return not self.again


def approve(*, replan: Replan, by: Staff, at: datetime) -> Approval:
    """Write the whole plan in one transaction; when a time was taken meanwhile nothing is written,
    and that patient alone gets another proposal, around those of the others.

    Raises:
        NoLongerADraft, NotAllowed.
    """
    try:
        return Approval(_write(replan, by, at))
    except _SomeTaken as taken:
        return _again(replan, taken.troubles, by, at)


@transaction.atomic
def _write(replan: Replan, by: Staff, at: datetime) -> Replan:
    current = a_draft(replan, by)
    lines = replan_facts.lines_of(current)
    agendas = {one.was_in_id for one in lines} | {one.agenda_id or one.was_in_id for one in lines}
    placing.lock(agendas, *{one.appointment.reason_id for one in lines})
    visits = [one.appointment_id for one in lines]
    hold_about(practice_id=current.practice_id, about_ids=visits)
    let_go(current, lines)
    troubles = _move_all(lines, by, at, rooms_change=not current.empties)
    if troubles:
        raise _SomeTaken(troubles)
    for line in lines:
        if line.choice in {ReplanLine.Choice.CANCEL, ReplanLine.Choice.RECALL}:
            troubles |= _cancel(line, by, at)
    if troubles:
        raise _SomeTaken(troubles)
    ReplanLine.objects.bulk_update(lines, ["version", "done", "trouble"])
    current.state, current.approved_at, current.approved_by = Replan.State.APPROVED, at, by
    current.version += 1
    current.save()
    counts = {
        choice: sum(one.done and one.choice == choice for one in lines)
        for choice in ReplanLine.Choice.values
    }
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb="agenda.approve_replan",
        subject=current, **counts,
    )  # fmt: skip
    return current


def _move_all(
    lines: list[ReplanLine], by: Staff, at: datetime, *, rooms_change: bool
) -> dict[int, Refusal]:
    """Each in turn; who is refused tries again after the others: times kept for emergencies are
    free for nobody else until the emergencies have theirs."""
    # From the last one of the day: who comes later leaves the place to who comes before.
    waiting = [
        one for one in reversed(lines)
        if one.choice == ReplanLine.Choice.MOVE and one.starts_at
        and (not _stays(one) or (rooms_change and not one.companion))
    ]  # fmt: skip
    troubles: dict[int, Refusal] = {}
    while waiting:
        refused: list[ReplanLine] = []
        troubles = {}
        for line in waiting:
            try:
                with transaction.atomic():
                    _move(line, by, at)
            except Refusal as refusal:
                refused.append(line)
                troubles[line.pk] = refusal
        if len(refused) == len(waiting):
            break
        waiting = refused
    return troubles


def _stays(line: ReplanLine) -> bool:
    return line.agenda_id == line.was_in_id and line.starts_at == line.was_at


def _move(line: ReplanLine, by: Staff, at: datetime) -> None:
    if _stays(line):
        # The patient keeps the hour: only the room is another, nobody has to be told.
        kept = change_rooms(appointment=line.appointment, version=line.version, by=by, at=at)
        line.version, line.trouble = kept.version, ""
        return
    moved = move(
        appointment=line.appointment, version=line.version, to=line.agenda,
        starts_at=line.starts_at, by=by, at=at, tell=False,
        force=line.shifted and by.may("agenda.force"),
    )  # fmt: skip
    line.version, line.done, line.trouble = moved.version, True, ""
    tell(line, moved, by, at)


def tell(line: ReplanLine, visit: Appointment, by: Staff, at: datetime) -> None:
    """Promise the patient to propose the new time, and to wait for an answer; a practitioner who
    is late asks for none."""
    if visit.patient_id is None:
        return
    if line.shifted:
        telling.late(visit, line.was_at, by, at)
        return
    withdraw(practice_id=visit.practice_id, kinds=telling.STANDING, about_ids=[visit.pk], at=at)
    starts = visit.starts_at.isoformat()
    promise(
        practice_id=visit.practice_id, kind=PROPOSED,
        cause=f"replan:{line.replan_id}:{line.pk}:{visit.version}", patient_id=visit.patient_id,
        about_id=visit.pk, about_at=visit.starts_at, due_at=at + telling.SETTLED,
        answer_by=min(at + ANSWER_WITHIN, at + (visit.starts_at - at) / 2), by=by, at=at,
        detail={"starts_at": starts, "before": line.was_at.isoformat()},
    )  # fmt: skip


def _cancel(line: ReplanLine, by: Staff, at: datetime) -> dict[int, Refusal]:
    visit = line.appointment
    try:
        with transaction.atomic():
            gone = cancel(
                appointment=visit, version=line.version, wanted_by="practice",
                why="à rappeler" if line.choice == ReplanLine.Choice.RECALL else "replanification",
                by=by, at=at,
            )  # fmt: skip
            if line.choice == ReplanLine.Choice.RECALL:
                _to_be_recalled(line, by, at)
    except Refusal as refusal:
        return {line.pk: refusal}
    line.version, line.done, line.trouble = gone.version, True, ""
    return {}


def _to_be_recalled(line: ReplanLine, by: Staff, at: datetime) -> None:
    """On the list of those to be seen again, unless they are there already or asked not to be."""
    visit = line.appointment
    if visit.patient is None or visit.reason is None:
        return
    day = clock.local_date(at, visit.agenda.site.time_zone)
    with suppress(RecalledAlready, Silent), transaction.atomic():
        recall(
            patient=visit.patient, reason=visit.reason, due=Due(day), by=by, at=at,
            practitioner=line.was_in.practitioner, note="Rendez-vous annulé par le cabinet",
        )  # fmt: skip


@transaction.atomic
def _again(replan: Replan, troubles: dict[int, Refusal], by: Staff, at: datetime) -> Approval:
    """Those refused are proposed another time; all the others stay where they were proposed."""
    current = a_draft(replan, by)
    lines = replan_facts.lines_of(current)
    pinned_here = []
    for line in lines:
        refusal = troubles.get(line.pk)
        if refusal is None:
            if line.choice == ReplanLine.Choice.MOVE and line.starts_at and not line.pinned:
                line.pinned = True
                pinned_here.append(line.pk)
            continue
        line.trouble = refusal.sentence.removesuffix(" : rien n’a été écrit.")[:300]
        line.pinned = False
        if isinstance(refusal, ChangedMeanwhile | AlreadyCancelled):
            # Someone dealt with this visit: it is theirs.
            line.choice = ReplanLine.Choice.STAY
            line.trouble = "Un autre poste a changé ce rendez-vous : il est laissé tel quel."
    ReplanLine.objects.bulk_update(lines, ["pinned", "trouble", "choice"])
    propose(current, by=by, at=at)
    ReplanLine.objects.filter(pk__in=pinned_here).update(pinned=False)
    again = [one for one in replan_facts.lines_of(current) if one.pk in troubles]
    return Approval(current, again)
