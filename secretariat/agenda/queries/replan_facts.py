"""What replanning must know: visits that cannot stand, those that go with them, what is free.

A fixed number of statements, whatever the number of visits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from secretariat.agenda import loading
from secretariat.agenda.facts import AgendaFacts, Ask, Busy, Closing, Room
from secretariat.agenda.local_time import day_bounds, minute_of, moment_of
from secretariat.agenda.models import (
    Agenda,
    Appointment,
    Hold,
    OfferedReason,
    Replan,
    ReplanLine,
    Travel,
)
from secretariat.agenda.queries.replan_wishes import wishes
from secretariat.agenda.replanning.asked import Known, Moving, Wishes
from secretariat.agenda.replanning.problem import Place, Tie
from secretariat.core import clock
from secretariat.core.prepared import fetch

HORIZON = 21
"""Days after the first one over which other times are looked for."""
AFTER = timedelta(days=7)
"""How long after an absence times are looked for, for those whose three weeks it fills."""
LONGEST = timedelta(days=2 * HORIZON - 1)
"""How far from a visit's own day they are looked for at most."""
MANY = 40
"""Visits of an absence above which each is not looked for around its own day."""
NOTICE = 60
"""Minutes that a patient is given at least before a new time."""
_WAIT, _SPAN = 30, 45
"""Minutes that visits of a chain, or of a household, may be apart when they were closer."""
_TOGETHER = ("chain", "household")


def companions(visits: Iterable[Appointment]) -> list[Appointment]:
    """Visits of the same day that go with these, and could stand: one statement."""
    hit = list(visits)
    groups = {one.group_id for one in hit if one.group and one.group.kind in _TOGETHER}
    if not groups:
        return []
    found = (
        Appointment.objects.filter(group_id__in=groups, cancelled_at__isnull=True)
        .exclude(pk__in=[one.pk for one in hit])
        .select_related("agenda__site", "reason", "patient", "group")
        .order_by("starts_at", "pk")
    )
    days = {(one.group_id, one.starts_at.date()) for one in hit}
    return [one for one in found if (one.group_id, one.starts_at.date()) in days]


def colleagues(agenda: Agenda) -> list[Agenda]:
    """Who may see the patients instead: same speciality, same site."""
    others = Agenda.objects.filter(
        practice_id=agenda.practice_id, active=True, site_id=agenda.site_id,
        practitioner__speciality=agenda.practitioner.speciality,
    ).exclude(pk=agenda.pk)  # fmt: skip
    return list(others.select_related("site", "practitioner").order_by("position", "pk"))


@dataclass(frozen=True, slots=True)
class Draft:
    """A replan with all that is needed to look for times."""

    replan: Replan
    lines: list[ReplanLine]
    agendas: dict[int, Agenda]
    moving: list[Moving]
    known: Known


def draft(replan: Replan, at: datetime, *, lines: Sequence[ReplanLine] | None = None) -> Draft:
    """The whole problem of a replan, as the agenda is now."""
    lines = list(lines if lines is not None else lines_of(replan))
    agendas = _agendas(replan, lines)
    zone = replan.agenda.site.time_zone
    first = max(clock.local_date(replan.starts_at, zone), clock.local_date(at, zone))
    to_move = [one for one in lines if one.choice == ReplanLine.Choice.MOVE and not one.shifted]
    many = len(to_move) > MANY
    days = {one.pk: _days_of(one, replan, first, zone, many=many) for one in to_move}
    until = max((last for _, last in days.values()), default=first)
    facts = _facts(lines, to_move, list(agendas.values()), (first, until), at)
    offered = _offered(agendas)
    bounds = _series_bounds(to_move, zone)
    where = {one.pk: _where(one, replan, agendas, offered) for one in to_move}
    told = wishes(to_move, at)
    moving = [
        replace(
            _moving(
                one, where[one.pk], agendas, days=days[one.pk], bounds=bounds.get(one.pk), at=at,
                may_stay=one.companion or (not replan.empties and one.was_in_id in where[one.pk]),
            ),
            wishes=told.get(one.pk, Wishes()),
        )
        for one in to_move
    ]  # fmt: skip
    known = Known(
        zone, minute_of(at) + NOTICE, facts, _where_they_stand(replan, to_move, facts),
        _ties(to_move), _roads(agendas),
    )  # fmt: skip
    return Draft(replan, lines, agendas, moving, known)


def _days_of(
    line: ReplanLine, replan: Replan, first: date, zone: str, *, many: bool
) -> tuple[date, date]:
    """Where other times are looked for: three weeks, counted from the visit's own day or from the
    end of a room's closing; until a week after an absence of several weeks, six weeks at most.
    From the first day for all the visits of an absence that hits many: the search stays quick."""
    since = max(first, clock.local_date(line.was_at, zone))
    if replan.empties and many:
        return first, first + timedelta(days=HORIZON - 1)
    if replan.closing_id:
        since = max(first, clock.local_date(replan.ends_at, zone))
    last = since + timedelta(days=HORIZON - 1)
    if not replan.empties:
        return first, last
    back = clock.local_date(replan.ends_at - timedelta(microseconds=1), zone) + AFTER
    return first, max(last, min(back, since + LONGEST))


def lines_of(replan: Replan) -> list[ReplanLine]:
    """The lines, in the order of the day, with all that the screen shows."""
    return list(
        ReplanLine.objects.filter(replan=replan)
        .select_related(
            "appointment__patient", "appointment__reason", "appointment__agenda__site",
            "appointment__group", "was_in__practitioner", "agenda__practitioner",
        )
        .order_by("was_at", "pk")
    )  # fmt: skip


def _agendas(replan: Replan, lines: Sequence[ReplanLine]) -> dict[int, Agenda]:
    keys = [*replan.accepted, *(one.was_in_id for one in lines)]
    keys += [one.agenda_id for one in lines if one.agenda_id]
    found = Agenda.objects.filter(pk__in=keys, practice_id=replan.practice_id)
    known = {one.pk: one for one in found.select_related("site", "practitioner")}
    return {pk: known[pk] for pk in dict.fromkeys(keys) if pk in known}


def _facts(
    lines: Sequence[ReplanLine],
    to_move: Sequence[ReplanLine],
    agendas: Sequence[Agenda],
    days: tuple[date, date],
    at: datetime,
) -> dict[tuple[int, int], AgendaFacts]:
    """By agenda and reason; what this draft holds does not hinder it."""
    whose = loading.Whose(at, names=True)
    plain = loading.facts(agendas, days[0], (days[1] - days[0]).days + 1, whose=whose)
    sheets = [one.sheet for one in lines]
    ours = set(Hold.objects.filter(sheet__in=sheets).values_list("pk", flat=True))
    reasons = {one.appointment.reason_id or 0 for one in to_move}
    until = moment_of(day_bounds(days[1] + timedelta(days=1), agendas[0].site.time_zone)[1])
    needs = _needs(agendas[0].practice_id, reasons, at - timedelta(days=1), until)
    sites = {agenda.pk: agenda.site_id for agenda in agendas}
    return {
        (one.agenda_id, reason): replace(
            one,
            held=[held for held in one.held if held.id not in ours],
            needs=needs.get((reason, sites[one.agenda_id]), needs.get((reason, 0), [])),
        )
        for one in plain
        for reason in reasons
    }


_NEEDS = """
SELECT need.reason_id, need.need, room.site_id, room.id, room.name, room.accessible,
       COALESCE((SELECT json_agg(json_build_array(
           floor(date_part('epoch', used.starts_at) / 60)::int,
           ceil(date_part('epoch', used.ends_at) / 60)::int))
        FROM agenda_resourceuse AS used WHERE used.practice_id = need.practice_id
          AND used.resource_id = room.id AND used.starts_at < %(until)s
          AND used.starts_at >= %(since)s), '[]'),
       ARRAY(SELECT json_build_array(
           floor(date_part('epoch', shut.starts_at) / 60)::int,
           ceil(date_part('epoch', shut.ends_at) / 60)::int, shut.id, shut.label)
        FROM agenda_resourceclosing AS shut WHERE shut.practice_id = need.practice_id
          AND shut.resource_id = room.id AND shut.starts_at < %(until)s
          AND shut.ends_at > %(since)s AND shut.cancelled_at IS NULL)
FROM agenda_reasonneed AS need JOIN agenda_resource AS room ON room.id = need.resource_id
WHERE need.practice_id = %(practice)s AND need.reason_id = ANY(%(reasons)s::bigint[])
  AND room.active
ORDER BY need.reason_id, need.need, room.position, room.id
"""


def _needs(
    practice_id: int, reasons: Iterable[int], since: datetime, until: datetime
) -> dict[tuple[int, int], list[list[Room]]]:
    """Rooms and equipment by reason and site; site 0 says what is needed where nothing is."""
    rows = fetch(_NEEDS, {
        "practice": practice_id, "reasons": sorted(reasons), "since": since, "until": until,
    })  # fmt: skip
    numbers: dict[int, list[int]] = defaultdict(list)
    rooms: dict[tuple[int, int, int], list[Room]] = defaultdict(list)
    for reason, number, site, pk, name, accessible, taken, closed in rows:
        if number not in numbers[reason]:
            numbers[reason].append(number)
        spans = [(start, end) for start, end in taken]
        shut = [Closing(*one) for one in closed]
        rooms[reason, site, number].append(Room(pk, name, spans, accessible, shut))
    sites = {site for _, _, site, *_ in rows} | {0}
    return {
        (reason, site): [rooms.get((reason, site, number), []) for number in some]
        for reason, some in numbers.items()
        for site in sites
    }


def _offered(agendas: Iterable[int]) -> dict[int, set[int]]:
    """Reasons that each agenda offers."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = OfferedReason.objects.filter(agenda_id__in=list(agendas))
    for agenda_id, reason_id in rows.values_list("agenda_id", "reason_id"):
        found[agenda_id].add(reason_id)
    return found


def _where(
    line: ReplanLine, replan: Replan, agendas: dict[int, Agenda], offered: dict[int, set[int]]
) -> list[int]:
    """Its own agenda, then those of accepted colleagues who offer its reason."""
    reason = line.appointment.reason_id
    others = [pk for pk in replan.accepted if pk != line.was_in_id and pk in agendas]
    if line.companion:
        others = []
    if not replan.empties:
        others = [pk for pk in others if _alike(agendas[pk], agendas[line.was_in_id])]
    if replan.of_rules and reason is not None and reason not in offered[line.was_in_id]:
        return [pk for pk in others if reason in offered[pk]]
    return [line.was_in_id, *(pk for pk in others if reason is None or reason in offered[pk])]


def _alike(one: Agenda, other: Agenda) -> bool:
    """Whether one may see the patients of the other: as `colleagues` does."""
    same = one.practitioner.speciality == other.practitioner.speciality
    return same and one.site_id == other.site_id


def _moving(
    line: ReplanLine,
    where: Sequence[int],
    agendas: dict[int, Agenda],
    *,
    days: tuple[date, date],
    bounds: tuple[date, date] | None,
    at: datetime,
    may_stay: bool,
) -> Moving:
    visit, home = line.appointment, agendas[line.was_in_id]
    day = clock.local_date(line.was_at, home.site.time_zone)
    since, until = bounds or (date.min, date.max)
    own = {pk for pk, one in agendas.items() if one.practitioner_id == home.practitioner_id}
    return Moving(
        line.pk, ask_of(visit, at), line.was_in_id, minute_of(line.was_at), where,
        frozenset(own), max(day, days[0], since), min(days[1], until), visit.patient_id or 0,
        is_urgent(visit), promised_for(visit, day, home.site.time_zone),
        may_stay=may_stay, pinned=_place(line) if line.pinned else None,
        proposed=_place(line),
    )  # fmt: skip


def ask_of(visit: Appointment, at: datetime) -> Ask:
    """The visit as it was given, asked for again."""
    minutes = round((visit.ends_at - visit.starts_at).total_seconds() / 60)
    wheelchair = bool(visit.patient and visit.patient.needs_wheelchair)
    asked = loading.ask(visit.reason, minutes, at=at, wheelchair=wheelchair)
    return replace(asked, before=visit.minutes_before, after=visit.minutes_after)


def is_urgent(visit: Appointment) -> bool:
    """Whether its reason is an emergency."""
    return visit.reason is not None and visit.reason.kind == "urgent"


def promised_for(visit: Appointment, day: date, zone: str) -> date | None:
    """The last day that keeps what the practice wants to hold for that reason."""
    if visit.reason is None:
        return None
    if visit.reason.within_days is not None:
        given = clock.local_date(visit.created_at, zone)
        return max(day, given + timedelta(days=visit.reason.within_days))
    return day if is_urgent(visit) else None


def _place(line: ReplanLine) -> Place | None:
    if line.agenda_id is None or line.starts_at is None:
        return None
    return Place(minute_of(line.starts_at), line.agenda_id)


def _series_bounds(lines: Sequence[ReplanLine], zone: str) -> dict[int, tuple[date, date]]:
    """A visit of a series stays between the one before and the one after."""
    groups = {
        one.appointment.group_id for one in lines
        if one.appointment.group and one.appointment.group.kind == "series"
    }  # fmt: skip
    if not groups:
        return {}
    moving = {one.appointment_id for one in lines}
    days: dict[int, list[date]] = defaultdict(list)
    standing = Appointment.objects.filter(Q(group_id__in=groups), cancelled_at__isnull=True)
    for pk, group, starts in standing.values_list("pk", "group_id", "starts_at"):
        if pk not in moving and group is not None:
            days[group].append(clock.local_date(starts, zone))
    found = {}
    for line in lines:
        if line.appointment.group_id in groups:
            day, some = clock.local_date(line.was_at, zone), days[line.appointment.group_id or 0]
            before = max((one for one in some if one < day), default=None)
            after = min((one for one in some if one > day), default=None)
            found[line.pk] = (
                before + timedelta(days=1) if before else date.min,
                after - timedelta(days=1) if after else date.max,
            )
    return found


def _ties(lines: Sequence[ReplanLine]) -> list[Tie]:
    """Chains and households of one day, all of whose visits are moved here."""
    groups: dict[tuple[int, date], list[ReplanLine]] = defaultdict(list)
    for line in lines:
        group = line.appointment.group
        if group is not None and group.kind in _TOGETHER:
            groups[group.pk, line.was_at.date()].append(line)
    found = []
    for some in groups.values():
        if len(some) < 2:
            continue
        ids = tuple(one.pk for one in some)
        starts = [minute_of(one.was_at) for one in some]
        if some[0].appointment.group is not None and some[0].appointment.group.kind == "chain":
            ends = [minute_of(one.appointment.ends_at, up=True) for one in some]
            waits = tuple(
                max(_WAIT, then - end) for end, then in zip(ends, starts[1:], strict=False)
            )
            found.append(Tie("chain", ids, waits))
        else:
            found.append(Tie("household", ids, (max(_SPAN, max(starts) - min(starts)),)))
    return found


def _roads(agendas: dict[int, Agenda]) -> dict[tuple[int, int], int]:
    """Minutes between the agendas of one practitioner."""
    pairs = [
        (one, other) for one in agendas.values() for other in agendas.values()
        if one.pk != other.pk and one.practitioner_id == other.practitioner_id
    ]  # fmt: skip
    if not pairs:
        return {}
    sites = {one.site_id for one, _ in pairs}
    rows = Travel.objects.filter(site_id__in=sites, other_id__in=sites)
    minutes = {(row.site_id, row.other_id): row.minutes for row in rows}
    return {
        (one.pk, other.pk): minutes.get(
            (min(one.site_id, other.site_id), max(one.site_id, other.site_id)), 0
        )
        for one, other in pairs
    }


def _where_they_stand(
    replan: Replan, lines: Sequence[ReplanLine], facts: dict[tuple[int, int], AgendaFacts]
) -> dict[int, AgendaFacts]:
    """For those that may stay, what is known without their own visit, nor the rooms it has."""
    found = {}
    for line in lines:
        key = (line.was_in_id, line.appointment.reason_id or 0)
        if (line.companion or not replan.empties) and key in facts:
            visit = line.appointment
            mine = facts[key]
            start = minute_of(visit.starts_at) - visit.minutes_before
            end = minute_of(visit.ends_at, up=True) + visit.minutes_after
            busy = [one for one in mine.busy if not (isinstance(one, Busy) and one.id == visit.pk)]
            needs = [
                [room._replace(taken=[span for span in room.taken if span != (start, end)])
                 for room in need]
                for need in mine.needs
            ]  # fmt: skip
            found[line.pk] = replace(mine, busy=busy, needs=needs)
    return found
