"""Drafts whose visits are of several agendas: a room is closed, or rules changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from secretariat.agenda.actions import closings
from secretariat.agenda.actions.replanning.drafting import (
    NothingToReplan,
    may_replan,
    propose,
    take_lines,
)
from secretariat.agenda.models import Appointment, Replan, ReplanLine, ResourceClosing
from secretariat.agenda.queries import replan_facts
from secretariat.core.refusal import BadInput
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


@transaction.atomic
def replan_closing(*, closing: ResourceClosing, by: Staff, at: datetime) -> Replan:
    """Begin to replan the visits that take a room while it is closed, or find the draft that
    another desk began. Who can keep their hour in another room does.

    Raises:
        NothingToReplan, NotAllowed, BadInput.
    """
    may_replan(by)
    if found := Replan.objects.filter(closing=closing, state=Replan.State.DRAFT).first():
        return found
    if closing.cancelled_at is not None or closing.ends_at <= at:
        raise BadInput("Cette fermeture est finie ou annulée : rien n’est à replanifier.")
    span = max(closing.starts_at, at), closing.ends_at
    return _begin(closings.visits_hit(closing), span, by, at, closing=closing)


@transaction.atomic
def replan_visits(*, visits: Sequence[Appointment], by: Staff, at: datetime) -> Replan:
    """Begin to replan these visits, that changed rules left outside, or find their draft.

    Args:
        visits: standing, of one practice, with their agendas.

    Raises:
        NothingToReplan, NotAllowed, BadInput.
    """
    may_replan(by)
    coming = [one for one in visits if one.starts_at >= at and one.patient_id]
    if not coming:
        raise NothingToReplan("Aucun rendez-vous à venir n’est touché : rien n’est à replanifier.")
    if found := _same_draft(coming):
        return found
    span = coming[0].starts_at, max(one.ends_at for one in coming)
    return _begin(coming, span, by, at, of_rules=True)


def _same_draft(visits: Sequence[Appointment]) -> Replan | None:
    """The draft of exactly these visits."""
    wanted = {one.pk for one in visits}
    lines = ReplanLine.objects.filter(
        appointment_id__in=wanted, replan__of_rules=True, replan__state=Replan.State.DRAFT
    )
    for found in Replan.objects.filter(pk__in=lines.values("replan_id")).order_by("-pk"):
        mine = ReplanLine.objects.filter(replan=found, companion=False)
        if set(mine.values_list("appointment_id", flat=True)) == wanted:
            return found
    return None


def _begin(
    visits: Sequence[Appointment],
    span: tuple[datetime, datetime],
    by: Staff,
    at: datetime,
    *,
    closing: ResourceClosing | None = None,
    of_rules: bool = False,
) -> Replan:
    """A draft under the agenda of its first visit; each looks for its own doctor first, then for
    those of the same speciality at the same site."""
    hit = [one for one in visits if one.patient_id and one.starts_at >= at]
    if not hit:
        raise NothingToReplan("Aucun rendez-vous à venir n’est touché : rien n’est à replanifier.")
    agendas = {one.agenda_id: one.agenda for one in hit}
    colleagues = {other.pk for one in agendas.values() for other in replan_facts.colleagues(one)}
    made = Replan.objects.create(
        practice_id=by.practice_id, agenda=hit[0].agenda, closing=closing, of_rules=of_rules,
        starts_at=span[0], ends_at=span[1], created_at=at, created_by=by,
        accepted=list(dict.fromkeys((*agendas, *sorted(colleagues)))),
    )  # fmt: skip
    count = take_lines(made, [one.pk for one in hit], since=at)
    propose(made, by=by, at=at)
    daybook.note(
        practice_id=made.practice_id, by=by, at=at, verb="agenda.replan", subject=made,
        starts_at=span[0], ends_at=span[1], visits=count,
        closing=closing.pk if closing else None, of_rules=of_rules,
    )  # fmt: skip
    return made
