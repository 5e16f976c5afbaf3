"""May this visit stand there? The rules answer first, the database has the last word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from secretariat.agenda.facts import AgendaFacts, Room
from secretariat.agenda.free_time import free_starts, nearest, rooms_for
from secretariat.agenda.local_time import moment_of
from secretariat.agenda.models import Appointment, ResourceUse
from secretariat.agenda.refused_time import BY_VISITS, Cause, NotFree, why_not, without_visits
from secretariat.agenda.refused_words import sentence
from secretariat.agenda.wishes import Wish, facts_around
from secretariat.core import clock
from secretariat.core.prepared import fetch, insert
from secretariat.core.refusal import BadInput, NotAllowed, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

LONGEST_MINUTES = 480
_PEOPLE, _ROOMS = 7302, 7303
_CONSTRAINT = "no_accidental_double_booking"


class TimeTaken(Refusal):
    """Someone has this time already. Facts: nearest (aware datetimes), agenda, may_squeeze."""


class OutsideHours(Refusal):
    """The agenda's rules close this time. Facts: nearest, agenda, may_force, rule."""


class NotOnTheGrid(BadInput):
    """A time or a length that no visit can have."""


_LOCKS = """
SELECT pg_advisory_xact_lock(class, key) FROM (
    SELECT %(people)s AS class, (practitioner_id %% 2147483647)::int AS key
    FROM agenda_agenda WHERE id = ANY(%(agendas)s::bigint[])
    UNION
    SELECT %(rooms)s, (resource_id %% 2147483647)::int
    FROM agenda_reasonneed WHERE reason_id = ANY(%(reasons)s::bigint[])
    ORDER BY 1, 2 OFFSET 0
) AS wanted
"""


def lock(agenda_ids: Iterable[int], *reason_ids: int | None) -> None:
    """One writer at a time for each practitioner, whatever their agendas, and for each room that
    the reasons may take, until commit; always in the same order, so that none waits in a ring."""
    fetch(_LOCKS, {
        "people": _PEOPLE, "rooms": _ROOMS,
        "agendas": sorted(set(agenda_ids)), "reasons": [one for one in reason_ids if one],
    })  # fmt: skip


def lock_room(resource_id: int) -> None:
    """Nobody takes that room until commit; after people, before no other room."""
    fetch("SELECT pg_advisory_xact_lock(%s, (%s %% 2147483647)::int)", [_ROOMS, resource_id])


@dataclass(frozen=True, slots=True)
class Place:
    """The answer of the rules: what was forced, as a sentence ("" for none), and which rooms."""

    rule: str = ""
    rooms: tuple[Room, ...] = ()


def check(wish: Wish) -> Place:
    """Let the rules speak.

    Raises:
        NotOnTheGrid, TimeTaken, OutsideHours, NotAllowed.
    """
    _whole(wish.starts_at, wish.ask.minutes)
    facts = facts_around(wish)
    why = why_not(facts, wish.start, wish.ask)
    if why is not None and why.first_cause in BY_VISITS and not wish.squeeze:
        raise _taken(wish)
    if wish.squeeze:
        # A squeeze stands beside visits, not outside the hours, and takes no room.
        why = why_not(without_visits(facts), wish.start, wish.ask)
        return Place(_forced(wish, facts, why))
    rule = _forced(wish, facts, why)
    return Place(rule, tuple(rooms_for(facts, wish.ask, wish.start) or ()))


def rooms_again(wish: Wish) -> Place:
    """The rooms of a visit that comes back: its time was its own, only the constraint may refuse.

    Raises:
        TimeTaken: every room it could have is someone else's now, and it was not given without.
    """
    if wish.squeeze or not wish.ask.reason:
        return Place()
    facts = facts_around(wish)
    rooms = rooms_for(facts, wish.ask, wish.start)
    if rooms is None and not wish.force:
        raise _taken(wish)
    return Place(rooms=tuple(rooms or ()))


def _forced(wish: Wish, facts: AgendaFacts, why: NotFree | None) -> str:
    """The rule that is forced, in words; "" when none stands in the way."""
    if why is None:
        return ""
    words = _in_words(wish)
    may_force = wish.by.may("agenda.force")
    if not wish.force:
        free = around(facts, wish)
        raise OutsideHours(words, nearest=free, agenda=wish.agenda, may_force=may_force)
    if not may_force:
        role = wish.by.role.label
        raise NotAllowed(f"Votre rôle ({role}) ne permet pas de sortir des règles. {words}")
    return words[:200]


def _in_words(wish: Wish) -> str:
    """Why not, with who wrote the rule: names are read only when there is something to tell."""
    facts = facts_around(wish, names=True)
    why = why_not(without_visits(facts) if wish.squeeze else facts, wish.start, wish.ask)
    return sentence(why) if why else "La règle vient de changer : demandez encore."


def _taken(wish: Wish) -> TimeTaken:
    """The polite refusal of a time that is no longer free, with the nearest free ones."""
    facts = facts_around(wish, names=True)
    why = why_not(facts, wish.start, wish.ask)
    local = clock.local(wish.starts_at, wish.agenda.site.time_zone)
    told = f"{local:%H:%M} vient d’être pris dans l’agenda de {wish.agenda.name}"
    if why and why.first_cause in {Cause.BUFFER, Cause.ROOM_CLOSED}:
        told = sentence(why)[:-1]
    return TimeTaken(
        f"{told} : rien n’a été écrit.",
        nearest=around(facts, wish),
        agenda=wish.agenda,
        may_squeeze=True,
    )


def around(facts: AgendaFacts, wish: Wish) -> list[datetime]:
    """The three free times of the day nearest to the one refused."""
    day = clock.local_date(wish.starts_at, facts.hours.site.zone)
    free = list(free_starts(facts, day, 1, wish.ask))
    return [moment_of(minute) for minute in nearest(free, wish.start)]


def write(appointment: Appointment, wish: Wish, place: Place) -> None:
    """Write the visit and the rooms it takes; the constraints have the last word.

    Raises:
        TimeTaken: someone was quicker, whatever the rules thought.
    """
    if appointment._state.adding:
        if not insert(appointment, unless_refused=True):
            raise _taken(wish)
        take_rooms(appointment, wish, place.rooms)
        return
    try:
        with transaction.atomic():
            appointment.save()
    except IntegrityError as error:
        if _CONSTRAINT not in str(error):
            raise
        raise _taken(wish) from error
    take_rooms(appointment, wish, place.rooms)


def take_rooms(appointment: Appointment, wish: Wish, rooms: Iterable[Room]) -> None:
    """The rooms of a visit, from its preparation to its cleaning, instead of those it had.

    Raises:
        TimeTaken: someone was quicker.
    """
    for room in rooms:
        use = ResourceUse(
            practice_id=appointment.practice_id,
            appointment=appointment,
            resource_id=room.id,
            starts_at=appointment.starts_at - timedelta(minutes=appointment.minutes_before),
            ends_at=appointment.ends_at + timedelta(minutes=appointment.minutes_after),
        )
        if not insert(use, unless_refused=True):
            raise _taken(wish)


def give_rooms_back(*appointments: Appointment) -> None:
    """The rooms of visits that are cancelled or moved are free for others."""
    ResourceUse.objects.filter(appointment__in=appointments).delete()


def _whole(starts_at: datetime, minutes: int) -> None:
    if starts_at.second or starts_at.microsecond:
        raise NotOnTheGrid("Une heure de rendez-vous s’écrit en heures et minutes.")
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise NotOnTheGrid("Un rendez-vous dure de 1 minute à 8 heures : corrigez la durée.")


def marks(*, squeeze: bool, rule: str, by: Staff) -> dict[str, Any]:
    """The columns that say what was done knowingly, and by whom."""
    return {
        "squeezed": squeeze,
        "squeezed_by": by if squeeze else None,
        "forced": bool(rule),
        "forced_by": by if rule else None,
        "forced_rule": rule,
    }


def note(appointment: Appointment, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    """The day-book line of a visit given or moved: where it stands now."""
    daybook.note(
        practice_id=appointment.practice_id,
        by=by,
        at=at,
        verb=verb,
        subject=appointment,
        patient_id=appointment.patient_id,
        agenda=appointment.agenda_id,
        starts_at=appointment.starts_at.isoformat(),
        minutes=round((appointment.ends_at - appointment.starts_at).total_seconds() / 60),
        squeezed=appointment.squeezed,
        forced=appointment.forced_rule,
        **detail,
    )


def fresh(appointment_id: int, practice_id: int) -> Appointment:
    """The appointment as it is now, its row held until commit."""
    return (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("agenda__site", "reason", "patient")
        .get(pk=appointment_id, practice_id=practice_id)
    )
