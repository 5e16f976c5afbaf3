"""An offer is accepted or refused: by its patient through a link, or said on the telephone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.agenda import telling, waiting_notices
from secretariat.agenda.actions import offering
from secretariat.agenda.actions.booking import book
from secretariat.agenda.actions.moving import move
from secretariat.agenda.actions.offering import NobodyToAsk, TimeOver
from secretariat.agenda.actions.waiting import standing
from secretariat.agenda.models import Appointment, FreedTime, Waiting, WaitingOffer
from secretariat.agenda.queries.waiting_fits import fits
from secretariat.core.refusal import NotAllowed, Refusal
from secretariat.notices.actions import answer, withdraw
from secretariat.notices.models import Notice
from secretariat.practice.models import Staff
from secretariat.practice.roles import AUTOMATIC

STATE = WaitingOffer.State
_OVER = {
    STATE.TAKEN: "Ce créneau vient d’être pris par une autre personne.",
    STATE.EXPIRED: "Il est trop tard pour répondre : ce créneau a été proposé à d’autres.",
}


class OfferOver(Refusal):
    """The offer waits for no answer any more. Facts: offer."""


@transaction.atomic
def accept(*, offer: WaitingOffer, by: Staff, at: datetime) -> WaitingOffer:
    """Give the time to the first who accepts: their visit is booked, or moved there, the others
    are told. Accepted twice, it is given once.

    Returns:
        The offer: accepted, or « taken » when a patient's link comes after someone else's deed.

    Raises:
        NotAllowed, OfferOver; at the desk, what refuses the visit (TimeTaken, OutsideHours…).
    """
    current, one = _held(offer, by)
    if one.state == STATE.ACCEPTED:
        return one
    if one.state != STATE.OPEN:
        raise OfferOver(_OVER.get(STATE(one.state), "Cette proposition est terminée."), offer=one)
    if one.expires_at <= at:
        raise OfferOver(_OVER[STATE.EXPIRED], offer=one)
    return _give(current, one, by, at)


@transaction.atomic
def refuse(
    *, offer: WaitingOffer, by: Staff, at: datetime, state: str = STATE.REFUSED
) -> WaitingOffer:
    """The patient does not want it, or does not answer the telephone: they stay on the list, and
    when nobody asked is left, the next are asked.

    Args:
        state: REFUSED or NO_ANSWER.

    Raises:
        NotAllowed, OfferOver: it was accepted.
    """
    current, one = _held(offer, by)
    if one.state == STATE.ACCEPTED:
        raise OfferOver("Ce créneau a déjà été accepté : annulez le rendez-vous.", offer=one)
    if one.state != STATE.OPEN:
        return one
    offering.end([one], state, by, at)
    _said(one, Notice.Answer.OTHER, by, at)
    offers = []
    if not current.offers.filter(state=STATE.OPEN).exists():
        offers = offering.go_on(current, by, at)
    offering.note(current, "waiting.refuse", by, at, offers, offer=one.pk, state=state)
    return one


@transaction.atomic
def by_phone(
    *, freed: FreedTime, waiting: Waiting, answer: str, by: Staff, at: datetime
) -> WaitingOffer:
    """What someone said on the telephone of a freed time, whether or not they were written to.

    Args:
        answer: ACCEPTED, REFUSED or NO_ANSWER.

    Raises:
        NotAllowed, TimeOver, NobodyToAsk: they could not come; what refuses the visit.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de donner des rendez-vous.")
    current = offering.held(freed, _moving_from(waiting), reason_id=waiting.reason_id)
    if current.closed_at is not None or current.starts_at <= at:
        raise TimeOver("Ce créneau n’est plus à proposer : il est pris, passé ou laissé libre.")
    offer = current.offers.filter(waiting=waiting).first() or _called(current, waiting, by, at)
    if answer != STATE.ACCEPTED:
        return refuse(offer=offer, by=by, at=at, state=answer)
    one = _fresh(offer)
    if one.state == STATE.ACCEPTED:
        return one
    return _give(current, one, by, at)


@transaction.atomic
def keep_while_calling(*, freed: FreedTime, by: Staff, at: datetime) -> bool:
    """Hold a freed time for ten minutes, so that no other desk takes it during the calls.

    Returns:
        Whether it is held; an offer by message holds it already.

    Raises:
        NotAllowed, TimeOver.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de tenir un créneau.")
    current = offering.held(freed)
    if current.closed_at is not None or current.starts_at <= at:
        raise TimeOver("Ce créneau n’est plus à proposer.")
    if current.offers.filter(state=STATE.OPEN).exists():
        return True
    span = (current.starts_at, current.ends_at)
    return offering.keep(current, span, at + offering.WHILE_CALLING, at)


def _held(offer: WaitingOffer, by: Staff) -> tuple[FreedTime, WaitingOffer]:
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de donner des rendez-vous.")
    seen = _fresh(offer)
    waiting = seen.waiting
    current = offering.held(seen.freed, _moving_from(waiting), reason_id=waiting.reason_id)
    return current, _fresh(offer)


def _fresh(offer: WaitingOffer) -> WaitingOffer:
    return WaitingOffer.objects.select_related(
        "freed", "waiting__visit", "waiting__patient", "waiting__reason"
    ).get(pk=offer.pk, practice_id=offer.practice_id)


def _moving_from(waiting: Waiting) -> int | None:
    return waiting.visit.agenda_id if waiting.visit else None


def _called(current: FreedTime, waiting: Waiting, by: Staff, at: datetime) -> WaitingOffer:
    """Someone is called: an offer without a message, where their visit would fit."""
    for one in fits(offering.place_of(current), at):
        if one.waiting.pk == waiting.pk:
            until = at + offering.WHILE_CALLING
            offer = offering.offered(
                current, one, how=WaitingOffer.How.PHONE, until=until, by=by, at=at
            )
            if offer is not None:
                return offer
    raise NobodyToAsk("Ce patient ne peut plus venir à ce créneau : rouvrez la liste.")


def _give(current: FreedTime, one: WaitingOffer, by: Staff, at: datetime) -> WaitingOffer:
    """The visit, or why not: at the desk the rule that refuses is shown, a patient reads that the
    time is taken."""
    offering.let_go(current)
    try:
        with transaction.atomic():
            one.appointment = _visit(current, one, by, at)
    except Refusal:
        if by.role_key not in AUTOMATIC:
            raise
        offering.end([one], STATE.TAKEN, by, at)
        if not current.offers.filter(state=STATE.OPEN).exists():
            offering.go_on(current, by, at)
        offering.note(current, "waiting.too_late", by, at, [], offer=one.pk)
        return one
    one.state, one.answered_at, one.answered_by = STATE.ACCEPTED, at, by
    one.save(update_fields=["state", "answered_at", "answered_by", "appointment"])
    others = list(current.offers.filter(state=STATE.OPEN).select_related("waiting"))
    offering.end(others, STATE.TAKEN, by, at)
    waiting_notices.gone(others, by, at)
    _said(one, Notice.Answer.CONFIRMED, by, at)
    offering.close(current, FreedTime.State.FILLED, at)
    offering.note(current, "waiting.accept", by, at, others, offer=one.pk, visit=one.appointment.pk)
    return one


def _visit(current: FreedTime, one: WaitingOffer, by: Staff, at: datetime) -> Appointment:
    """Book, or move earlier the visit that the patient has; the wait ends first."""
    waiting = standing(one.waiting)
    waiting.ended_at, waiting.ended_by, waiting.outcome = at, by, Waiting.Outcome.BOOKED
    waiting.version += 1
    waiting.save(update_fields=["ended_at", "ended_by", "outcome", "version"])
    visit = waiting.visit
    minutes = round((one.ends_at - one.starts_at).total_seconds() / 60)
    if visit is None or visit.cancelled_at is not None:
        return book(
            agenda=current.agenda, patient=waiting.patient, reason=waiting.reason,
            starts_at=one.starts_at, minutes=minutes, by=by, at=at,
        )  # fmt: skip
    moved = move(
        appointment=visit, version=visit.version, to=current.agenda, starts_at=one.starts_at,
        minutes=minutes, by=by, at=at, tell=False,
    )  # fmt: skip
    # They chose the hour themselves: a confirmation is a courtesy, the former hour is no more.
    withdraw(practice_id=by.practice_id, kinds=telling.STANDING, about_ids=[moved.pk], at=at)
    telling.booked(moved, by, at)
    return moved


def _said(one: WaitingOffer, said: str, by: Staff, at: datetime) -> None:
    """The answer, in the ledger; a message that has not left is withdrawn."""
    waiting_notices.take_back([one], at)
    notice = waiting_notices.notice_of(one)
    if notice is not None and (notice.told_at is not None or by.role_key == "patient_link"):
        answer(notice=notice, answer=said, by=by, at=at)
