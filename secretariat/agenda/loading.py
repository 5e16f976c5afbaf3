"""From rows to the plain facts that the arithmetic works on: two statements, three with rooms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from secretariat.agenda import rule_rows
from secretariat.agenda.facts import AgendaFacts, Ask, Busy, Closing, Elsewhere, Room, Taken
from secretariat.agenda.local_time import day_bounds, minute_of, moment_of
from secretariat.agenda.models import Agenda, VisitReason
from secretariat.agenda.openings import SiteClock
from secretariat.core.prepared import fetch

# A visit lasts at most a day (constraint): what began earlier cannot reach the days asked.
_LONGEST = timedelta(days=1)
# The furthest that minutes around a visit can reach, and a road besides.
_AROUND, _ROAD = timedelta(hours=2), timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Whose:
    """For whom the facts are read: what they hold themselves does not hinder them."""

    at: datetime
    """Now: what expired is no longer held."""
    staff_id: int = 0
    reason_id: int = 0
    """Whose rooms and equipment are read; 0 for none."""
    names: bool = False
    """Read who wrote each rule, to explain a refusal."""


def ask(
    reason: VisitReason | None,
    minutes: int,
    *,
    at: datetime | None = None,
    wheelchair: bool = False,
) -> Ask:
    """The visit wanted, as the engine understands it.

    Args:
        reason: None for a block: only its length counts.
        minutes: its length.
        at: now.
    """
    minute = None if at is None else minute_of(at)
    if reason is None:
        return Ask(minutes, at=minute)
    return Ask(
        minutes, reason.pk, reason.minutes_before, reason.minutes_after, reason.mode,
        reason.named_only, wheelchair, minute,
    )  # fmt: skip


def facts(
    agendas: Sequence[Agenda],
    first_day: date,
    days: int,
    *,
    visits: bool = True,
    whose: Whose | None = None,
    ignoring: int | None = None,
) -> list[AgendaFacts]:
    """What is known of `agendas` over local days: a fixed number of statements.

    Args:
        agendas: of one practice, with their sites (`select_related("site")`).
        first_day: first local day.
        days: how many days.
        visits: False for the rules alone, as if nothing were taken: one statement less.
        whose: who asks and for which reason; None for opening hours and visits only.
        ignoring: a visit that is left out, with its rooms: the one being moved.
    """
    if not agendas:
        return []
    since, until = window(agendas, first_day, days)
    days_read = (first_day, first_day + timedelta(days=days))
    rules = rule_rows.read(agendas, days_read, (since, until), whose)
    known = [
        AgendaFacts(
            agenda.pk,
            rule_rows.hours(site_clock(agenda), rules.hours[agenda.pk]),
            absences=rules.absences[agenda.pk],
            held=rules.held[agenda.pk],
            locums=rules.locums[agenda.pk],
            quotas=rules.quotas[agenda.pk],
            elsewhere=[],
            needs=rules.needs_at(agenda.site_id),
        )
        for agenda in agendas
    ]
    if not visits:
        return [replace(one, elsewhere=rules.elsewhere[one.agenda_id]) for one in known]
    return with_visits(
        known, agendas, first_day, days, elsewhere=rules.elsewhere,
        whole=whose is None or whose.names, ignoring=ignoring,
    )  # fmt: skip


def site_clock(agenda: Agenda) -> SiteClock:
    """The clock and holidays of the agenda's site."""
    site = agenda.site
    return SiteClock(
        site.time_zone, site.region, site.closes_on_holidays, site.school_zone, site.name
    )


def with_visits(
    known: Sequence[AgendaFacts],
    agendas: Sequence[Agenda],
    first_day: date,
    days: int,
    *,
    elsewhere: dict[int, list[Elsewhere]] | None = None,
    whole: bool = False,
    ignoring: int | None = None,
) -> list[AgendaFacts]:
    """The same facts with the visits of these days only: one statement, two with rooms.

    Args:
        known: facts of `agendas`, loaded without visits over these days at least.
        elsewhere: the other agendas of each practitioner, when `known` does not hold them yet.
        whole: read each visit's reason and the minutes around it, even without quotas.
        ignoring: as for `facts`.
    """
    if not agendas:
        return []
    since, until = window(agendas, first_day, days)
    others = elsewhere or {one.agenda_id: list(one.elsewhere) for one in known}
    ids = {agenda.pk for agenda in agendas} | {one.id for some in others.values() for one in some}
    whole = whole or any(one.quotas for one in known)
    practice_id = agendas[0].practice_id
    around = _AROUND + _ROAD if any(others.values()) else _AROUND
    busy = busy_times(
        practice_id, ids, since, until, whole=whole, around=around, ignoring=ignoring or 0
    )
    rooms = _rooms(practice_id, known, since, until, ignoring)
    return [
        replace(
            one,
            busy=busy.get(one.agenda_id, ()),
            elsewhere=_on_the_road(others.get(one.agenda_id, ()), busy),
            needs=[[rooms[room.id] for room in need] for need in one.needs],
        )
        for one in known
    ]


def window(agendas: Iterable[Agenda], first_day: date, days: int) -> tuple[datetime, datetime]:
    """First moment of the days, and the end of the day after, when a night visit may end."""
    zones = {agenda.site.time_zone for agenda in agendas}
    after = first_day + timedelta(days=days)
    since = min(day_bounds(first_day, zone)[0] for zone in zones)
    return moment_of(since), moment_of(max(day_bounds(after, zone)[1] for zone in zones))


# One row an agenda: reading a row a visit costs more than the search itself.
_WHERE = """
FROM agenda_appointment
WHERE practice_id = %s AND agenda_id = ANY(%s::bigint[])
  AND starts_at < %s AND ends_at > %s AND starts_at >= %s AND cancelled_at IS NULL AND id <> %s
GROUP BY agenda_id
"""
_START, _END = (f"{way}(date_part('epoch', {{}}) / 60)::int" for way in ("floor", "ceil"))
# Visits that touch are one stretch: a third of them, on a day well filled.
_STRETCHES = f"""
SELECT agenda_id,
       array_agg({_START.format("lower(taken)")}), array_agg({_END.format("upper(taken)")})
FROM (SELECT agenda_id, unnest(range_agg(tstzrange(
    starts_at - make_interval(mins => minutes_before),
    ends_at + make_interval(mins => minutes_after)))) AS taken {_WHERE}) AS visits
GROUP BY agenda_id
"""  # noqa: S608 - constants of this file
_VISITS = f"""
SELECT agenda_id,
       array_agg({_START.format("starts_at")} - minutes_before),
       array_agg({_END.format("ends_at")} + minutes_after),
       array_agg(id),
       array_agg(squeezed::int + 2 * (patient_id IS NULL AND reason_id IS NULL)::int),
       array_agg(COALESCE(reason_id, 0)), array_agg(minutes_before), array_agg(minutes_after)
{_WHERE}
"""
_KINDS = ("visit", "squeeze", "block", "block")
_ROOMS = f"""
SELECT resource_id, array_agg({_START.format("starts_at")}), array_agg({_END.format("ends_at")}),
       NULL::json
FROM agenda_resourceuse
WHERE practice_id = %(practice)s AND resource_id = ANY(%(rooms)s::bigint[])
  AND starts_at < %(last)s AND ends_at > %(first)s AND starts_at >= %(longest)s
  AND appointment_id <> %(ignoring)s
GROUP BY resource_id
UNION ALL
SELECT resource_id, NULL, NULL, json_agg(json_build_array(
       {_START.format("starts_at")}, {_END.format("ends_at")}, id, label,
       (SELECT display_name FROM practice_staff AS staff WHERE staff.id = author_id)))
FROM agenda_resourceclosing
WHERE practice_id = %(practice)s AND resource_id = ANY(%(rooms)s::bigint[])
  AND starts_at < %(last)s AND ends_at > %(first)s AND cancelled_at IS NULL
GROUP BY resource_id
"""  # noqa: S608 - constants of this file


def busy_times(
    practice_id: int,
    agenda_ids: Iterable[int],
    since: datetime,
    until: datetime,
    *,
    whole: bool = True,
    around: timedelta = _AROUND,
    ignoring: int = 0,
) -> dict[int, Sequence[Taken]]:
    """What takes time in each agenda, in one query along (practice, agenda, starts_at).

    Args:
        whole: each visit as a `Busy`; otherwise bare stretches (start, end), which cost much less.
        around: how far before and after what is read may still matter.
        ignoring: a visit that is left out.
    """
    first, last = since - around, until + around
    rows = fetch(
        _VISITS if whole else _STRETCHES,
        [practice_id, sorted(agenda_ids), last, first, first - _LONGEST, ignoring],
    )
    if not whole:
        return {agenda: list(zip(starts, ends, strict=True)) for agenda, starts, ends in rows}
    return {
        row[0]: [
            Busy(start, end, pk, _KINDS[kind], *rest)
            for start, end, pk, kind, *rest in zip(*row[1:], strict=True)
        ]
        for row in rows
    }


def _on_the_road(others: Iterable[Elsewhere], busy: dict[int, Sequence[Taken]]) -> list[Elsewhere]:
    """The visits of the practitioner's other agendas, with the road."""
    return [
        Elsewhere(one[0] - other.travel, one[1] + other.travel, other.id, other.site, other.travel)
        for other in others
        for one in busy.get(other.id, ())
    ]


def _rooms(
    practice_id: int,
    known: Iterable[AgendaFacts],
    since: datetime,
    until: datetime,
    ignoring: int | None,
) -> dict[int, Room]:
    needed = {room.id: room for one in known for need in one.needs for room in need}
    if not needed:
        return {}
    first, last = since - _AROUND, until + _AROUND
    values = {
        "practice": practice_id, "rooms": list(needed), "last": last, "first": first,
        "longest": first - _LONGEST, "ignoring": ignoring or 0,
    }  # fmt: skip
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    closed: dict[int, list[Closing]] = defaultdict(list)
    for pk, starts, ends, shut in fetch(_ROOMS, values):
        if shut is None:
            taken[pk] = list(zip(starts, ends, strict=True))
        else:
            closed[pk] = [Closing(*one) for one in shut]
    return {pk: room._replace(taken=taken[pk], closings=closed[pk]) for pk, room in needed.items()}
