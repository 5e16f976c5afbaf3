"""The month picker: how full each day is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from secretariat.agenda import loading
from secretariat.agenda.day_shape import closed_times, open_minutes
from secretariat.agenda.facts import AgendaFacts
from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.models import Agenda
from secretariat.core.prepared import fetch

WEEKS = 6
_HALF, _FULL = 50, 85


@dataclass(frozen=True)
class DayLoad:
    """One day of the picker."""

    day: date
    visits: int
    each: str
    """Name of each agenda that has visits that day, and how many, one a line."""
    percent: int | None
    """Share of the open minutes that are taken; None when nothing opens."""
    closed: str
    """Why nothing opens: « Férié : Noël », « Fermé », or nothing."""
    outside: bool
    """Belongs to the month before or after."""

    @property
    def level(self) -> int:
        """0 empty, 1 room, 2 filling, 3 nearly full."""
        if not self.visits:
            return 0
        if self.percent is None or self.percent >= _FULL:
            return 3
        return 2 if self.percent >= _HALF else 1


def weeks(agendas: Sequence[Agenda], month: date, zone: str) -> list[list[DayLoad]]:
    """Six weeks around the month of `month`, Monday first: four statements.

    Args:
        agendas: those counted, with their sites.
        zone: in which a day begins and ends.
    """
    first = month.replace(day=1)
    first -= timedelta(days=first.weekday())
    days = WEEKS * 7
    counts, taken = _counts(agendas, first, days, zone)
    facts = loading.facts(agendas, first, days, visits=False)
    names = {agenda.pk: agenda.name for agenda in agendas}
    loads = []
    for n in range(days):
        day = first + timedelta(days=n)
        opened = sum(open_minutes(one, day) for one in facts)
        visits = counts.get(day, {})
        loads.append(
            DayLoad(
                day=day,
                visits=sum(visits.values()),
                each="".join(f"\n{names[pk]} : {visits[pk]}" for pk in names if pk in visits),
                percent=min(100, round(100 * taken[day] / opened)) if opened else None,
                closed="" if opened else _why_closed(facts, day),
                outside=day.month != month.month,
            )
        )
    return [loads[start : start + 7] for start in range(0, days, 7)]


Counts = dict[date, dict[int, int]]
# A range of the index for each day: to ask each visit for its day on the clock cost twice as much.
_DAYS = """
SELECT day.number, found.*
  FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS day (since, until, number),
       LATERAL (SELECT agenda_id, count(*),
                       round(extract(epoch FROM sum(ends_at - starts_at)) / 60)::int
                  FROM agenda_appointment
                 WHERE practice_id = %s AND {these} cancelled_at IS NULL
                   AND starts_at >= day.since AND starts_at < day.until
                 GROUP BY agenda_id) AS found
"""
_OF_ALL, _OF_SOME = _DAYS.format(these=""), _DAYS.format(these="agenda_id = ANY(%s::bigint[]) AND")
_SOME = 4
"""From that many agendas on, those of the whole practice are read: they lie together."""


def _counts(
    agendas: Sequence[Agenda], first: date, days: int, zone: str
) -> tuple[Counts, dict[date, int]]:
    """Visits by day and agenda, and minutes taken by day, in one statement."""
    counts: Counts = defaultdict(dict)
    taken: dict[date, int] = defaultdict(int)
    if not agendas:
        return counts, taken
    every_day = [first + timedelta(days=n) for n in range(days)]
    bounds = [moment_of(day_bounds(day, zone)[0]) for day in (*every_day, first + timedelta(days))]
    asked = {agenda.pk for agenda in agendas}
    values: list[object] = [bounds[:-1], bounds[1:], agendas[0].practice_id]
    if len(asked) < _SOME:
        rows = fetch(_OF_SOME, [*values, list(asked)])
    else:
        rows = [row for row in fetch(_OF_ALL, values) if row[1] in asked]
    for number, agenda, visits, minutes in rows:
        day = every_day[number - 1]
        counts[day][agenda] = visits
        taken[day] += minutes
    return counts, taken


def _why_closed(facts: Sequence[AgendaFacts], day: date) -> str:
    words = [one.words for agenda in facts for one in closed_times(agenda, day)]
    return max(words, key=len, default="Fermé")
