"""A quarter of an hour to take the whole replan back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from secretariat.agenda import telling
from secretariat.agenda.actions import placing
from secretariat.agenda.actions.absences import cancel_absence
from secretariat.agenda.actions.cancelling import restore
from secretariat.agenda.actions.moving import move
from secretariat.agenda.models import (
    Appointment,
    ReasonNeed,
    Recall,
    Replan,
    ReplanLine,
    ResourceClosing,
    ResourceUse,
)
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.replan_notices import PROPOSED
from secretariat.core.prepared import insert
from secretariat.core.refusal import NotAllowed, Refusal
from secretariat.notices.actions import withdraw
from secretariat.notices.models import Notice
from secretariat.outbox.models import Message
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

UNDONE_FOR = timedelta(minutes=15)


class TooLate(Refusal):
    """The quarter of an hour is over, or it was undone before."""


class CannotGoBack(Refusal):
    """A visit has changed since, or its former time is taken: nothing was undone."""


@transaction.atomic
def undo(*, replan: Replan, by: Staff, at: datetime) -> Replan:
    """Put every visit back where it was, and take the messages back: all or nothing.

    A visit that its own patient has cancelled or moved meanwhile by the link stays as they chose,
    its line still done: call them. The absence written with the replan is cancelled; where another
    shuts the former times, visits go back under the name of who may force. Who was told is told.

    Raises:
        TooLate, CannotGoBack, NotAllowed.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de reprendre une replanification.")
    current, approved = _in_time(replan, by, at)
    lines = [one for one in replan_facts.lines_of(current) if one.done]
    placing.lock(
        {one.was_in_id for one in lines} | {one.appointment.agenda_id for one in lines},
        *{one.appointment.reason_id for one in lines},
    )
    theirs = _chosen_by_patients(lines)
    lines = [one for one in lines if one.appointment_id not in theirs]
    gone = withdraw(
        practice_id=current.practice_id, kinds=(PROPOSED, telling.LATE), at=at,
        about_ids=[one.appointment_id for one in lines],
    )  # fmt: skip
    if current.with_absence and current.absence is not None:
        cancel_absence(absence=current.absence, by=by, at=at, offer=False)
    told = {notice.about_id for notice in gone} | _told_of_cancelling(lines, approved)
    for line in lines:
        line.heard = line.appointment_id in told
        _back(line, approved, told=line.heard, by=by, at=at)
        if current.closing is not None:
            _in_its_room(line, current.closing)
    ReplanLine.objects.bulk_update(lines, ["version", "done", "heard"])
    current.state, current.ended_at, current.ended_by = Replan.State.UNDONE, at, by
    current.version += 1
    current.save()
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb="agenda.undo_replan", subject=current,
        visits=len(lines), told=len(told), left=len(theirs),
    )  # fmt: skip
    return current


def _in_time(replan: Replan, by: Staff, at: datetime) -> tuple[Replan, datetime]:
    """The replan under its lock, and when it was approved."""
    current = (
        Replan.objects.select_for_update(of=("self",))
        .select_related("agenda__site", "absence", "closing")
        .get(pk=replan.pk, practice_id=by.practice_id)
    )
    approved = current.approved_at
    if current.state != Replan.State.APPROVED or approved is None or at > approved + UNDONE_FOR:
        raise TooLate(
            "Une replanification se reprend pendant 15 minutes : déplacez maintenant les "
            "rendez-vous un à un."
        )
    return current, approved


def _chosen_by_patients(lines: Sequence[ReplanLine]) -> set[int]:
    """The visits that changed since, because their patients answered so."""
    changed = [one for one in lines if one.appointment.version != one.version]
    said = Notice.objects.filter(
        practice_id__in={one.practice_id for one in changed}, kind=PROPOSED,
        about_id__in=[one.appointment_id for one in changed],
        answer__in=(Notice.Answer.CANCELLED, Notice.Answer.OTHER), state=Notice.State.TOLD,
    )  # fmt: skip
    return {pk for pk in said.values_list("about_id", flat=True) if pk is not None}


def _told_of_cancelling(lines: Sequence[ReplanLine], approved_at: datetime) -> set[int | None]:
    """The visits cancelled by the replan whose patient heard of it."""
    left = Q(message__state__in=(Message.State.SENT, Message.State.DELIVERED))
    found = Notice.objects.filter(
        Q(told_at__isnull=False) | left, kind=telling.CANCELLED, created_at__gte=approved_at,
        about_id__in=[one.appointment_id for one in lines],
    )  # fmt: skip
    return set(found.values_list("about_id", flat=True))


def _back(line: ReplanLine, approved_at: datetime, *, told: bool, by: Staff, at: datetime) -> None:
    visit = line.appointment
    try:
        if visit.version != line.version:
            raise CannotGoBack("Un autre poste l’a changé depuis.")
        if line.choice == ReplanLine.Choice.MOVE:
            visit = move(
                appointment=visit, version=line.version, to=line.was_in, starts_at=line.was_at,
                force=by.may("agenda.force"), by=by, at=at, tell=told, back=True,
            )  # fmt: skip
            if not told:  # what the replan took back before it left is true again
                telling.true_again(visit, by, at)
        else:
            visit = restore(appointment=visit, by=by, at=at)
            if line.choice == ReplanLine.Choice.RECALL:
                _no_recall(line, approved_at)
    except Refusal as refusal:
        raise CannotGoBack(
            f"{line.appointment.patient} : {refusal.sentence} Rien n’a été repris.",
            line=line.pk,
        ) from refusal
    line.version, line.done = visit.version, False


def _in_its_room(line: ReplanLine, closing: ResourceClosing) -> None:
    """The closed room is that of the visit again: closed or not, it is still to be replanned. Put
    back by force it took nothing: what else it needs is taken too, where it is free."""
    visit = Appointment.objects.get(pk=line.appointment_id)
    needs: dict[int, list[int]] = defaultdict(list)
    rows = ReasonNeed.objects.filter(reason_id=visit.reason_id).order_by("need", "pk")
    for need, resource in rows.values_list("need", "resource_id"):
        needs[need].append(resource)
    visit.resources_used.all().delete()
    for options in needs.values():
        closed_first = sorted(options, key=lambda one: one != closing.resource_id)
        any(_takes(visit, resource) for resource in closed_first)


def _takes(visit: Appointment, resource_id: int) -> bool:
    """Whether the visit could have it for all of its time."""
    use = ResourceUse(
        practice_id=visit.practice_id, appointment=visit, resource_id=resource_id,
        starts_at=visit.starts_at - timedelta(minutes=visit.minutes_before),
        ends_at=visit.ends_at + timedelta(minutes=visit.minutes_after),
    )  # fmt: skip
    return insert(use, unless_refused=True)


def _no_recall(line: ReplanLine, approved_at: datetime) -> None:
    Recall.objects.filter(
        practice_id=line.practice_id, patient=line.appointment.patient,
        reason=line.appointment.reason, created_at=approved_at,
    ).delete()  # fmt: skip
