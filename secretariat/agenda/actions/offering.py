"""Propose a freed time to those who wait; the next ones when the first do not answer.

The time is held while it is proposed. Whoever acts takes the practitioner's lock first, then the
freed time's row: two acceptances, a refusal, an expiry and a booking come one after the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from secretariat.agenda import waiting_notices
from secretariat.agenda.actions import placing
from secretariat.agenda.local_time import minute_of, moment_of
from secretariat.agenda.models import Agenda, FreedTime, Hold, WaitingOffer
from secretariat.agenda.queries.waiting import rules_of, writable
from secretariat.agenda.queries.waiting_fits import Fitting, Place, fits
from secretariat.agenda.waiting_order import answer_until, together
from secretariat.core.prepared import insert
from secretariat.core.refusal import NotAllowed, Refusal
from secretariat.outbox import opening
from secretariat.outbox.quiet_hours import allowed_from
from secretariat.practice.actions import automatic_post
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

SHORTEST = timedelta(minutes=10)
"""Less than that to answer: nobody is written to, the patients are called."""
WHILE_CALLING = timedelta(minutes=10)


class TimeOver(Refusal):
    """The freed time is given, closed or past."""


class NobodyToAsk(Refusal):
    """Nobody who waits could come, or could be written to."""


@transaction.atomic
def choose_time(
    *, agenda: Agenda, starts_at: datetime, ends_at: datetime, by: Staff, at: datetime
) -> FreedTime:
    """A free time of the grid that someone wants to propose; the one it is already, if it is.

    Raises:
        NotAllowed, TimeOver: it is past.
    """
    _allowed(by)
    if starts_at <= at:
        raise TimeOver("Ce temps est passé.")
    placing.lock([agenda.pk])
    freed = FreedTime.objects.filter(
        practice_id=by.practice_id, agenda=agenda, starts_at=starts_at, closed_at=None
    ).first()
    if freed is not None:
        return freed
    return FreedTime.objects.create(
        practice_id=by.practice_id, agenda=agenda, starts_at=starts_at, ends_at=ends_at,
        why=FreedTime.Why.CHOSEN, freed_at=at, freed_by=by,
    )  # fmt: skip


@transaction.atomic
def write_to(
    *, freed: FreedTime, by: Staff, at: datetime, only: Collection[int] = ()
) -> list[WaitingOffer]:
    """Propose a freed time by message to the first who could come; those who do not answer in
    time leave it to the next. Asked twice, it is proposed once.

    Args:
        only: keys of the waits to write to, instead of the first ones.

    Raises:
        NotAllowed, TimeOver, NobodyToAsk.
    """
    _allowed(by)
    current = held(freed)
    _still_to_give(current, at)
    if current.offers.filter(state=WaitingOffer.State.OPEN).exists():
        return []
    offers = _next(current, by, at, only)
    if not offers:
        raise NobodyToAsk(
            "Personne à qui écrire pour ce créneau : appelez les patients de la liste."
        )
    note(current, "waiting.offer", by, at, offers)
    return offers


@transaction.atomic
def pass_on(*, freed: FreedTime, at: datetime) -> list[WaitingOffer]:
    """Offers not answered in time, or not delivered, are over; the next patients are asked.

    Returns:
        The new offers; none while some wait for their answer still.
    """
    current = held(freed)
    if current.closed_at is not None:
        return []
    by = automatic_post(practice_id=current.practice_id, role_key="automaton", at=at)
    ended = _end_late(current, by, at)
    if current.starts_at <= at:
        let_go(current)
        close(current, FreedTime.State.CLOSED, at)
        return []
    if not ended or current.offers.filter(state=WaitingOffer.State.OPEN).exists():
        return []
    offers = go_on(current, by, at)
    note(current, "waiting.pass_on", by, at, offers, ended=len(ended))
    return offers


@transaction.atomic
def leave_free(*, freed: FreedTime, by: Staff, at: datetime) -> FreedTime:
    """Propose that time to nobody any more.

    Raises:
        NotAllowed.
    """
    _allowed(by)
    current = held(freed)
    if current.closed_at is not None:
        return current
    open_ones = list(current.offers.filter(state=WaitingOffer.State.OPEN))
    end(open_ones, WaitingOffer.State.TAKEN, by, at)
    waiting_notices.gone(open_ones, by, at)
    let_go(current)
    close(current, FreedTime.State.CLOSED, at)
    note(current, "waiting.leave_free", by, at, [])
    return current


@transaction.atomic
def leave_all_free(*, freed: Iterable[FreedTime], by: Staff, at: datetime) -> int:
    """Propose to nobody those that nobody was asked about yet; how many were left.

    Raises:
        NotAllowed.
    """
    _allowed(by)
    left, freed = 0, list(freed)
    placing.lock([one.agenda_id for one in freed])
    for one in sorted(freed, key=lambda one: one.pk):
        current = held(one)
        if current.state == FreedTime.State.OPEN and not current.offers.exists():
            let_go(current)
            close(current, FreedTime.State.CLOSED, at)
            note(current, "waiting.leave_free", by, at, [])
            left += 1
    return left


def begin(*, freed: FreedTime, at: datetime) -> list[WaitingOffer]:
    """Propose a freed time without anyone pressing; an urgent patient who must be called first
    is never passed by: then nothing is written, someone calls."""
    with transaction.atomic():
        current = held(freed)
        if current.state != FreedTime.State.OPEN or current.offers.exists():
            return []
        found = fits(place_of(current), at, most=50)
        if not found or (found[0].fit.wait.priority == 1 and not _writable([found[0]])):
            return []
        by = automatic_post(practice_id=current.practice_id, role_key="automaton", at=at)
        offers = _next(current, by, at)
        if offers:
            note(current, "waiting.offer", by, at, offers)
        return offers


def held(freed: FreedTime, *others: int | None, reason_id: int | None = None) -> FreedTime:
    """The freed time as it is now, nobody else acting on it nor on its practitioner's agendas.

    Args:
        others: agendas that will be written too, locked in the same breath.
    """
    placing.lock([freed.agenda_id, *(one for one in others if one)], reason_id)
    return (
        FreedTime.objects.select_for_update(of=("self",))
        .select_related("agenda__site", "agenda__practitioner")
        .get(pk=freed.pk, practice_id=freed.practice_id)
    )


def go_on(current: FreedTime, by: Staff, at: datetime) -> list[WaitingOffer]:
    """Nobody of those asked wants it: the next ones, or someone of the desk looks at it."""
    let_go(current)
    offers = _next(current, by, at) if current.passes_on else []
    if not offers:
        current.state, current.passes_on = FreedTime.State.OPEN, False
        current.save(update_fields=["state", "passes_on"])
    return offers


def let_go(current: FreedTime) -> None:
    """The time is held no more."""
    Hold.objects.filter(practice_id=current.practice_id, sheet=current.sheet).delete()


def keep(
    current: FreedTime, span: tuple[datetime, datetime], until: datetime, at: datetime
) -> bool:
    """Hold the time while it is proposed, under the automatic post; False when someone has it."""
    let_go(current)
    here = Hold.objects.filter(
        practice_id=current.practice_id, agenda_id=current.agenda_id, expires_at__lte=at
    )
    here.delete()
    automaton = automatic_post(practice_id=current.practice_id, role_key="automaton", at=at)
    hold = Hold(
        practice_id=current.practice_id, agenda_id=current.agenda_id, starts_at=span[0],
        ends_at=span[1], staff=automaton, sheet=current.sheet, expires_at=until,
    )  # fmt: skip
    return insert(hold, unless_refused=True)


def _next(
    current: FreedTime, by: Staff, at: datetime, only: Collection[int] = ()
) -> list[WaitingOffer]:
    """Hold the time and promise its messages to the first who could come; [] when none."""
    rules = rules_of(current.practice_id)
    found = _writable(fits(place_of(current), at))
    if only:
        found = [one for one in found if one.waiting.pk in only]
    chosen = together([one.fit for one in found], len(only) or rules.at_once)
    if not chosen:
        return []
    zone = current.agenda.site.time_zone
    first = min(fit.start for fit in chosen)
    last = max(fit.start + fit.wait.minutes for fit in chosen)
    # At night, on a Sunday, the messages wait: nobody answers what they have not received.
    leaves = allowed_from(at, opening.limits_of(current.practice_id))
    until = moment_of(answer_until(minute_of(leaves, up=True), rules.answer_minutes, first, zone))
    span = (moment_of(first), moment_of(last))
    if until - leaves < SHORTEST or not keep(current, span, until, at):
        return []
    by_wait = {one.waiting.pk: one for one in found}
    offers = []
    for fit in chosen:
        offer = offered(
            current, by_wait[fit.wait.id], how=WaitingOffer.How.MESSAGE, until=until, by=by, at=at
        )
        if offer is not None:
            waiting_notices.offered(offer, by, at)
            offers.append(offer)
    current.state, current.passes_on = FreedTime.State.OFFERED, True
    current.save(update_fields=["state", "passes_on"])
    return offers


def offered(
    current: FreedTime, one: Fitting, *, how: str, until: datetime, by: Staff, at: datetime
) -> WaitingOffer | None:
    """An offer to one person; None when they were asked already, or are asked something else."""
    offer = WaitingOffer(
        practice_id=current.practice_id, freed=current, waiting=one.waiting, how=how,
        starts_at=moment_of(one.fit.start),
        ends_at=moment_of(one.fit.start + one.fit.wait.minutes),
        offered_at=at, offered_by=by, expires_at=until,
    )  # fmt: skip
    return offer if insert(offer, unless_refused=True) else None


def place_of(current: FreedTime) -> Place:
    """What may be proposed there, to those who were not asked yet."""
    hold = Hold.objects.filter(practice_id=current.practice_id, sheet=current.sheet).first()
    asked = frozenset(current.offers.values_list("waiting_id", flat=True))
    return Place(current.agenda, current.starts_at, current.ends_at, hold.pk if hold else 0, asked)


def _writable(found: Sequence[Fitting]) -> list[Fitting]:
    """Those who may be written to."""
    may = writable({one.waiting.patient_id for one in found})
    return [one for one in found if one.waiting.patient_id in may]


def _end_late(current: FreedTime, by: Staff, at: datetime) -> list[WaitingOffer]:
    waiting = list(current.offers.filter(state=WaitingOffer.State.OPEN).select_related("waiting"))
    lost = waiting_notices.not_delivered(current.practice_id, [one.pk for one in waiting])
    left = [one for one in waiting if one.waiting.ended_at is not None]
    waiting = [one for one in waiting if one.waiting.ended_at is None]
    late = [one for one in waiting if one.expires_at <= at and one.pk not in lost]
    undelivered = [one for one in waiting if one.pk in lost]
    end(late, WaitingOffer.State.EXPIRED, by, at)
    end(undelivered, WaitingOffer.State.UNREACHED, by, at)
    end(left, WaitingOffer.State.REFUSED, by, at)
    waiting_notices.take_back(late + left, at)
    return late + undelivered + left


def end(offers: Iterable[WaitingOffer], state: str, by: Staff, at: datetime) -> None:
    """Offers are over."""
    for offer in offers:
        offer.state, offer.answered_at, offer.answered_by = state, at, by
        offer.save(update_fields=["state", "answered_at", "answered_by"])


def close(current: FreedTime, state: str, at: datetime) -> None:
    """The freed time is dealt with."""
    current.state, current.closed_at, current.passes_on = state, at, False
    current.save(update_fields=["state", "closed_at", "passes_on"])


def _still_to_give(current: FreedTime, at: datetime) -> None:
    if current.closed_at is not None:
        raise TimeOver("Ce créneau n’est plus à proposer : il est pris, ou laissé libre.")
    if current.starts_at <= at:
        raise TimeOver("Ce créneau est passé.")


def _allowed(by: Staff) -> None:
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de proposer des créneaux.")


def note(
    current: FreedTime, verb: str, by: Staff, at: datetime, offers: Sequence[WaitingOffer],
    **detail: Any,
) -> None:  # fmt: skip
    """The day book's line."""
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb=verb, subject=current,
        agenda=current.agenda_id, starts_at=current.starts_at.isoformat(),
        offers=[one.pk for one in offers], **detail,
    )  # fmt: skip
