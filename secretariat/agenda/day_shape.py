"""What a day of an agenda looks like: its closed times, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from secretariat.agenda.facts import AgendaFacts
from secretariat.agenda.free_time import free_intervals
from secretariat.agenda.local_time import (
    clock_minutes,
    day_bounds,
    midnight,
    on_the_wall,
    pieces,
)
from secretariat.agenda.locums import absences_in_force
from secretariat.agenda.openings import OpeningRule, Source, wall_hours
from secretariat.agenda.refused_time import Cause, NotFree, why_not
from secretariat.agenda.rule_words import MODES

_KINDS = {
    Cause.HOLIDAY: ("holiday", "Férié"),
    Cause.CLOSURE: ("closure", "Fermé"),
    Cause.ABSENCE: ("absence", "Absence"),
    Cause.PROTECTED: ("protected", "Plage protégée"),
    Cause.KEPT_FOR_OTHERS: ("kept", "Gardé"),
}


class Closed(NamedTuple):
    """A closed time `[start, end)` in minutes of UTC."""

    start: int
    end: int
    kind: str
    """`hours`, `holiday`, `closure`, `protected`, `absence`, or `kept` for some reasons."""
    words: str
    """« Férié : Noël », short enough for the grid; `why_not` tells the whole reason."""


def closed_times(
    facts: AgendaFacts, day: date, reasons: Mapping[int, str] | None = None
) -> list[Closed]:
    """When nothing can be given that day, or only some reasons, whatever is taken, in order.

    Args:
        reasons: how the reasons are called for which ranges without a name are kept.
    """
    empty = replace(facts, busy=(), held=(), elsewhere=(), needs=(), quotas=())
    found: list[Closed] = []
    edges = sorted(set(_edges(facts, day)))
    for start, end in pairwise(edges):
        refused = why_not(empty, start, 1)
        if refused is None:
            continue
        if refused.cause is Cause.KEPT_FOR_OTHERS:
            refused = replace(refused, label=_kept_for(facts, day, start, reasons or {}))
        closed = _closed(refused, start, end)
        last = found[-1] if found else None
        if last and last.end == start and (last.kind, last.words) == (closed.kind, closed.words):
            found[-1] = last._replace(end=end)
        else:
            found.append(closed)
    return found


def open_minutes(facts: AgendaFacts, day: date) -> int:
    """Minutes of that day in which visits can be given, those already given counted in."""
    opened, away = facts.hours.on(day), absences_in_force(facts)
    # The ordinary day, 840 of them in a month picker.
    if not away and all(one.end <= following.start for one, following in pairwise(opened)):
        return sum(one.end - one.start for one in opened)
    free = free_intervals(opened, (), away)
    return sum(one.end - one.start for one in free)


def _edges(facts: AgendaFacts, day: date) -> Iterator[int]:
    """Every minute of the day at which the answer may change."""
    first, last = day_bounds(day, facts.hours.site.zone)
    yield first
    yield last
    inside: list[int] = []
    for opening in facts.hours.on(day):
        inside += (opening.start, opening.end)
    for away in absences_in_force(facts):
        inside += (away.start, away.end)
    for rule in facts.hours.protected_on(day):
        inside += _on_the_clock(facts, day, rule)
    for rule in _kept_on(facts, day):
        inside += _on_the_clock(facts, day, rule)
    for exception in facts.hours.exceptions_on(day):
        inside += _on_the_clock(facts, day, exception)
    yield from (edge for edge in inside if first < edge < last)


def _kept_on(facts: AgendaFacts, day: date) -> list[OpeningRule]:
    """The ranges of that day that are kept for some reasons, or for one mode."""
    rules = (one for one in facts.hours.rules if one.kind == "open" and (one.reasons or one.mode))
    return [one for one in rules if one.in_force(day, facts.hours.site.school_zone)]


def _kept_for(facts: AgendaFacts, day: date, minute: int, reasons: Mapping[int, str]) -> str:
    """How the range kept at that minute is called: by its name, or by whom it is kept for."""
    wall = clock_minutes(on_the_wall(minute, facts.hours.site.zone).time())
    for rule in _kept_on(facts, day):
        start, end = wall_hours(rule)
        if start <= wall < end:
            names = sorted(reasons[pk] for pk in rule.reasons if pk in reasons)
            if words := rule.label or ", ".join(names) or MODES.get(rule.mode):
                return words
    return "certains motifs"


def _on_the_clock(facts: AgendaFacts, day: date, source: Source) -> Iterator[int]:
    """The minutes of UTC at which the hours of a rule or exception begin and end that day."""
    for wall in wall_hours(source):
        for part in pieces(day, facts.hours.site.zone):
            yield midnight(day) - part.offset + wall


def _closed(refused: NotFree, start: int, end: int) -> Closed:
    kind, word = _KINDS.get(refused.cause, ("hours", "Fermé"))
    words = f"{word} : {refused.label}" if refused.label else word
    return Closed(start, end, kind, words)
