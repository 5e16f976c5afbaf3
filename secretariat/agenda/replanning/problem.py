"""What is asked when a day must be replanned, and what is answered. Minutes are of UTC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from secretariat.agenda.local_time import on_the_wall


class Place(NamedTuple):
    """A time that one displaced visit could be given: the engine has nothing against it alone."""

    start: int
    agenda_id: int
    rooms: tuple[int, ...] = ()
    """Which room or equipment it would take, one for each need."""


class Cost(NamedTuple):
    """What a place costs. Nothing further on makes up for anything before it."""

    unplaced: int = 0
    late: int = 0
    """Days after what was promised, three times for an emergency."""
    other: int = 0
    """1 with another doctor."""
    days: int = 0
    """Calendar days after the former day."""
    wishes: int = 0
    """How many of the patient's wishes are not kept."""
    changed: int = 0
    """1 where it was proposed otherwise before."""
    hour: int = 0
    """How far from the former hour of the day, in lines of five minutes."""


@dataclass(frozen=True, slots=True)
class Displaced:
    """A visit that needs another time.

    Attributes:
        places: where it could stand, each only once; one alone when it was pinned there.
        costs: of each place, in the same order.
        unplaced: what it costs to give it no time.
    """

    id: int
    minutes: int
    places: Sequence[Place]
    costs: Sequence[Cost]
    unplaced: Cost
    before: int = 0
    after: int = 0
    patient: int = 0

    def around(self, start: int) -> tuple[int, int]:
        """From its preparation to its cleaning."""
        return start - self.before, start + self.minutes + self.after

    def itself(self, start: int) -> tuple[int, int]:
        """While the patient is there."""
        return start, start + self.minutes


@dataclass(frozen=True, slots=True)
class Tie:
    """Visits that stay together: all on one day, or none is given a time.

    `chain`: in this order, each at most so many minutes after the end of the one before;
    `household`: all begin within so many minutes of each other.
    """

    kind: Literal["chain", "household"]
    members: Sequence[int]
    """Visits by id, in their order."""
    waits: Sequence[int]
    """For a chain, after each but the last; for a household, one span."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Quotas that count: these places together weigh at most `most`."""

    most: int
    weights: Mapping[tuple[int, Place], int]
    """By visit and place, rooms left out."""
    quota: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """Times that a quota keeps free in a part of a day, for its own reasons."""

    agenda_id: int
    window: tuple[int, int]
    amount: int
    """How many are still owed, if there is room for as many."""
    minutes: int
    free: Sequence[tuple[int, int]]
    """Where they could stand today."""
    own: frozenset[int] = frozenset()
    """Displaced visits of the quota's own reasons: each that is given there is owed no more."""
    released_until: int = 0
    """A visit that begins before that minute takes what is kept no longer."""
    quota: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole day to replan."""

    visits: Sequence[Displaced]
    zone: str
    ties: Sequence[Tie] = ()
    limits: Sequence[Limit] = ()
    kept: Sequence[Kept] = ()
    roads: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Minutes of road between two agendas of one practitioner, both ways round."""

    def day(self, minute: int) -> date:
        """The local day."""
        return on_the_wall(minute, self.zone).date()


@dataclass(frozen=True, slots=True)
class Plan:
    """Where each visit should stand; those without a place are not there."""

    places: Mapping[int, Place]
    cost: Cost
    proven: bool = False
    """Nothing better exists among all the places asked about."""
    seconds: float = 0.0


def cost_of(problem: Problem, places: Mapping[int, Place]) -> Cost:
    """What a plan costs in all, each criterion summed."""
    found = []
    for visit in problem.visits:
        place = places.get(visit.id)
        known = {_bare(one): cost for one, cost in zip(visit.places, visit.costs, strict=True)}
        found.append(visit.unplaced if place is None else known[_bare(place)])
    return Cost(*(sum(column) for column in zip(*found, strict=True))) if found else Cost()


def _bare(place: Place) -> tuple[int, int]:
    return place.start, place.agenda_id


def weights(problem: Problem) -> list[int]:
    """What each criterion weighs so that nothing further on makes up for anything before it."""
    most = [0] * len(Cost._fields)
    for visit in problem.visits:
        for n, column in enumerate(zip(visit.unplaced, *visit.costs, strict=True)):
            most[n] += max(column)
    found = [1]
    for largest in most[:0:-1]:
        found.append(found[-1] * (largest + 1))
    return found[::-1]
