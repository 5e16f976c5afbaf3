"""Which places two displaced visits cannot both have, and whether a whole plan holds. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from secretariat.agenda.quotas import room_for
from secretariat.agenda.rationing import without
from secretariat.agenda.replanning.problem import Displaced, Kept, Limit, Place, Problem, Tie

Use = tuple[Hashable, int, int]
"""Something that one visit has at a time, from one minute to another."""


def uses(visit: Displaced, place: Place) -> Iterator[Use]:
    """What the visit takes at that place: the agenda, its rooms, the patient's own time."""
    around = visit.around(place.start)
    yield ("agenda", place.agenda_id), *around
    for room in place.rooms:
        yield ("room", room), *around
    if visit.patient:
        yield ("patient", visit.patient), *visit.itself(place.start)


def meet(problem: Problem, one: Displaced, here: Place, other: Displaced, there: Place) -> bool:
    """Whether the two visits cannot both stand there."""
    for what, start, end in uses(one, here):
        for same, first, last in uses(other, there):
            if what == same and first < end and start < last:
                return True
    return on_the_road(problem, one, here, other, there)


def on_the_road(
    problem: Problem, one: Displaced, here: Place, other: Displaced, there: Place
) -> bool:
    """Whether their practitioner, the same, could not be at one site then at the other."""
    road = problem.roads.get((here.agenda_id, there.agenda_id))
    if road is None:
        return False
    start, end = one.around(here.start)
    first, last = other.around(there.start)
    return first < end + road and start < last + road


def tied(tie: Tie, members: Sequence[Displaced], starts: Sequence[int]) -> bool:
    """Whether visits of one day stand together as they must."""
    if tie.kind == "household":
        return max(starts) - min(starts) <= tie.waits[0]
    steps = zip(pairwise(zip(members, starts, strict=True)), tie.waits, strict=True)
    return all(follows(one, at, then, wait) for ((one, at), (_, then)), wait in steps)


def follows(one: Displaced, at: int, then: int, wait: int) -> bool:
    """Whether a visit of a chain may begin at `then`, the one before beginning at `at`."""
    return 0 <= then - (at + one.minutes) <= wait


def weight(limit: Limit, visit: int, place: Place) -> int:
    """What a visit at that place counts for."""
    return limit.weights.get((visit, place._replace(rooms=())), 0)


def taken_from(kept: Kept, placed: Iterable[tuple[Displaced, Place]]) -> bool:
    """Whether these visits take times that a quota keeps for others."""
    here = [(visit, place) for visit, place in placed if place.agenda_id == kept.agenda_id]
    if all(is_allowed(kept, *one) for one in here):
        return False
    spans = sorted(visit.around(place.start) for visit, place in here)
    left = room_for(without(kept.free, spans), kept.minutes)
    return left + sum(is_own(kept, *one) for one in here) < owed(kept)


def owed(kept: Kept) -> int:
    """How many times are kept, as far as there is room for them."""
    return min(kept.amount, room_for(kept.free, kept.minutes))


def is_own(kept: Kept, visit: Displaced, place: Place) -> bool:
    """Whether that visit has there one of the times kept for its like."""
    first, last = kept.window
    return visit.id in kept.own and first <= place.start < last


def is_allowed(kept: Kept, visit: Displaced, place: Place) -> bool:
    """Whether nothing is kept from that visit there."""
    first, last = kept.window
    elsewhere = not first <= place.start < last
    return elsewhere or visit.id in kept.own or place.start < kept.released_until


def holds(problem: Problem, places: Mapping[int, Place]) -> bool:
    """Whether a whole plan breaks no rule: the obvious way, for proofs and tests."""
    known = {visit.id: visit for visit in problem.visits}
    placed = [(known[pk], place) for pk, place in places.items()]
    if any(meet(problem, *one, *other) for one, other in combinations(placed, 2)):
        return False
    if not all(_tie_holds(problem, tie, known, places) for tie in problem.ties):
        return False
    for limit in problem.limits:
        if sum(weight(limit, visit.id, place) for visit, place in placed) > limit.most:
            return False
    return not any(taken_from(kept, placed) for kept in problem.kept)


def _tie_holds(
    problem: Problem, tie: Tie, known: Mapping[int, Displaced], places: Mapping[int, Place]
) -> bool:
    given = [places[pk] for pk in tie.members if pk in places]
    if not given:
        return True
    if len(given) < len(tie.members) or len({problem.day(one.start) for one in given}) > 1:
        return False
    return tied(tie, [known[pk] for pk in tie.members], [one.start for one in given])
