"""What a change of a visit reason would do, asked of the agendas as they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from secretariat.agenda import loading
from secretariat.agenda.actions.reason_trial import as_if
from secretariat.agenda.chaining import on_day
from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Agenda, Appointment, OfferedReason, Resource, VisitReason
from secretariat.agenda.queries.by_link import bounds
from secretariat.agenda.queries.outside import outside
from secretariat.agenda.reason_effect import (
    ReasonEffect,
    Times,
    changed_agendas,
    reason_effect_words,
)
from secretariat.agenda.rule_effect import DAYS
from secretariat.agenda.warnings import Motive, Person, outside_ages
from secretariat.core import clock

SHOWN = 4
"""Visits listed under each sentence: the sheet’s form stays in sight."""


@dataclass(frozen=True)
class ReasonPreview:
    """What a change would do, in sentences, the main one first, and whom it leaves outside."""

    words: list[str]
    agendas: list[str]
    """One line for each where something changes."""
    outside: list[Appointment]
    """The first visits given that would stand outside the rules."""
    count: int
    """How many they are."""
    ages: list[Appointment] = field(default_factory=list)
    """The first visits given whose patient would not have the age."""
    ages_count: int = 0

    @property
    def more(self) -> int:
        """How many visits outside are not listed."""
        return self.count - len(self.outside)

    @property
    def more_ages(self) -> int:
        """How many visits of another age are not listed."""
        return self.ages_count - len(self.ages)


def of_a_reason(
    reason: VisitReason,
    agendas: Sequence[Agenda],
    at: datetime,
    *,
    own: Mapping[str, Any],
    needs: Sequence[Sequence[Resource]],
    offers: Mapping[int, tuple[int | None, int | None]],
) -> ReasonPreview:
    """What changing a reason would do: a fixed number of statements.

    Args:
        agendas: those that may offer it, with their sites.
        own, needs, offers: as for `as_if`.

    Raises:
        BadInput: what saving would refuse.
    """
    stood, before = outside(agendas, at), _times(reason, agendas, at)
    with as_if(reason=reason, own=own, needs=needs, offers=offers) as changed:
        left, after = outside(agendas, at) - stood, _times(changed, agendas, at)
    effect = ReasonEffect(before, after)
    aged = _of_another_age(reason, changed, at)
    listed = Appointment.objects.filter(pk__in=left).order_by("starts_at", "pk")
    return ReasonPreview(
        reason_effect_words(effect), changed_agendas(effect),
        list(listed.select_related("patient", "reason")[:SHOWN]) if left else [], len(left),
        aged[:SHOWN], len(aged),
    )  # fmt: skip


def _times(reason: VisitReason, agendas: Sequence[Agenda], at: datetime) -> dict[str, Times]:
    """What can be given for it, by name of agenda that offers it."""
    rows = OfferedReason.objects.filter(reason=reason, agenda__in=agendas)
    offered = {agenda: own for agenda, *own in rows.values_list(
        "agenda_id", "minutes", "first_minutes"
    )}  # fmt: skip
    known = [one for one in agendas if one.pk in offered] if reason.active else []
    if not known:
        return {}
    first_day = clock.local_date(at, known[0].site.time_zone)
    whose = loading.Whose(at, 0, reason.pk)
    found = loading.facts(known, first_day, DAYS, whose=whose)
    return {
        agenda.name: _in_one(facts, agenda, reason, offered[agenda.pk], at)
        for agenda, facts in zip(known, found, strict=True)
    }


def _in_one(
    facts: AgendaFacts,
    agenda: Agenda,
    reason: VisitReason,
    own: Sequence[int | None],
    at: datetime,
) -> Times:
    usual, first = own[0] or reason.minutes, own[1] or reason.first_minutes
    day = clock.local_date(at, agenda.site.time_zone)
    ask = loading.ask(reason, usual, at=at)
    now = minute_of(at, up=True)
    starts = list(_starts(facts, day, ask, now))
    soonest, latest = (minute_of(one) for one in bounds(reason, at))
    by_link = sum(soonest <= start <= latest for start in starts)
    if first is None or first == usual:
        return Times(usual, len(starts), by_link=by_link)
    longer = sum(1 for _ in _starts(facts, day, ask.lasting(first), now))
    return Times(usual, len(starts), first, longer, by_link)


def _starts(facts: AgendaFacts, first_day: date, ask: Ask, now: int) -> Iterator[int]:
    """One day after the other: quotas are counted among the visits of the day alone."""
    for number in range(DAYS):
        day = first_day + timedelta(days=number)
        yield from free_starts(on_day(facts, day), day, 1, ask, not_before=now)


def _of_another_age(was: VisitReason, will: VisitReason, at: datetime) -> list[Appointment]:
    """The visits to come whose patient has the age that was asked, not the one that would be."""
    if (was.age_from, was.age_to) == (will.age_from, will.age_to):
        return []
    coming = Appointment.objects.filter(
        practice_id=was.practice_id, reason=was, starts_at__gte=at, cancelled_at=None,
        patient__isnull=False,
    ).select_related("patient", "reason", "agenda__site").order_by("starts_at", "pk")  # fmt: skip
    return [one for one in coming if not _too(one, was) and _too(one, will)]


def _too(visit: Appointment, reason: VisitReason) -> bool:
    """Whether its patient is too young or too old for that reason on the day."""
    assert visit.patient is not None  # noqa: S101 (asked of the database)
    age = Person(visit.patient.birth_date).age(
        clock.local_date(visit.starts_at, visit.agenda.site.time_zone)
    )
    return outside_ages(Motive(reason.pk, reason.name, reason.age_from, reason.age_to), age)
