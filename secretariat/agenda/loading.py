"""From rows to the plain facts that the arithmetic works on, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import connection

from secretariat.agenda.facts import Absence, AgendaFacts, Busy
from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.models import Agenda
from secretariat.agenda.openings import AgendaHours, OpeningException, OpeningRule, SiteClock

T = TypeVar("T")
# A visit lasts at most a day (constraint): what began earlier cannot reach the days asked.
_LONGEST = timedelta(days=1)


def facts(
    agendas: Sequence[Agenda], first_day: date, days: int, *, visits: bool = True
) -> list[AgendaFacts]:
    """Opening hours, visits and absences of `agendas` over local days: four queries, always.

    Args:
        agendas: of one practice, with their sites (`select_related("site")`).
        first_day: first local day.
        days: how many days.
        visits: False for the hours alone, as if nothing were taken: one query less.
    """
    ids = [agenda.pk for agenda in agendas]
    if not ids:
        return []
    practice_id = agendas[0].practice_id
    since, until = window(agendas, first_day, days)
    last_day = first_day + timedelta(days=days)
    rules = _by_agenda(OpeningRule, _RULES, practice_id, ids, last_day, first_day)
    exceptions = _by_agenda(OpeningException, _EXCEPTIONS, practice_id, ids, last_day, first_day)
    absences = _by_agenda(Absence, _ABSENCES, practice_id, ids, until, since)
    busy = busy_times(practice_id, ids, since, until) if visits else {}
    return [
        AgendaFacts(
            agenda.pk,
            AgendaHours(site_clock(agenda), rules[agenda.pk], exceptions[agenda.pk]),
            busy.get(agenda.pk, ()),
            absences[agenda.pk],
        )
        for agenda in agendas
    ]


def site_clock(agenda: Agenda) -> SiteClock:
    """The clock and holidays of the agenda's site."""
    site = agenda.site
    return SiteClock(site.time_zone, site.region, site.closes_on_holidays)


def with_visits(
    known: Sequence[AgendaFacts], agendas: Sequence[Agenda], first_day: date, days: int
) -> list[AgendaFacts]:
    """The same facts with the visits of these days only: one query.

    Args:
        known: facts of `agendas`, loaded without visits over these days at least.
    """
    if not agendas:
        return []
    since, until = window(agendas, first_day, days)
    ids = [agenda.pk for agenda in agendas]
    busy = busy_times(agendas[0].practice_id, ids, since, until)
    return [replace(one, busy=busy.get(one.agenda_id, ())) for one in known]


def window(agendas: Iterable[Agenda], first_day: date, days: int) -> tuple[datetime, datetime]:
    """First moment of the days, and the end of the day after, when a night visit may end."""
    zones = {agenda.site.time_zone for agenda in agendas}
    after = first_day + timedelta(days=days)
    since = min(day_bounds(first_day, zone)[0] for zone in zones)
    return moment_of(since), moment_of(max(day_bounds(after, zone)[1] for zone in zones))


# Written out: these four run before every booking and search, and building them anew each time
# cost more than running them. The visits come one row an agenda, for the same reason.
_RULES = """
SELECT rule.agenda_id, weekday, starts, ends, from_date, to_date, rule.id, staff.display_name
FROM agenda_openingrule AS rule JOIN practice_staff AS staff ON staff.id = rule.author_id
WHERE rule.practice_id = %s AND rule.agenda_id = ANY(%s::bigint[])
  AND from_date <= %s AND (to_date IS NULL OR to_date >= %s)
"""
_EXCEPTIONS = """
SELECT day.agenda_id, date, starts, ends, kind, day.id, staff.display_name, label
FROM agenda_openingexception AS day JOIN practice_staff AS staff ON staff.id = day.author_id
WHERE day.practice_id = %s AND day.agenda_id = ANY(%s::bigint[]) AND date <= %s AND date >= %s
"""
_ABSENCES = """
SELECT away.agenda_id, floor(date_part('epoch', starts_at) / 60)::int,
       ceil(date_part('epoch', ends_at) / 60)::int, away.id, label, staff.display_name
FROM agenda_absence AS away JOIN practice_staff AS staff ON staff.id = away.author_id
WHERE away.practice_id = %s AND away.agenda_id = ANY(%s::bigint[])
  AND starts_at < %s AND ends_at > %s AND cancelled_at IS NULL
"""
_BUSY = """
SELECT agenda_id,
       array_agg(floor(date_part('epoch', starts_at) / 60)::int),
       array_agg(ceil(date_part('epoch', ends_at) / 60)::int),
       array_agg(id),
       array_agg(id) FILTER (WHERE squeezed)
FROM agenda_appointment
WHERE practice_id = %s AND agenda_id = ANY(%s::bigint[])
  AND starts_at < %s AND ends_at > %s AND starts_at >= %s AND cancelled_at IS NULL
GROUP BY agenda_id
"""


def busy_times(
    practice_id: int, agenda_ids: Iterable[int], since: datetime, until: datetime
) -> dict[int, list[Busy]]:
    """What takes time in each agenda, in one query along (practice, agenda, starts_at)."""
    rows = _rows(_BUSY, practice_id, list(agenda_ids), until, since, since - _LONGEST)
    busy: dict[int, list[Busy]] = {}
    for agenda_id, starts, ends, ids, squeezed in rows:
        found = list(map(Busy, starts, ends, ids))
        if squeezed:
            beside = set(squeezed)
            found = [one._replace(kind="squeeze") if one.id in beside else one for one in found]
        busy[agenda_id] = found
    return busy


def _by_agenda(
    kind: Callable[..., T], sql: str, practice_id: int, ids: list[int], *bounds: Any
) -> dict[int, list[T]]:
    """The rows of each agenda as `kind`: the agenda's key comes first, its arguments follow."""
    found: dict[int, list[T]] = defaultdict(list)
    for agenda_id, *values in _rows(sql, practice_id, ids, *bounds):
        found[agenda_id].append(kind(*values))
    return found


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
