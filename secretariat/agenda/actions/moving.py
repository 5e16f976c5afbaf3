"""Move a visit: another time, another practitioner, another length."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from secretariat.agenda import loading, telling
from secretariat.agenda.actions import following, placing
from secretariat.agenda.facts import Ask
from secretariat.agenda.models import Agenda, Appointment
from secretariat.agenda.wishes import Wish
from secretariat.core.refusal import NotAllowed, Refusal
from secretariat.practice.models import Staff


class ChangedMeanwhile(Refusal):
    """Another desk changed this visit. Facts: appointment, as it is now."""


class AlreadyCancelled(Refusal):
    """The visit was cancelled before."""


@transaction.atomic
def move(
    *,
    appointment: Appointment,
    version: int,
    by: Staff,
    at: datetime,
    to: Agenda | None = None,
    starts_at: datetime | None = None,
    minutes: int | None = None,
    squeeze: bool = False,
    force: bool = False,
    tell: bool = True,
    back: bool = False,
) -> Appointment:
    """Move a visit; what is not given stays as it was.

    Args:
        version: the one the person saw; another means somebody was quicker.
        to: another agenda of the practice.
        starts_at, minutes, squeeze, force: as for `book`.
        tell: promise the patient to tell them; False when something else does.
        back: a move is undone; the place that is left was free before, nobody waits for it.

    Raises:
        ChangedMeanwhile, AlreadyCancelled, TimeTaken, OutsideHours, NotAllowed.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de déplacer des rendez-vous.")
    target = to or appointment.agenda
    placing.lock([appointment.agenda_id, target.pk], appointment.reason_id)
    current = standing(appointment, version)
    before = {"agenda": current.agenda_id, "starts_at": current.starts_at.isoformat()}
    length = minutes or round((current.ends_at - current.starts_at).total_seconds() / 60)
    wish = Wish(
        target, starts_at or current.starts_at, as_given(current, length, at), by, at,
        squeeze=squeeze, force=force, ignoring=current.pk,
    )  # fmt: skip
    place = placing.check(wish)
    stood, site = following.place_of(current), current.agenda.site_id
    _put(current, wish, place)
    if tell:
        telling.moved(current, stood.starts_at, by, at, site_before=site)
    if not back:
        following.moved(current, stood, by, at)
    placing.note(current, "agenda.move", by, at, before=before)
    return current


def _put(visit: Appointment, wish: Wish, place: placing.Place) -> None:
    placing.give_rooms_back(visit)
    if visit.starts_at != wish.starts_at:
        visit.confirmed_at = None
    visit.agenda, visit.starts_at, visit.ends_at = wish.agenda, wish.starts_at, wish.ends_at
    for name, value in placing.marks(squeeze=wish.squeeze, rule=place.rule, by=wish.by).items():
        setattr(visit, name, value)
    visit.version += 1
    placing.write(visit, wish, place)


@transaction.atomic
def change_rooms(*, appointment: Appointment, version: int, by: Staff, at: datetime) -> Appointment:
    """Take other rooms for a visit that keeps its time: its own are closed, or not the right ones.

    Raises:
        ChangedMeanwhile, AlreadyCancelled, TimeTaken, OutsideHours, NotAllowed.
    """
    if not by.may("agenda.book"):
        raise NotAllowed("Votre rôle ne permet pas de déplacer des rendez-vous.")
    placing.lock([appointment.agenda_id], appointment.reason_id)
    current = standing(appointment, version)
    length = round((current.ends_at - current.starts_at).total_seconds() / 60)
    asked = as_given(current, length, at)
    wish = Wish(current.agenda, current.starts_at, asked, by, at, ignoring=current.pk)
    place = placing.check(wish)
    placing.give_rooms_back(current)
    current.version += 1
    current.save(update_fields=["version"])
    placing.take_rooms(current, wish, place.rooms)
    placing.note(current, "agenda.change_rooms", by, at, rooms=[room.id for room in place.rooms])
    return current


def as_given(visit: Appointment, minutes: int, at: datetime) -> Ask:
    """The visit as it was given, asked for again: its own minutes around it, its reason's rooms."""
    wheelchair = bool(visit.patient and visit.patient.needs_wheelchair)
    asked = loading.ask(visit.reason, minutes, at=at, wheelchair=wheelchair)
    return replace(asked, before=visit.minutes_before, after=visit.minutes_after)


def standing(appointment: Appointment, version: int) -> Appointment:
    """The visit as it is now, held; refused if cancelled or changed since `version`."""
    current = placing.fresh(appointment.pk, appointment.practice_id)
    if current.cancelled_at is not None:
        raise AlreadyCancelled("Ce rendez-vous est déjà annulé : rien n’a été changé.")
    if current.version != version:
        raise ChangedMeanwhile(
            "Un autre poste vient de modifier ce rendez-vous : rien n’a été changé, le voici.",
            appointment=current,
        )
    return current
