"""The month picker: how full each day is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from secretariat.agenda import loading
from secretariat.agenda.day_shape import closed_times, open_minutes
from secretariat.agenda.facts import AgendaFacts
from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.models import Agenda
from secretariat.agenda.refused_words import day_words
from secretariat.core.prepared import fetch

WEEKS = 6
_HALF, _FULL = 50, 85


class DayLook(NamedTuple):
    """What makes a day of the picker look different, its numbers aside."""

    level: int
    """0 empty, 1 room, 2 filling, 3 nearly full."""
    counted: bool
    """Visits were given in open hours."""
    closed: bool
    outside: bool
    """Belongs to the month before or after."""
    today: bool
    shown: bool


class DayLoad(NamedTuple):
    """One day of the picker, in words."""

    look: DayLook
    date: str
    number: int
    words: str
    visits: int
    each: str
    """Name of each agenda that has visits that day, and how many, one a line."""
    percent: int
    """Share of the open minutes that are taken; 0 when nothing opens."""
    closed: str
    """Why nothing opens: « Férié : Noël », « Fermé », or nothing."""


def weeks(agendas: Sequence[Agenda], shown: date, today: date, zone: str) -> list[list[DayLoad]]:
    """Six weeks around the month of `shown`, Monday first: four statements.

    Args:
        agendas: those counted, with their sites.
        zone: in which a day begins and ends.
    """
    first = shown.replace(day=1)
    first -= timedelta(days=first.weekday())
    every_day = [first + timedelta(days=n) for n in range(WEEKS * 7)]
    counts, taken = _counts(agendas, every_day, zone)
    facts = loading.facts(agendas, first, len(every_day), visits=False)
    names = {agenda.pk: agenda.name for agenda in agendas}
    loads = []
    for day in every_day:
        opened = sum(open_minutes(one, day) for one in facts)
        given = counts.get(day, {})
        percent = min(100, round(100 * taken[day] / opened)) if opened else None
        look = DayLook(
            _level(len(given), percent), bool(given and opened), not opened,
            day.month != shown.month, day == today, day == shown,
        )  # fmt: skip
        each = "".join(f"\n{names[pk]} : {given[pk]}" for pk in names if pk in given)
        closed = "" if opened else _why_closed(facts, day)
        words = day_words(day).capitalize()
        loads.append(
            DayLoad(look, f"{day}", day.day, words, sum(given.values()), each, percent or 0, closed)
        )
    return [loads[start : start + 7] for start in range(0, len(loads), 7)]


def _level(visits: int, percent: int | None) -> int:
    if not visits:
        return 0
    if percent is None or percent >= _FULL:
        return 3
    return 2 if percent >= _HALF else 1


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
    agendas: Sequence[Agenda], every_day: Sequence[date], zone: str
) -> tuple[Counts, dict[date, int]]:
    """Visits by day and agenda, and minutes taken by day, in one statement."""
    counts: Counts = defaultdict(dict)
    taken: dict[date, int] = defaultdict(int)
    if not agendas:
        return counts, taken
    bounds = [moment_of(day_bounds(day, zone)[0]) for day in every_day]
    bounds.append(moment_of(day_bounds(every_day[-1], zone)[1]))
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
