"""The draft: which visits, their proposed times, and these times kept from others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import datetime, timedelta

from django.db import transaction

from secretariat.agenda.actions import absences
from secretariat.agenda.local_time import moment_of
from secretariat.agenda.models import Absence, Agenda, Appointment, Hold, Replan, ReplanLine
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.replanning.apart import child
from secretariat.agenda.replanning.asked import problem
from secretariat.agenda.replanning.problem import Place, Problem
from secretariat.agenda.replanning.words import why
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

HELD_FOR = timedelta(minutes=20)
"""How long proposed times are kept from others, after the last thing done on the draft."""
SECONDS = 3.0
"""How long the best plan is looked for, while someone waits."""
MOST = 200


class NothingToReplan(Refusal):
    """No visit stands in that time."""


class NoLongerADraft(Refusal):
    """The replan was approved or given up, perhaps at another desk."""


@dataclass(frozen=True, slots=True)
class Period:
    """When an agenda cannot receive, and whether that is to be written as an absence."""

    starts_at: datetime
    ends_at: datetime
    close: bool = False
    label: str = ""


@transaction.atomic
def replan(
    *,
    agenda: Agenda,
    period: Period,
    by: Staff,
    at: datetime,
    absence: Absence | None = None,
    accepted: Sequence[Agenda] = (),
) -> Replan:
    """Begin to replan the visits of a time, or find the draft that another desk began.

    Args:
        agenda: with its site and practitioner.
        period: what is over already is left as it is; `close` writes the absence as well.
        absence: the one that shuts this time, when it is written already.
        accepted: colleagues who may see these patients.

    Raises:
        NothingToReplan, AlreadyAway, NotAllowed, BadInput.
    """
    may_replan(by)
    starts_at = max(period.starts_at, at)
    known = Replan.objects.filter(agenda=agenda, state=Replan.State.DRAFT)
    if absence is not None:
        known = known.filter(absence=absence)
    else:
        known = known.filter(starts_at__lt=period.ends_at, ends_at__gt=starts_at)
    if found := known.first():
        return found
    if period.ends_at <= starts_at:
        raise BadInput("Cette période est passée : rien n’est à replanifier.")
    if period.close:
        absence = absences.absent(
            agenda=agenda, starts_at=starts_at, ends_at=period.ends_at, label=period.label,
            by=by, at=at,
        ).absence  # fmt: skip
    made = Replan.objects.create(
        practice_id=agenda.practice_id, agenda=agenda, absence=absence,
        with_absence=period.close, starts_at=starts_at, ends_at=period.ends_at,
        accepted=[agenda.pk, *(one.pk for one in accepted)], created_at=at, created_by=by,
    )  # fmt: skip
    during = absences.visits_during(agenda, starts_at, period.ends_at)
    hit = [one.pk for one in during if one.patient_id and one.starts_at >= starts_at]
    count = take_lines(made, hit, since=starts_at)
    propose(made, by=by, at=at)
    daybook.note(
        practice_id=made.practice_id, by=by, at=at, verb="agenda.replan", subject=made,
        agenda=agenda.pk, starts_at=starts_at, ends_at=period.ends_at, visits=count,
    )  # fmt: skip
    return made


def take_lines(made: Replan, visits: Sequence[int], *, since: datetime) -> int:
    """Write the visits that cannot stand, and those that go with them: how many.

    Raises:
        NothingToReplan, BadInput.
    """
    hit = list(
        Appointment.objects.filter(pk__in=visits)
        .select_related("group", "agenda")
        .order_by("starts_at", "pk")
    )
    if not hit:
        raise NothingToReplan("Aucun rendez-vous à venir n’est touché : rien n’est à replanifier.")
    if len(hit) > MOST:
        raise BadInput(f"{len(hit)} rendez-vous : replanifiez {MOST} à la fois, au plus.")
    with_them = [one for one in replan_facts.companions(hit) if one.starts_at >= since]
    ReplanLine.objects.bulk_create(
        ReplanLine(
            practice_id=made.practice_id, replan=made, appointment=one, was_in_id=one.agenda_id,
            was_at=one.starts_at, version=one.version, companion=companion,
        )
        for some, companion in ((hit, False), (with_them, True))
        for one in some
    )  # fmt: skip
    return len(hit) + len(with_them)


@transaction.atomic
def look_again(
    *, replan: Replan, by: Staff, at: datetime, accepted: Sequence[Agenda] | None = None
) -> Replan:
    """Look for the best times again, around what was chosen by hand.

    Args:
        accepted: other colleagues than before.

    Raises:
        NoLongerADraft, NotAllowed.
    """
    current = a_draft(replan, by)
    if accepted is not None:
        current.accepted = [current.agenda_id, *(one.pk for one in accepted)]
    propose(current, by=by, at=at)
    return current


@transaction.atomic
def drop(*, replan: Replan, by: Staff, at: datetime) -> Replan:
    """Give a draft up: nothing moved, its times are free again; the absence stays.

    Raises:
        NoLongerADraft, NotAllowed.
    """
    current = a_draft(replan, by)
    let_go(current)
    current.state, current.ended_at, current.ended_by = Replan.State.DROPPED, at, by
    current.version += 1
    current.save()
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb="agenda.drop_replan", subject=current
    )
    return current


def a_draft(replan: Replan, by: Staff) -> Replan:
    """The replan as it is now, held until commit; refused when it is no draft any more."""
    may_replan(by)
    current = (
        Replan.objects.select_for_update(of=("self",))
        .select_related("agenda__site", "agenda__practitioner", "absence", "closing__resource")
        .get(pk=replan.pk, practice_id=by.practice_id)
    )
    if current.state != Replan.State.DRAFT:
        raise NoLongerADraft(
            "Cette replanification n’est plus en préparation : un autre poste l’a validée ou "
            "abandonnée. Rechargez la page."
        )
    return current


def propose(replan: Replan, *, by: Staff, at: datetime) -> None:
    """Write the best times on the lines that nobody pinned, and keep all of them from others."""
    child.warm()
    draft = replan_facts.draft(replan, at)
    asked = problem(draft.moving, draft.known)
    lines = {line.pk: line for line in draft.lines}
    asked = _that_suit(asked, replan, lines)
    near = {one.id: one.proposed for one in draft.moving if one.proposed}
    plan = child.best(asked, seconds=SECONDS, near=near)
    doctors = {pk: agenda.name for pk, agenda in draft.agendas.items()}
    by_id = {one.id: one for one in draft.moving}
    for line in draft.lines:
        if line.shifted and line.choice == ReplanLine.Choice.MOVE:
            continue
        if line.pk not in by_id:
            line.agenda_id, line.starts_at, line.why = None, None, ""
            continue
        place = plan.places.get(line.pk)
        if line.pinned and place is None:
            # Two were pinned at one time: neither is thrown away silently.
            line.trouble = "L’heure choisie n’est pas libre : choisissez-en une autre."
            continue
        line.agenda_id = place.agenda_id if place else None
        line.starts_at = moment_of(place.start) if place else None
        line.why = why(by_id[line.pk], place, asked, doctors)[:200]
    ReplanLine.objects.bulk_update(draft.lines, ["agenda", "starts_at", "why", "trouble"])
    replan.proven, replan.milliseconds = plan.proven, round(plan.seconds * 1000)
    keep(replan, draft.lines, by=by, at=at)
    replan.version += 1
    replan.save()


def _that_suit(asked: Problem, replan: Replan, lines: dict[int, ReplanLine]) -> Problem:
    """Without the times refused on the screen, nor those that the draft is there to empty."""
    visits = []
    for visit in asked.visits:
        pairs = [
            (place, cost) for place, cost in zip(visit.places, visit.costs, strict=True)
            if _suits(place, replan, lines[visit.id])
        ]  # fmt: skip
        visits.append(
            changed(visit, places=[one for one, _ in pairs], costs=[one for _, one in pairs])
        )
    return changed(asked, visits=visits)


def _suits(place: Place, replan: Replan, line: ReplanLine) -> bool:
    if line.pinned:
        return True
    emptied = (
        replan.empties
        and place.agenda_id == replan.agenda_id
        and (replan.starts_at <= moment_of(place.start) < replan.ends_at)
    )
    return not emptied and [place.agenda_id, place.start] not in line.refused


def keep(replan: Replan, lines: Sequence[ReplanLine], *, by: Staff, at: datetime) -> None:
    """Keep the proposed times from others, under the name of who works on the draft now."""
    let_go(replan, lines)
    wanted = [one for one in lines if one.starts_at and one.agenda_id]
    agendas = {one.agenda_id for one in wanted if one.agenda_id}
    replan.held_until = at + HELD_FOR
    Hold.objects.filter(
        practice_id=replan.practice_id, agenda_id__in=agendas, expires_at__lte=at
    ).delete()
    Hold.objects.bulk_create(
        [
            Hold(
                practice_id=replan.practice_id, agenda_id=one.agenda_id or 0,
                starts_at=one.starts_at,
                ends_at=one.starts_at + (one.appointment.ends_at - one.appointment.starts_at),
                staff=by, sheet=one.sheet, expires_at=replan.held_until,
            )
            for one in wanted
            if one.starts_at and not _is_its_own(one)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _is_its_own(line: ReplanLine) -> bool:
    return line.agenda_id == line.was_in_id and line.starts_at == line.was_at


def let_go(replan: Replan, lines: Sequence[ReplanLine] | None = None) -> None:
    """The times of a draft are free for others."""
    sheets = (
        [one.sheet for one in lines]
        if lines is not None
        else list(ReplanLine.objects.filter(replan=replan).values_list("sheet", flat=True))
    )
    Hold.objects.filter(practice_id=replan.practice_id, sheet__in=sheets).delete()


def may_replan(by: Staff) -> None:
    """Refuse a post that does not hold `agenda.book`."""
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de replanifier des rendez-vous.")
