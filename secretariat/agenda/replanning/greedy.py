"""The obvious way, to compare with: visits in their order, each at its first free time. Pure."""

from __future__ import annotations

from secretariat.agenda.replanning.conflicts import holds
from secretariat.agenda.replanning.problem import Displaced, Place, Plan, Problem, cost_of


def earliest_first(problem: Problem) -> Plan:
    """Each visit, in the order of the day, at the first time left by those before it; visits that
    are tied, one after the other on the first day where all of them stand."""
    known = {visit.id: visit for visit in problem.visits}
    ties = {tie.members[0]: tie.members for tie in problem.ties}
    late = {pk for tie in problem.ties for pk in tie.members[1:]}
    places: dict[int, Place] = {}
    for visit in problem.visits:
        if visit.id in late:
            continue
        members = [known[pk] for pk in ties.get(visit.id, [visit.id])]
        places |= _first(problem, members, places) or {}
    return Plan(places, cost_of(problem, places))


def _first(
    problem: Problem, members: list[Displaced], given: dict[int, Place]
) -> dict[int, Place] | None:
    """The first places of these visits that hold with those given, trying each in turn."""

    def follow(rest: list[Displaced], chosen: dict[int, Place]) -> dict[int, Place] | None:
        if not rest:
            return chosen if holds(problem, given | chosen) else None
        for place in sorted(rest[0].places):
            if chosen and problem.day(place.start) != problem.day(min(chosen.values()).start):
                continue
            alone = rest[0].id in given or not _tied(problem, rest[0].id)
            if alone and not holds(problem, given | chosen | {rest[0].id: place}):
                continue
            found = follow(rest[1:], chosen | {rest[0].id: place})
            if found is not None:
                return found
        return None

    return follow(members, {})


def _tied(problem: Problem, pk: int) -> bool:
    return any(pk in tie.members for tie in problem.ties)
