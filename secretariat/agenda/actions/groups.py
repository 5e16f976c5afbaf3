"""Visits given together: all or none; then this one and those that follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from secretariat.agenda import typed_time
from secretariat.agenda.actions import placing
from secretariat.agenda.actions.booking import book
from secretariat.agenda.actions.cancelling import cancel, restore
from secretariat.agenda.actions.moving import move, standing
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Agenda, Appointment, VisitGroup, VisitReason
from secretariat.agenda.refused_words import clock_words, day_words
from secretariat.agenda.series import MOST
from secretariat.core import clock
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.notices.actions import hold_about
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


class NotTogether(Refusal):
    """One of the visits cannot be given, so none is. Facts: place (1 for the first)."""


class RestStays(Refusal):
    """Some of the visits that follow cannot move, so none does. Facts: stayed (`Stayed`)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of the visits to give."""

    agenda: Agenda
    """With its site."""
    patient: Patient
    reason: VisitReason
    starts_at: datetime
    """Aware, a whole minute."""
    minutes: int


@dataclass(frozen=True, slots=True)
class Stayed:
    """A visit that could not move, and why."""

    visit: Appointment
    why: str


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a visit stood before it was moved, and its version since."""

    visit: Appointment
    version: int
    agenda: Agenda
    starts_at: datetime
    squeezed: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a visit and of those that follow."""

    moved: list[Appointment] = field(default_factory=list)
    """In the order in which they left."""
    stood: list[Stood] = field(default_factory=list)
    """Where they were, in the same order."""
    stayed: list[Stayed] = field(default_factory=list)


@transaction.atomic
def book_together(
    *, visits: Sequence[Wanted], kind: str, by: Staff, at: datetime, label: str = ""
) -> VisitGroup:
    """Give all these visits, or none.

    Args:
        visits: in the order in which each must respect those before it.
        kind: one of `VisitGroup.Kind`.
        label: as the whole is said: « lundi et jeudi, 8 semaines ».

    Raises:
        NotTogether: one cannot be given; it says which, and why.
        NotAllowed, BadInput.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de donner des rendez-vous.")
    if kind not in VisitGroup.Kind.values or not 2 <= len(visits) <= MOST:
        raise BadInput(f"Il faut de 2 à {MOST} rendez-vous pour les donner ensemble.")
    placing.lock({one.agenda.pk for one in visits}, *{one.reason.pk for one in visits})
    group = VisitGroup.objects.create(
        practice_id=by.practice_id, kind=kind, label=" ".join(label.split())[:200],
        created_by=by, created_at=at,
    )  # fmt: skip
    for place, one in enumerate(visits, 1):
        with _named(place, one, len(visits)):
            book(
                agenda=one.agenda, patient=one.patient, reason=one.reason, minutes=one.minutes,
                starts_at=one.starts_at, group=group, by=by, at=at,
            )  # fmt: skip
    daybook.note(
        practice_id=by.practice_id, by=by, at=at, verb="agenda.book_together", subject=group,
        kind=kind, visits=len(visits),
    )  # fmt: skip
    return group


@transaction.atomic
def move_rest(
    *,
    appointment: Appointment,
    version: int,
    starts_at: datetime,
    by: Staff,
    at: datetime,
    to: Agenda | None = None,
    those_that_can: bool = False,
) -> Moved:
    """Move a visit, and those of its group that follow it by as many days and minutes.

    Days and minutes are those of the site's calendar and clock: 09:00 stays 09:00 after a clock
    change. Each visit is checked as when it is moved alone.

    Args:
        version: of this visit, as the person saw it.
        starts_at: the new time of this visit.
        to: another agenda, for this visit and those that were in the same.
        those_that_can: leave the others where they are, instead of moving none.

    Raises:
        RestStays, ChangedMeanwhile, AlreadyCancelled, NotAllowed.
    """
    visits = _this_and_rest(appointment, to)
    first = standing(appointment, version)
    zone = first.agenda.site.time_zone
    shift = _wall(starts_at, zone) - _wall(first.starts_at, zone)
    if shift > timedelta(0):
        visits.reverse()  # Forward, the last one goes first: it leaves its place to the others.
    done = Moved()
    for one in visits:
        # The agenda read with the first visit stands for all of it: one site, one clock.
        target = to if to and one.agenda_id == appointment.agenda_id else one.agenda
        try:
            when = starts_at if one.pk == first.pk else _shifted(one, shift, target)
            moved = move(
                appointment=one, version=one.version, to=target, starts_at=when, by=by, at=at
            )  # fmt: skip
            done.moved.append(moved)
            done.stood.append(Stood(moved, moved.version, one.agenda, one.starts_at, one.squeezed))
        except Refusal as refusal:
            done.stayed.append(Stayed(one, refusal.sentence))
    done.stayed.sort(key=lambda stayed: stayed.visit.starts_at)
    if done.stayed and not (those_that_can and done.moved):
        raise RestStays(_cannot_move(len(done.stayed), len(visits)), stayed=done.stayed)
    _note(first, "agenda.move_rest", by, at, moved=len(done.moved), stayed=len(done.stayed))
    return done


@transaction.atomic
def cancel_rest(
    *, appointment: Appointment, version: int, wanted_by: str, why: str, by: Staff, at: datetime
) -> list[Appointment]:
    """Cancel a visit and those of its group that follow it; answers them as they are now.

    Args:
        version: of this visit, as the person saw it.
        wanted_by, why: as for `cancel`.

    Raises:
        ChangedMeanwhile, AlreadyCancelled, NotAllowed, BadInput.
    """
    visits = _this_and_rest(appointment)
    first = standing(appointment, version)
    cancelled = [
        cancel(
            appointment=one, version=one.version, wanted_by=wanted_by, why=why, by=by, at=at
        )
        for one in visits
    ]  # fmt: skip
    _note(first, "agenda.cancel_rest", by, at, cancelled=len(cancelled), wanted_by=wanted_by)
    return cancelled


@transaction.atomic
def give_up(
    *, visits: Iterable[Appointment], versions: Mapping[int, int], by: Staff, at: datetime
) -> None:
    """Take back visits just given together: all or none.

    Args:
        versions: by key, as they were given.

    Raises:
        ChangedMeanwhile, AlreadyCancelled.
    """
    gone = list(visits)
    _lock({one.agenda_id for one in gone}, gone)
    for one in gone:
        cancel(
            appointment=one, version=versions[one.pk], wanted_by="mistake", why="", by=by, at=at
        )  # fmt: skip


@transaction.atomic
def put_back(*, stood: Iterable[Stood], by: Staff, at: datetime) -> None:
    """Put visits moved together back where they stood, whatever the rules say now, under the name
    of who may force them: all or none.

    Args:
        stood: in the order in which they were moved.

    Raises:
        ChangedMeanwhile, AlreadyCancelled, TimeTaken.
    """
    places = list(stood)
    agendas = {one.agenda.pk for one in places} | {one.visit.agenda_id for one in places}
    _lock(agendas, [one.visit for one in places])
    for one in reversed(places):
        move(
            appointment=one.visit, version=one.version, to=one.agenda, starts_at=one.starts_at,
            squeeze=one.squeezed, force=by.may("agenda.force"), by=by, at=at, back=True,
        )  # fmt: skip


@transaction.atomic
def restore_all(*, visits: Iterable[Appointment], by: Staff, at: datetime) -> None:
    """Give visits cancelled together their times again: all or none.

    Raises:
        TimeTaken: somebody else has one of them now.
    """
    back = list(visits)
    _lock({one.agenda_id for one in back}, back)
    for one in back:
        restore(appointment=one, by=by, at=at)


def _this_and_rest(appointment: Appointment, to: Agenda | None = None) -> list[Appointment]:
    """The visit and those of its group that stand and come after it, in order, their agendas
    locked; a visit that has no group stands alone."""
    group = Appointment.objects.filter(practice_id=appointment.practice_id)
    group = group.filter(group_id=appointment.group_id) if appointment.group_id else group.none()
    rest = list(
        (group | Appointment.objects.filter(pk=appointment.pk))
        .filter(starts_at__gte=appointment.starts_at, cancelled_at__isnull=True)
        .select_related("agenda__site", "reason", "patient")
        .order_by("starts_at", "pk")
    )
    agendas = {one.agenda_id for one in (*rest, appointment)} | ({to.pk} if to else set())
    _lock(agendas, rest)
    return rest


def _lock(agenda_ids: set[int], visits: Sequence[Appointment]) -> None:
    """The agendas, then what their patients are to be told: always before the day book."""
    placing.lock(agenda_ids, *{one.reason_id for one in visits})
    if visits:
        hold_about(practice_id=visits[0].practice_id, about_ids=[one.pk for one in visits])


def _shifted(one: Appointment, shift: timedelta, target: Agenda) -> datetime:
    wall = _wall(one.starts_at, one.agenda.site.time_zone) + shift
    return typed_time.moment(wall.date(), wall.time(), target.site.time_zone)


def _wall(moment: datetime, zone: str) -> datetime:
    """What calendar and clock of the site show, without its offset."""
    return clock.local(moment, zone).replace(tzinfo=None)


@contextmanager
def _named(place: int, one: Wanted, count: int) -> Iterator[None]:
    """A refusal says which of the visits it is about."""
    try:
        yield
    except Refusal as refusal:
        zone = one.agenda.site.time_zone
        local = clock.local(one.starts_at, zone)
        when = f"{day_words(local.date())} à {clock_words(minute_of(one.starts_at), zone)}"
        sentence = (
            f"Rendez-vous {place} sur {count}, {one.reason.name}, {when}, {one.agenda.name} : "
            f"{refusal.sentence} Aucun des {count} n’a été donné."
        )
        together = NotTogether(sentence, place=place)
        together.status = refusal.status
        raise together from refusal


def _cannot_move(stayed: int, count: int) -> str:
    which = "Un rendez-vous ne peut" if stayed == 1 else f"{stayed} rendez-vous ne peuvent"
    return f"{which} pas aller là, sur {count} : rien n’a été déplacé."


def _note(first: Appointment, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(
        practice_id=first.practice_id, by=by, at=at, verb=verb, subject=first.group or first,
        **detail,
    )  # fmt: skip
