"""Which free times to say first, and why: four criteria, weighed as the practice wants. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import Free, Offer
from secretariat.agenda.local_time import day_bounds, on_the_wall

CALM = 0.5
"""Under this share of its hours given, a day is said to be calm."""
NOON_HOUR = 13
WEEK = 7 * 1440


class Weights(NamedTuple):
    """What each criterion weighs, 0 to 10."""

    earliest: int = 5
    usual: int = 3
    compact: int = 2
    balance: int = 1


class Ranked(NamedTuple):
    """A time, how well it suits from 0 to 1, and in which way."""

    offer: Offer
    score: float
    usual: bool
    compact: bool
    calm: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """What ranking must know.

    Attributes:
        facts: by agenda, with the visits of the days looked at.
        asks: the visit wanted, by agenda.
        stretches: what `free_stretches` said of the same days, by agenda, in order.
        usual: agendas of the patient's usual practitioner.
        shortest: minutes under which a hole is lost.
        since: the minute from which times are looked for.
    """

    facts: Mapping[int, AgendaFacts]
    asks: Mapping[int, Ask]
    stretches: Mapping[int, Sequence[Free]]
    usual: frozenset[int]
    shortest: int
    since: int


def ranked(offers: Iterable[Offer], measure: Measure, weights: Weights) -> list[Ranked]:
    """The offers, the best first; the soonest of equals.

    Earliest: 1 at once, a half in a week, a third in two. Usual: the patient's own doctor.
    Compact: leaves no hole too short for any visit. Balance: the share of the day still free.
    """
    days: dict[tuple[int, int], _Day] = {}
    whole = sum(weights) or 1
    found = []
    for offer in offers:
        pk = offer.agenda_id
        stretches = measure.stretches[pk]
        free = stretches[bisect_left(stretches, (offer.start + 1,)) - 1]
        day = days.get((pk, free.opened))
        if day is None:
            day = days[pk, free.opened] = _Day.of(measure, pk, offer.start)
        usual = pk in measure.usual
        after = free.end - offer.start - measure.asks[pk].minutes
        compact = not (0 < offer.start - free.start < measure.shortest) and not (
            0 < after < measure.shortest
        )
        score = (
            weights.earliest / (1 + max(0, offer.start - measure.since) / WEEK)
            + weights.usual * usual
            + weights.compact * compact
            + weights.balance * (1 - day.load)
        ) / whole
        found.append(Ranked(offer, score, usual, compact, day.load < CALM))
    return best_first(found)


def best_first(found: Iterable[Ranked]) -> list[Ranked]:
    """Several rankings as one."""
    return sorted(found, key=lambda one: (-one.score, one.offer.start))


def spread(ordered: Sequence[Ranked], zones: Mapping[int, str], count: int = 3) -> list[Ranked]:
    """The best one, then the best of other days and, if it can be, of other half-days.

    Args:
        ordered: the best first.
        zones: time zone by agenda.
    """
    place = cache(lambda one: _Place.of(one.offer, zones))
    chosen: list[Ranked] = []
    for differs in (_Place.other_half_and_day, _Place.other_day, _Place.other_time):
        for one in ordered:
            if len(chosen) == count:
                return chosen
            if all(differs(place(one), place(other)) for other in chosen):
                chosen.append(one)
    return chosen


class _Place(NamedTuple):
    """Where a time stands in the patient's week."""

    day: date
    morning: bool
    offer: Offer

    @classmethod
    def of(cls, offer: Offer, zones: Mapping[int, str]) -> _Place:
        """On the clock of its site."""
        wall = on_the_wall(offer.start, zones[offer.agenda_id])
        return cls(wall.date(), wall.hour < NOON_HOUR, offer)

    def other_half_and_day(self, other: _Place) -> bool:
        """The afternoon of another day than a morning, or the contrary."""
        return self.day != other.day and self.morning != other.morning

    def other_day(self, other: _Place) -> bool:
        """Another day."""
        return self.day != other.day

    def other_time(self, other: _Place) -> bool:
        """Not the same."""
        return self.offer != other.offer


class _Day(NamedTuple):
    """How much of the hours of an agenda on one day is already given."""

    load: float

    @classmethod
    def of(cls, measure: Measure, agenda_id: int, minute: int) -> _Day:
        """The local day of that minute."""
        hours = measure.facts[agenda_id].hours
        day = on_the_wall(minute, hours.site.zone).date()
        since, until = day_bounds(day, hours.site.zone)
        openings = hours.serving(measure.asks[agenda_id].wanted).on(day)
        opened = sum([one.end - one.start for one in openings])
        stretches = measure.stretches[agenda_id]
        today = stretches[bisect_left(stretches, (since,)) : bisect_left(stretches, (until,))]
        left = sum([one.end - one.start for one in today])
        return cls(1 - left / opened if opened else 1.0)
