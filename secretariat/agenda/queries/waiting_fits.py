"""Who on the waiting list could come at a freed time, as the engine says: a fixed number of
statements, and one more for each reason that needs a room and each visit to move on that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Q

from secretariat.agenda import loading
from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.lengths import more_minutes
from secretariat.agenda.local_time import clock_minutes, minute_of
from secretariat.agenda.models import Agenda, Appointment, OfferedReason, ReasonNeed, Waiting
from secretariat.agenda.refused_time import why_not
from secretariat.agenda.waiting_order import Fit, Freed, Wait, fitting
from secretariat.core import clock

MOST = 300
"""How many of those who wait are looked at, the first in order."""


@dataclass(frozen=True, slots=True)
class Place:
    """A time to propose: in which agenda (with its site), from when to when."""

    agenda: Agenda
    starts_at: datetime
    ends_at: datetime
    hold_id: int = 0
    """The hold that keeps it, which does not hinder."""
    asked: frozenset[int] = frozenset()
    """Those who were asked already."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Someone who could come."""

    waiting: Waiting
    fit: Fit


def fits(place: Place, at: datetime, *, most: int = MOST) -> list[Fitting]:
    """Those who could come at that time, best first.

    Nothing is proposed that the rules refuse: quotas, rooms, openings kept for other reasons,
    minutes around visits, times that someone else holds.
    """
    waiting = _waiting(place, most)
    if not waiting:
        return []
    lengths = _lengths(place.agenda, waiting)
    known = {one.pk: one for one in waiting if one.pk in lengths}
    engine = _Engine(place, at, known)
    freed = Freed(
        minute_of(place.starts_at), minute_of(place.ends_at, up=True),
        place.agenda.site.time_zone, place.agenda.practitioner_id,
    )  # fmt: skip
    waits = [_wait(one, lengths[pk]) for pk, one in known.items()]
    found = fitting(waits, freed, minute_of(at, up=True), engine.starts)
    busy = _busy(place, [known[fit.wait.id] for fit in found])
    return [
        Fitting(known[fit.wait.id], fit)
        for fit in found
        if not _clash(known[fit.wait.id], fit, busy)
    ]


class _Engine:
    """What the rules let begin, for each of those who wait; facts are read once for all alike."""

    def __init__(self, place: Place, at: datetime, known: dict[int, Waiting]) -> None:
        self.place, self.at, self.known = place, at, known
        self.day = clock.local_date(place.starts_at, place.agenda.site.time_zone)
        reasons = {one.reason_id for one in known.values()}
        needs = ReasonNeed.objects.filter(practice_id=place.agenda.practice_id, reason__in=reasons)
        self.with_rooms = set(needs.values_list("reason_id", flat=True))
        self.read: dict[tuple[int, int], AgendaFacts] = {}

    def starts(self, wait: Wait) -> Iterable[int]:
        """The minutes of that day at which the visit may begin; first the freed time's own."""
        waiting = self.known[wait.id]
        ask, facts = self._ask(waiting, wait.minutes), self._facts(waiting)
        own = minute_of(self.place.starts_at)
        first = [own] if why_not(facts, own, ask) is None else []
        now = minute_of(self.at, up=True)
        return chain(first, free_starts(facts, self.day, 1, ask, step=5, not_before=now))

    def _facts(self, waiting: Waiting) -> AgendaFacts:
        agenda = self.place.agenda
        reason = waiting.reason_id if waiting.reason_id in self.with_rooms else 0
        moving = _standing_visit(waiting)
        near = moving is not None and abs(moving.starts_at - self.place.starts_at) < timedelta(2)
        key = (reason, moving.pk if moving and near else 0)
        if key not in self.read:
            whose = loading.Whose(self.at, 0, reason)
            [facts] = loading.facts([agenda], self.day, 1, whose=whose, ignoring=key[1] or None)
            held = [one for one in facts.held if one.id != self.place.hold_id]
            self.read[key] = replace(facts, held=held)
        return self.read[key]

    def _ask(self, waiting: Waiting, minutes: int) -> Ask:
        wheelchair = waiting.patient.needs_wheelchair
        ask = loading.ask(waiting.reason, minutes, at=self.at, wheelchair=wheelchair)
        if visit := _standing_visit(waiting):  # it keeps what it was given with
            ask = replace(ask, before=visit.minutes_before, after=visit.minutes_after)
        return ask


def _waiting(place: Place, most: int) -> list[Waiting]:
    """Those who wait for something offered there around that day, in order."""
    agenda = place.agenda
    day = clock.local_date(place.starts_at, agenda.site.time_zone)
    offered = OfferedReason.objects.filter(agenda=agenda, reason__active=True)
    found = (
        Waiting.objects.filter(
            Q(from_date=None) | Q(from_date__lte=day), Q(to_date=None) | Q(to_date__gte=day),
            Q(doctors=None) | Q(doctors__practitioner=agenda.practitioner_id),
            practice_id=agenda.practice_id, ended_at=None, patient__deceased_on=None,
            reason__in=offered.values("reason"),
        )
        .exclude(pk__in=place.asked)
        .exclude(offers__state="open")
        .select_related("patient", "reason", "visit__agenda__site")
        .prefetch_related("doctors")
        .order_by("priority", "asked_at", "pk")
    )  # fmt: skip
    return list(found[:most])


def _lengths(agenda: Agenda, waiting: Iterable[Waiting]) -> dict[int, int]:
    """Minutes of each one's visit in that agenda: two statements."""
    rows = OfferedReason.objects.filter(agenda=agenda).values_list(
        "reason_id", "minutes", "first_minutes"
    )
    offered = {reason: (usual, first) for reason, usual, first in rows}
    seen = set(
        Appointment.objects.filter(
            practice_id=agenda.practice_id, agenda__practitioner=agenda.practitioner_id,
            patient__in={one.patient_id for one in waiting}, cancelled_at=None,
        ).values_list("patient_id", flat=True)
    )  # fmt: skip
    lengths = {}
    for one in waiting:
        visit, reason = _standing_visit(one), one.reason
        usual, first = offered[one.reason_id]
        minutes = usual or reason.minutes
        if one.patient_id not in seen:
            minutes = first or reason.first_minutes or minutes
        lengths[one.pk] = minutes + more_minutes(reason, one.patient)
        if visit is not None:  # it moves as it was given
            lengths[one.pk] = round((visit.ends_at - visit.starts_at).total_seconds() / 60)
    return lengths


def _standing_visit(waiting: Waiting) -> Appointment | None:
    """The visit to be moved earlier, unless it was cancelled."""
    visit = waiting.visit
    return visit if visit is not None and visit.cancelled_at is None else None


def _wait(waiting: Waiting, minutes: int) -> Wait:
    visit = _standing_visit(waiting)
    return Wait(
        id=waiting.pk,
        minutes=minutes,
        priority=waiting.priority,
        since=minute_of(waiting.asked_at),
        practitioners=frozenset(one.practitioner_id for one in waiting.doctors.all()),
        weekdays=frozenset(n for n in range(7) if waiting.weekdays >> n & 1),
        from_clock=clock_minutes(waiting.from_time) if waiting.from_time else None,
        to_clock=clock_minutes(waiting.to_time) if waiting.to_time else None,
        first_day=waiting.from_date,
        last_day=waiting.to_date,
        notice=waiting.notice_minutes,
        before=minute_of(visit.starts_at) if visit else None,
    )


Spans = dict[int, list[tuple[int, int, int]]]


def _busy(place: Place, waiting: Iterable[Waiting]) -> Spans:
    """The other visits of these patients around that time: nobody is in two places."""
    spans: Spans = defaultdict(list)
    for patient, pk, start, end in Appointment.objects.filter(
        practice_id=place.agenda.practice_id, patient__in={one.patient_id for one in waiting},
        starts_at__lt=place.ends_at + timedelta(hours=8),
        starts_at__gt=place.starts_at - timedelta(days=1), ends_at__gt=place.starts_at
        - timedelta(hours=8), cancelled_at=None,
    ).values_list("patient_id", "pk", "starts_at", "ends_at"):  # fmt: skip
        spans[patient].append((pk, minute_of(start), minute_of(end, up=True)))
    return spans


def _clash(waiting: Waiting, fit: Fit, busy: Spans) -> bool:
    return any(
        start < fit.start + fit.wait.minutes and fit.start < end
        for pk, start, end in busy[waiting.patient_id]
        if pk != waiting.visit_id
    )
