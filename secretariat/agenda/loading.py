"""From rows to the plain facts that the arithmetic works on, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db import connection

from secretariat.agenda.free_time import Absence as Away
from secretariat.agenda.free_time import AgendaFacts, Busy
from secretariat.agenda.local_time import day_bounds, minute_of, moment_of
from secretariat.agenda.models import (
    Absence,
    Agenda,
    OpeningException,
    OpeningRule,
)
from secretariat.agenda.openings import AgendaHours, SiteClock
from secretariat.agenda.openings import OpeningException as DayThatDiffers
from secretariat.agenda.openings import OpeningRule as WeeklyHours

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
    rules, exceptions = _hours(ids, first_day, first_day + timedelta(days=days))
    absences = _absences(ids, since, until)
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


# One row an agenda: a row a visit would cost more to read than the whole search.
_BUSY = """
SELECT agenda_id,
       array_agg(floor(date_part('epoch', starts_at) / 60)::int),
       array_agg(ceil(date_part('epoch', ends_at) / 60)::int),
       array_agg(id),
       array_agg(id) FILTER (WHERE squeezed)
FROM agenda_appointment
WHERE practice_id = %s AND agenda_id = ANY(%s::bigint[]) AND starts_at >= %s AND starts_at < %s
  AND ends_at > %s AND cancelled_at IS NULL
GROUP BY agenda_id
"""


def busy_times(
    practice_id: int, agenda_ids: Iterable[int], since: datetime, until: datetime
) -> dict[int, list[Busy]]:
    """What takes time in each agenda, in one query along (practice, agenda, starts_at)."""
    values: list[Any] = [practice_id, list(agenda_ids), since - _LONGEST, until, since]
    with connection.cursor() as cursor:
        cursor.execute(_BUSY, values)
        rows = cursor.fetchall()
    busy: dict[int, list[Busy]] = {}
    for agenda_id, starts, ends, ids, squeezed in rows:
        found = list(map(Busy, starts, ends, ids))
        if squeezed:
            beside = set(squeezed)
            found = [one._replace(kind="squeeze") if one.id in beside else one for one in found]
        busy[agenda_id] = found
    return busy


def _hours(
    ids: list[int], first: date, last: date
) -> tuple[dict[int, list[WeeklyHours]], dict[int, list[DayThatDiffers]]]:
    rules: dict[int, list[WeeklyHours]] = defaultdict(list)
    for row in (
        OpeningRule.objects.filter(agenda_id__in=ids, from_date__lte=last)
        .exclude(to_date__lt=first)
        .values_list(
            "agenda_id", "weekday", "starts", "ends", "from_date", "to_date", "pk",
            "author__display_name",
        )
    ):  # fmt: skip
        rules[row[0]].append(WeeklyHours(*row[1:]))
    exceptions: dict[int, list[DayThatDiffers]] = defaultdict(list)
    for day in (
        OpeningException.objects.filter(agenda_id__in=ids, date__gte=first, date__lte=last)
        .select_related("author")
        .only("agenda_id", "date", "starts", "ends", "kind", "label", "author__display_name")
    ):
        kind: Literal["open", "closed"] = "open" if day.kind == "open" else "closed"
        exceptions[day.agenda_id].append(
            DayThatDiffers(
                day.date, day.starts, day.ends, kind, day.pk, day.author.display_name, day.label
            )
        )
    return rules, exceptions


def _absences(ids: list[int], since: datetime, until: datetime) -> dict[int, list[Away]]:
    absences: dict[int, list[Away]] = defaultdict(list)
    for agenda_id, starts_at, ends_at, pk, label, author in Absence.objects.filter(
        agenda_id__in=ids, starts_at__lt=until, ends_at__gt=since, cancelled_at__isnull=True
    ).values_list("agenda_id", "starts_at", "ends_at", "pk", "label", "author__display_name"):
        away = Away(minute_of(starts_at), minute_of(ends_at, up=True), pk, label, author)
        absences[agenda_id].append(away)
    return absences
