"""One line of a draft: another time, a time chosen by hand, another fate."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from secretariat.agenda.actions import placing
from secretariat.agenda.actions.replanning.drafting import a_draft, let_go, propose
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Agenda, Replan, ReplanLine
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.queries.replan_facts import ask_of
from secretariat.agenda.refused_time import why_not
from secretariat.agenda.wishes import Wish
from secretariat.core.refusal import BadInput
from secretariat.practice.models import Staff

LATEST = 240


@transaction.atomic
def choose(*, line: ReplanLine, choice: str, by: Staff, at: datetime) -> Replan:
    """Move a visit, cancel it, keep it to be recalled, or leave it; the rest is looked at again.

    Raises:
        NoLongerADraft, NotAllowed, BadInput.
    """
    if choice not in ReplanLine.Choice.values:
        raise BadInput("Choisissez : déplacer, annuler, à rappeler, ou laisser.")
    current, mine = _held(line, by)
    mine.choice, mine.pinned, mine.shifted, mine.trouble = choice, False, False, ""
    mine.save(update_fields=["choice", "pinned", "shifted", "trouble"])
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
    ReplanLine.objects.filter(replan=current).update(
        choice=choice, pinned=False, shifted=False, trouble=""
    )
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
    mine.agenda, mine.starts_at, mine.shifted = agenda, starts_at, False
    mine.save(update_fields=["choice", "pinned", "trouble", "agenda", "starts_at", "shifted"])
    propose(current, by=by, at=at)
    return current


@transaction.atomic
def shift(*, replan: Replan, minutes: int, by: Staff, at: datetime) -> Replan:
    """The practitioner is late: everyone so many minutes later, past the closing hour if need be.

    Raises:
        NoLongerADraft, NotAllowed, BadInput.
    """
    if not 5 <= minutes <= LATEST:
        raise BadInput(f"Un retard se dit de 5 à {LATEST} minutes : au-delà, replanifiez.")
    current = a_draft(replan, by)
    lines = list(ReplanLine.objects.filter(replan=current, companion=False))
    for line in lines:
        line.choice, line.shifted, line.pinned, line.trouble = (
            ReplanLine.Choice.MOVE,
            True,
            True,
            "",
        )
        line.agenda_id, line.starts_at = line.was_in_id, line.was_at + timedelta(minutes=minutes)
        line.why = f"{minutes} min plus tard, le jour même"
    fields = ["choice", "shifted", "pinned", "trouble", "agenda", "starts_at", "why"]
    ReplanLine.objects.bulk_update(lines, fields)
    stay = ReplanLine.objects.filter(replan=current, companion=True)
    stay.update(choice=ReplanLine.Choice.STAY)
    propose(current, by=by, at=at)
    return current


@transaction.atomic
def hand_over(*, replan: Replan, to: Agenda, by: Staff, at: datetime) -> Replan:
    """Give the visits to someone else at the same hours, as far as their agenda is free then; the
    others are looked for as before.

    Args:
        to: of a colleague, or of a locum who holds an agenda of their own.

    Raises:
        NoLongerADraft, NotAllowed.
    """
    current = a_draft(replan, by)
    if to.pk not in current.accepted:
        current.accepted = [*current.accepted, to.pk]
    let_go(current)
    draft = replan_facts.draft(current, at)
    lines = {line.pk: line for line in draft.lines}
    for one in draft.moving:
        facts = draft.known.facts.get((to.pk, one.ask.reason))
        line = lines[one.id]
        if facts is None or to.pk not in one.agendas or why_not(facts, one.start, one.ask):
            continue
        line.agenda, line.starts_at, line.pinned = to, line.was_at, True
    ReplanLine.objects.bulk_update(draft.lines, ["agenda", "starts_at", "pinned"])
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
    mine.pinned, mine.shifted, mine.refused = False, False, []
    mine.save(update_fields=["pinned", "shifted", "refused"])
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
        mine.pinned = mine.shifted = False
        mine.save(update_fields=["pinned", "shifted", "refused"])
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
