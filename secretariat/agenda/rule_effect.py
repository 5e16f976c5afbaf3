"""What a change of hours opens and closes, before it is made. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from secretariat.agenda.local_time import on_the_wall
from secretariat.agenda.openings import AgendaHours, Wanted
from secretariat.agenda.rationing import without
from secretariat.agenda.refused_words import day_words

WEEKS = 8
DAYS = WEEKS * 7
Stretch = tuple[int, int]


class Stood(NamedTuple):
    """A visit already given, in minutes of UTC, and what opening rules must know of it."""

    start: int
    end: int
    id: int
    wanted: Wanted


@dataclass(frozen=True)
class Effect:
    """Times opened and closed over some weeks, and the visits left outside the hours."""

    since: date
    minutes: int
    """Length of the times counted."""
    opened: int
    closed: int
    outside: list[int]


def effect(
    before: AgendaHours,
    after: AgendaHours,
    since: date,
    *,
    minutes: int,
    away: Sequence[Stretch] = (),
    visits: Iterable[Stood] = (),
) -> Effect:
    """Compare two sets of hours over eight weeks.

    Args:
        since: first local day.
        minutes: length of the times counted.
        away: when nobody receives anyway.
        visits: those already given in these weeks.
    """
    opened = closed = 0
    for number in range(DAYS):
        day = since + timedelta(days=number)
        was, will = _open(before, day, away), _open(after, day, away)
        if was != will:
            opened += _times(without(will, was), minutes)
            closed += _times(without(was, will), minutes)
    stands = {False: Stands(before), True: Stands(after)}
    outside = [one.id for one in visits if stands[False].at(one) and not stands[True].at(one)]
    return Effect(since, minutes, opened, closed, outside)


def effect_words(one: Effect, today: date) -> str:
    """« Ce changement ouvre 12 créneaux de 15 min et en ferme 7 d’ici 8 semaines. »"""
    when = f"d’ici {WEEKS} semaines"
    if one.since > today:
        when = f"dans les {WEEKS} semaines qui suivent le {day_words(one.since)}"
    some = "x" if max(one.opened, one.closed) > 1 else ""
    kind = f"créneau{some} de {one.minutes} min"
    match bool(one.opened), bool(one.closed):
        case True, True:
            return f"Ce changement ouvre {one.opened} {kind} et en ferme {one.closed} {when}."
        case True, False:
            return f"Ce changement ouvre {one.opened} {kind} {when}."
        case False, True:
            return f"Ce changement ferme {one.closed} {kind} {when}."
    return f"Ce changement n’ouvre ni ne ferme aucun créneau {when}."


class Stands:
    """Whether visits stand in some hours, asked one after the other."""

    def __init__(self, hours: AgendaHours) -> None:
        self._hours = hours
        self._serving: dict[Wanted, AgendaHours] = {}

    def at(self, visit: Stood) -> bool:
        """Whether that visit is wholly inside them; a night may go on after midnight."""
        serving = self._serving.get(visit.wanted)
        if serving is None:
            serving = self._serving[visit.wanted] = self._hours.serving(visit.wanted)
        day = on_the_wall(visit.start, self._hours.site.zone).date()
        open_then = [
            (one.start, one.end)
            for two in (day, day + timedelta(days=1))
            for one in serving.on(two)
        ]
        return not without([(visit.start, visit.end)], open_then)


def _open(hours: AgendaHours, day: date, away: Sequence[Stretch]) -> list[Stretch]:
    return without([(one.start, one.end) for one in hours.on(day)], away)


def _times(stretches: Iterable[Stretch], minutes: int) -> int:
    return sum((end - start) // minutes for start, end in stretches)
