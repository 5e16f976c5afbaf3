"""One line of a draft: another time, a time chosen by hand, another fate."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda.actions import placing
from secretariat.agenda.actions.replanning.drafting import a_draft, let_go, propose
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Agenda, Replan, ReplanLine
from secretariat.agenda.queries.replan_facts import ask_of
from secretariat.agenda.wishes import Wish
from secretariat.core.refusal import BadInput
from secretariat.practice.models import Staff


@transaction.atomic
def choose(*, line: ReplanLine, choice: str, by: Staff, at: datetime) -> Replan:
    """Move a visit, cancel it, keep it to be recalled, or leave it; the rest is looked at again.

    Raises:
        NoLongerADraft, NotAllowed, BadInput.
    """
    if choice not in ReplanLine.Choice.values:
        raise BadInput("Choisissez : déplacer, annuler, à rappeler, ou laisser.")
    current, mine = _held(line, by)
    mine.choice, mine.pinned, mine.trouble = choice, False, ""
    mine.save(update_fields=["choice", "pinned", "trouble"])
    propose(current, by=by, at=at)
    return current


@transaction.atomic
def choose_all(*, replan: Replan, choice: str, by: Staff, at: datetime) -> Replan:
    """The same fate for all the visits.

    Raises:
        NoLongerADraft, NotAllowed, BadInput.
    """
    if choice not in ReplanLine.Choice.values:
        raise BadInput("Choisissez : déplacer, annuler, à rappeler, ou laisser.")
    current = a_draft(replan, by)
    ReplanLine.objects.filter(replan=current).update(choice=choice, pinned=False, trouble="")
    propose(current, by=by, at=at)
    return current


@transaction.atomic
def place(
    *, line: ReplanLine, agenda: Agenda, starts_at: datetime, by: Staff, at: datetime
) -> Replan:
    """Give a visit the time that someone chose, pin it there, and look at the rest again.

    Raises:
        TimeTaken, OutsideHours: the agenda's rules, as when it is moved alone.
        NoLongerADraft, NotAllowed, BadInput.
    """
    current, mine = _held(line, by)
    let_go(current)  # What this draft keeps does not hinder itself: the rest moves away.
    ask = ask_of(mine.appointment, at)
    placing.check(Wish(agenda, starts_at, ask, by, at, ignoring=mine.appointment_id))
    mine.choice, mine.pinned, mine.trouble = ReplanLine.Choice.MOVE, True, ""
    mine.agenda, mine.starts_at = agenda, starts_at
    mine.save(update_fields=["choice", "pinned", "trouble", "agenda", "starts_at"])
    propose(current, by=by, at=at)
    return current


@transaction.atomic
def pin(*, line: ReplanLine, by: Staff, at: datetime) -> Replan:
    """Keep the time proposed, whatever is looked for after.

    Raises:
        NoLongerADraft, NotAllowed.
    """
    current, mine = _held(line, by)
    if mine.starts_at is not None:
        mine.pinned = True
        mine.save(update_fields=["pinned"])
        _touched(current, at)
    return current


@transaction.atomic
def unpin(*, line: ReplanLine, by: Staff, at: datetime) -> Replan:
    """Let the search find its time again.

    Raises:
        NoLongerADraft, NotAllowed.
    """
    current, mine = _held(line, by)
    mine.pinned, mine.refused = False, []
    mine.save(update_fields=["pinned", "refused"])
    propose(current, by=by, at=at)
    return current


@transaction.atomic
def another(*, line: ReplanLine, by: Staff, at: datetime) -> Replan:
    """Not this time: the next best, around all the others.

    Raises:
        NoLongerADraft, NotAllowed.
    """
    current, mine = _held(line, by)
    if mine.starts_at is not None and mine.agenda_id is not None:
        mine.refused = [*mine.refused, [mine.agenda_id, minute_of(mine.starts_at)]]
        mine.pinned = False
        mine.save(update_fields=["pinned", "refused"])
    propose(current, by=by, at=at)
    return current


def _held(line: ReplanLine, by: Staff) -> tuple[Replan, ReplanLine]:
    current = a_draft(line.replan, by)
    mine = ReplanLine.objects.select_related(
        "appointment__reason", "appointment__patient"
    ).get(pk=line.pk, replan=current)  # fmt: skip
    return current, mine


def _touched(replan: Replan, at: datetime) -> None:
    replan.version += 1
    replan.save(update_fields=["version"])
