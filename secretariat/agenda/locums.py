"""What a locum changes in an agenda: whose absences close it, which reasons are left. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from secretariat.agenda.facts import Absence, AgendaFacts, Locum, Taken
from secretariat.agenda.rationing import without


def absences_in_force(facts: AgendaFacts) -> Sequence[Absence]:
    """The holder's absences outside the locums' days, and the locums' inside them."""
    if not facts.locums and not any(away.of_locum for away in facts.absences):
        return facts.absences
    covered = sorted(locum.span(facts.hours.site.zone) for locum in facts.locums)
    return list(chain.from_iterable(_in_force(away, covered) for away in facts.absences))


def _in_force(away: Absence, covered: Sequence[tuple[int, int]]) -> list[Absence]:
    outside = without([(away.start, away.end)], covered)
    kept = without([(away.start, away.end)], outside) if away.of_locum else outside
    return [away._replace(start=start, end=end) for start, end in kept]


def days_not_taken(facts: AgendaFacts, reason: int) -> list[Taken]:
    """The days of locums who leave that reason to the holder."""
    zone = facts.hours.site.zone
    return [locum.span(zone) for locum in facts.locums if reason in locum.not_taken]


def locum_at(facts: AgendaFacts, minute: int) -> Locum | None:
    """Who stands in at that minute."""
    for locum in facts.locums:
        start, end = locum.span(facts.hours.site.zone)
        if start <= minute < end:
            return locum
    return None
