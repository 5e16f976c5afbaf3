"""The only place where this room meets the agenda's engine: free times, and giving one.

Everything else under `fhir/` speaks of `Wanted` and of appointments; when the engine's own
words change, this file alone follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import repeat
from operator import itemgetter

from secretariat.agenda import actions, loading
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Agenda, Appointment, ReasonNeed, VisitReason
from secretariat.core import clock
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff

LOOKS = (7, 28)
"""Visits are read for the first week, then for four, then for all the days asked."""
Found = tuple[int, int]
"""A free minute of UTC, and the place in the list of what was wanted."""


@dataclass(frozen=True)
class Wanted:
    """A visit looked for: in which agenda, for what, how long."""

    agenda: Agenda
    reason: VisitReason
    minutes: int
    takes: bool = False
    """The reason takes a room or equipment besides the practitioner."""


def taking(practice_id: int) -> frozenset[int]:
    """The reasons of a practice that take a room or equipment."""
    needs = ReasonNeed.objects.filter(practice_id=practice_id)
    return frozenset(needs.values_list("reason_id", flat=True).distinct())


def free_slots(
    wanted: Sequence[Wanted],
    first_day: date,
    days: int,
    since: datetime,
    *,
    by: Staff,
    at: datetime,
) -> Iterator[Found]:
    """Free times soonest first, computed as they are taken: none is read further than asked.

    Args:
        wanted: one visit an agenda.
        first_day, days: local days looked at.
        since: nothing earlier is given.
        by: the post that asks: what it holds itself is free.
        at: now.

    The rules are read once for all that take no room, and once for each reason that takes one;
    visits once for each look (`LOOKS`).
    """
    rooms = dict.fromkeys(_rooms_of(one) for one in wanted)
    groups = [_Group(wanted, reason, (first_day, days), by, at) for reason in rooms]
    soonest = minute_of(max(since, at), up=True)
    looked = 0
    for until in (*(look for look in LOOKS if look < days), days):
        day = first_day + timedelta(days=looked)
        streams: dict[int, Iterator[Found]] = {}
        for group in groups:
            streams |= group.starts(day, until - looked, soonest)
        yield from merge(*(streams[place] for place in sorted(streams)), key=itemgetter(0))
        looked = until


class _Group:
    """The agendas whose rules are read together: those of one reason's rooms, or of none."""

    def __init__(
        self, wanted: Sequence[Wanted], reason: int, days: tuple[date, int], by: Staff, at: datetime
    ) -> None:
        self._places = [n for n, one in enumerate(wanted) if _rooms_of(one) == reason]
        self._agendas = [wanted[place].agenda for place in self._places]
        whose = loading.Whose(at, by.pk, reason)
        self._rules = loading.facts(self._agendas, *days, visits=False, whose=whose)
        self._asks = [
            loading.ask(wanted[place].reason, wanted[place].minutes, at=at)
            for place in self._places
        ]

    def starts(self, day: date, days: int, soonest: int) -> dict[int, Iterator[Found]]:
        """By place, the free minutes of these days: one statement."""
        facts = loading.with_visits(self._rules, self._agendas, day, days)
        return {
            place: zip(
                free_starts(known, day, days, ask, not_before=soonest), repeat(place), strict=False
            )
            for place, known, ask in zip(self._places, facts, self._asks, strict=True)
        }


def _rooms_of(one: Wanted) -> int:
    """The reason whose rooms must be read; 0 for none."""
    return one.reason.pk if one.takes else 0


def is_free(wanted: Wanted, minute: int, moment: datetime, by: Staff, at: datetime) -> bool:
    """Whether that very time is one of those that `free_slots` gives."""
    day = clock.local_date(moment, wanted.agenda.site.time_zone)
    return any(found == minute for found, _ in free_slots([wanted], day, 1, at, by=by, at=at))


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
