"""The only place where this room meets the agenda's engine: free times, and giving one.

Everything else under `fhir/` speaks of `Wanted` and of appointments; when the engine's own
words change, this file alone follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from operator import itemgetter

from secretariat.agenda import actions, loading
from secretariat.agenda.facts import Ask
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Agenda, Appointment, VisitReason
from secretariat.core import clock
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

Found = tuple[int, int]
"""A free minute of UTC, and the place in the list of what was wanted."""


@dataclass(frozen=True)
class Wanted:
    """A visit looked for: in which agenda, for what, how long."""

    agenda: Agenda
    reason: VisitReason
    minutes: int


def free_slots(
    wanted: Sequence[Wanted], first_day: date, days: int, since: datetime, at: datetime
) -> Iterator[Found]:
    """Free times soonest first, computed as they are taken: a fixed number of statements.

    Args:
        wanted: one visit an agenda.
        first_day, days: local days looked at.
        since: nothing earlier is given.
        at: now.
    """
    facts = loading.facts([one.agenda for one in wanted], first_day, days)
    soonest = minute_of(max(since, at), up=True)

    def starts(place: int) -> Iterator[Found]:
        ask = _ask(wanted[place], at)
        found = free_starts(facts[place], first_day, days, ask, not_before=soonest)
        return ((minute, place) for minute in found)

    return merge(*map(starts, range(len(wanted))), key=itemgetter(0))


def is_free(wanted: Wanted, minute: int, moment: datetime, at: datetime) -> bool:
    """Whether that very time is one of those that `free_slots` gives."""
    day = clock.local_date(moment, wanted.agenda.site.time_zone)
    return any(found == minute for found, _ in free_slots([wanted], day, 1, at, at))


def give(
    *,
    agenda: Agenda,
    patient: Patient,
    reason: VisitReason | None,
    starts_at: datetime,
    minutes: int | None,
    note: str,
    by: Staff,
    at: datetime,
) -> Appointment:
    """Give a time as the desk does; never beside another visit, never outside the rules.

    Raises:
        What `agenda.actions.book` raises.
    """
    return actions.book(
        agenda=agenda, patient=patient, reason=reason, starts_at=starts_at, minutes=minutes,
        note=note, by=by, at=at,
    )  # fmt: skip


def move(
    *,
    appointment: Appointment,
    version: int,
    to: Agenda,
    starts_at: datetime,
    minutes: int | None,
    by: Staff,
    at: datetime,
) -> Appointment:
    """Move a visit as the desk does. Raises what `agenda.actions.move` raises."""
    return actions.move(
        appointment=appointment, version=version, to=to, starts_at=starts_at, minutes=minutes,
        by=by, at=at,
    )  # fmt: skip


def cancel(
    *, appointment: Appointment, version: int, wanted_by: str, why: str, by: Staff, at: datetime
) -> Appointment:
    """Cancel a visit as the desk does. Raises what `agenda.actions.cancel` raises."""
    return actions.cancel(
        appointment=appointment, version=version, wanted_by=wanted_by, why=why, by=by, at=at
    )


def _ask(wanted: Wanted, at: datetime) -> Ask:
    reason = wanted.reason
    return Ask(
        wanted.minutes, reason.pk, reason.minutes_before, reason.minutes_after, reason.mode,
        reason.named_only, at=minute_of(at),
    )  # fmt: skip
