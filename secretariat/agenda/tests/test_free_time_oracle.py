"""The fast arithmetic against the slow and obvious one, in random worlds."""

from datetime import date, time, timedelta
from itertools import pairwise
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from secretariat.agenda.facts import Absence, AgendaFacts, Busy
from secretariat.agenda.free_time import free_intervals, free_starts, nearest
from secretariat.agenda.openings import (
    AgendaHours,
    OpeningException,
    OpeningRule,
    SiteClock,
    open_minutes,
)
from secretariat.agenda.refused_time import Cause, why_not
from secretariat.agenda.refused_words import sentence
from secretariat.agenda.tests.oracle import clock_shown, days_from, free_set, open_set, starts_of

ZONES = ("Europe/Paris", "Europe/Paris", "Indian/Reunion", "America/Miquelon", "Pacific/Marquesas")
DAYS = (
    *(date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 30), date(2027, 10, 31)),
    date(2027, 5, 1),
)
LENGTHS = st.sampled_from((5, 15, 20, 45, 90))


class World(NamedTuple):
    """A day near something remarkable, and an agenda around it."""

    day: date
    facts: AgendaFacts
    rules: list[OpeningRule]

    def open_days(self, count: int) -> list[set[int]]:
        """The open minutes of `count` days, found the slow way."""
        hours, site = self.facts.hours, self.facts.hours.site
        return [
            open_set(one, self.rules, hours.exceptions_on(one), site.holiday(one), site.zone)
            for one in days_from(self.day, count)
        ]


def a_world(chance: Random) -> World:
    """Hours, closures, visits and absences that often meet midnight or a clock change."""
    day, zone = chance.choice(DAYS), chance.choice(ZONES)

    def near() -> date:
        return day + timedelta(days=chance.randint(-1, 3))

    rules = [
        OpeningRule(near().weekday(), *some_hours(chance), near(), chance.choice((None, near())))
        for _ in range(chance.randint(0, 3))
    ]
    rules += [
        OpeningRule(near().weekday(), *some_hours(chance), date(2020, 1, 1))
        for _ in range(chance.randint(1, 4))
    ]
    exceptions = [
        OpeningException(near(), *some_hours(chance), chance.choice(("open", "closed")))
        for _ in range(chance.randint(0, 2))
    ]
    if chance.random() < 0.2:
        exceptions.append(OpeningException(near(), None, None, "closed"))
    base = min(clock_shown(day, zone))
    begins = [base + chance.randint(-600, 3600) for _ in range(chance.randint(0, 12))]
    site = SiteClock(zone, closes_on_holidays=chance.random() < 0.5)
    facts = AgendaFacts(
        chance.randint(1, 9),
        AgendaHours(site, rules, exceptions),
        [Busy(start, start + chance.choice((5, 15, 15, 37, 180))) for start in begins[2:]],
        [Absence(start, start + chance.choice((180, 1500))) for start in begins[:2]],
    )
    return World(day, facts, rules)


def some_hours(chance: Random) -> tuple[time, time]:
    """Two times in order, often in the night of the clock changes, sometimes until midnight."""
    low, high = chance.choice(((0, 287), (18, 42)))
    first, last = sorted((chance.randint(low, high), chance.randint(low, high)))
    odd = chance.choice((0, 0, 3))
    starts, ends = first * 5 + odd, (last + 1) * 5 + odd
    starts, ends = chance.choice(((starts, ends), (starts, ends), (0, ends), (starts, 1440)))
    return time(*divmod(starts, 60)), time(*divmod(ends, 60)) if ends < 1440 else time(0)


# A seed a world: drawn piece by piece, worlds cost more than all that is tested on them.
WORLDS = st.integers(0, 2**32).map(lambda seed: a_world(Random(seed)))


@settings(max_examples=600, deadline=None)
@given(WORLDS)
def test_a_day_is_open_exactly_when_the_clock_on_the_wall_says_so(world: World) -> None:
    day, hours = world.day, world.facts.hours
    found = hours.on(day)
    assert {m for one in found for m in range(one.start, one.end)} == world.open_days(1)[0]
    assert all(one.end < later.start for one, later in pairwise(found))
    again = open_minutes(
        day, world.rules, hours.exceptions_on(day), hours.site.holiday(day), hours.site.zone
    )
    assert [one[:2] for one in again] == [one[:2] for one in found]


@settings(max_examples=600, deadline=None)
@given(WORLDS, LENGTHS, st.sampled_from((None, 5, 7, 20)), st.booleans())
def test_the_times_offered_are_those_the_slow_way_finds(
    world: World, minutes: int, step: int | None, packed: bool
) -> None:
    day, facts = world.day, world.facts
    taken = (*facts.busy, *facts.absences)
    slow = starts_of(world.open_days(3), taken, minutes, step or minutes, packed=packed)
    assert list(free_starts(facts, day, 2, minutes, step=step, packed=packed)) == slow
    half = slow[len(slow) // 2] + 1 if slow else 0
    later = list(free_starts(facts, day, 2, minutes, step=step, packed=packed, not_before=half))
    assert later == [one for one in slow if one >= half]


@settings(max_examples=300, deadline=None)
@given(WORLDS)
def test_what_is_free_is_what_is_open_and_not_taken(world: World) -> None:
    openings = [one for day in days_from(world.day, 2) for one in world.facts.hours.on(day)]
    found = free_intervals(openings, world.facts.busy, world.facts.absences)
    minutes = [m for one in found for m in range(one.start, one.end)]
    assert minutes == sorted(free_set(world.facts, world.open_days(2)))
    assert all(one.opened <= one.start < one.end for one in found)


@settings(max_examples=600, deadline=None)
@given(WORLDS, st.integers(0, 1499), LENGTHS)
def test_a_time_is_refused_exactly_when_a_minute_of_it_is_not_free(
    world: World, after: int, minutes: int
) -> None:
    shown = sorted(clock_shown(world.day, world.facts.hours.site.zone))
    asked = shown[min(after, len(shown) - 1)]
    days = world.open_days(2)
    free = free_set(world.facts, days)
    blocked = next((m for m in range(asked, asked + minutes) if m not in free), None)
    refused = why_not(world.facts, asked, minutes)
    assert (refused is None) == (blocked is None)
    if refused is None or blocked is None:
        return
    assert sentence(refused).endswith(".")
    if refused.then is not None:
        assert refused.left == blocked - asked > 0
        refused = refused.then
    assert refused.at == blocked
    is_open = any(blocked in one for one in days)
    assert is_open == (refused.cause in {Cause.ABSENCE, Cause.TAKEN})
    if refused.span is not None:
        assert refused.span[0] <= blocked < refused.span[1]


@settings(max_examples=300, deadline=None)
@given(st.sets(st.integers(0, 200), max_size=20), st.integers(-20, 220), st.integers(0, 8))
def test_the_nearest_times_are_nearer_than_all_others(free: set[int], around: int, n: int) -> None:
    by_distance = sorted(free, key=lambda one: (abs(one - around), -one))
    assert nearest(sorted(free), around, n) == sorted(by_distance[:n])
