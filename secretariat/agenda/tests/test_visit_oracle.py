"""The whole engine against the slow and obvious one: rooms, quotas, buffers, locums, holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from secretariat.agenda.facts import (
    Absence,
    AgendaFacts,
    Ask,
    Busy,
    Closing,
    Elsewhere,
    Held,
    Locum,
    Room,
)
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.local_time import day_bounds
from secretariat.agenda.openings import AgendaHours, OpeningException, OpeningRule, SiteClock
from secretariat.agenda.quotas import Quota
from secretariat.agenda.refused_time import why_not
from secretariat.agenda.refused_words import sentence
from secretariat.agenda.tests.visit_oracle import World, sequence

DAYS = (
    *(date(2027, 3, 27), date(2027, 3, 28), date(2027, 10, 30), date(2027, 10, 31)),
    *(date(2026, 12, 18), date(2027, 5, 1), date(2027, 6, 8)),
)
REASONS = (1, 2, 3)


def a_world(chance: Random) -> World:
    """A day near something remarkable, with a little of everything around it."""
    day = chance.choice(DAYS)
    zone = chance.choice(("Europe/Paris", "Europe/Paris", "America/Miquelon"))
    rules = [_rule(chance, day) for _ in range(chance.randint(2, 5))]
    exceptions = [_exception(chance, day) for _ in range(chance.choice((0, 0, 1)))]
    site = SiteClock(zone, "", chance.random() < 0.5, chance.choice(("", "A", "B")))
    base = day_bounds(day, zone)[0]
    facts = AgendaFacts(
        1,
        AgendaHours(site, rules, exceptions),
        [_visit(chance, base) for _ in range(chance.randint(0, 8))],
        [_absence(chance, base) for _ in range(chance.choice((0, 0, 1)))],
        [Held(*_span(chance, base, (15, 20)), 1, "Alice") for _ in range(chance.choice((0, 1)))],
        [_elsewhere(chance, base) for _ in range(chance.choice((0, 0, 1)))],
        [_locum(chance, day)] if chance.random() < 0.2 else [],
        [_quota(chance, day) for _ in range(chance.choice((0, 1, 1, 2)))],
        [_need(chance, base, n) for n in range(chance.choice((0, 0, 1, 2)))],
    )
    return World(facts, rules, exceptions, _ask(chance, base), list(sequence(day, 3)))


def _hours(chance: Random) -> tuple[time, time]:
    first = chance.choice((0, 60, 480, 495, 540, 800, 840, 1200)) + chance.choice((0, 0, 3))
    last = min(first + chance.choice((60, 120, 245, 600)), 1440)
    return time(*divmod(first, 60)), time(*divmod(last, 60)) if last < 1440 else time(0)


def _rule(chance: Random, day: date) -> OpeningRule:
    on = day + timedelta(days=chance.choice((0, 0, 0, 1)))
    return OpeningRule(
        on.weekday(), *_hours(chance), on - timedelta(days=chance.choice((0, 3, 7, 14, 21))),
        kind="protected" if chance.random() < 0.2 else "open",
        every_weeks=chance.choice((1, 1, 1, 2, 3)),
        school_holidays=chance.choice(("", "", "", "except", "only")),
        mode=chance.choice(("", "", "", "on_site", "video")),
        reasons=frozenset(chance.sample(REASONS, chance.choice((0, 0, 0, 1, 2)))),
        id=1, author="Mme Keller",
    )  # fmt: skip


def _exception(chance: Random, day: date) -> OpeningException:
    on = day + timedelta(days=chance.choice((0, 1)))
    if chance.random() < 0.3:
        return OpeningException(on, None, None, "closed")
    return OpeningException(on, *_hours(chance), chance.choice(("open", "closed")))


def _span(chance: Random, base: int, lengths: tuple[int, ...]) -> tuple[int, int]:
    start = base + chance.choice((0, 480, 600, 780)) + 5 * chance.randint(0, 40)
    return start, start + chance.choice(lengths)


def _visit(chance: Random, base: int) -> Busy:
    start, end = _span(chance, base, (10, 15, 15, 37, 60))
    before, after = chance.choice((0, 0, 5, 12)), chance.choice((0, 0, 10))
    kind = chance.choice(("visit", "visit", "visit", "squeeze", "block"))
    reason = chance.choice((0, *REASONS))
    return Busy(start - before, end + after, 7, kind, reason, before, after)


def _absence(chance: Random, base: int) -> Absence:
    span = _span(chance, base, (120, 1500))
    return Absence(*span, 3, "Congés", of_locum=chance.random() < 0.4)


def _elsewhere(chance: Random, base: int) -> Elsewhere:
    start, end = _span(chance, base, (15, 60))
    road = chance.choice((0, 20))
    return Elsewhere(start - road, end + road, 2, "Annexe", road)


def _locum(chance: Random, day: date) -> Locum:
    first = day + timedelta(days=chance.choice((-1, 0, 1)))
    left = frozenset(chance.sample(REASONS, chance.choice((0, 1))))
    return Locum(first, first + timedelta(days=chance.choice((0, 1))), "Dr Bob", left)


def _quota(chance: Random, day: date) -> Quota:
    kind: Any = chance.choice(("keep", "most", "share"))
    amount = {"keep": chance.randint(1, 4), "most": chance.randint(0, 3), "share": 30}[kind]
    mine = (
        None if kind == "most" and chance.random() < 0.2 else frozenset(chance.sample(REASONS, 2))
    )
    release: Any
    part: Any = chance.choice(("day", "morning", "afternoon", "half", "half"))
    release, hours = chance.choice((("never", 0), ("day", 0), ("notice", 3), ("notice", 30)))
    keeps = kind == "keep"
    return Quota(
        kind, amount, mine, part, chance.choice((127, 127, 1 << day.weekday(), 31)),
        15 if keeps else 0, release if keeps else "never", hours if keeps else 0,
        day - timedelta(days=3),
    )  # fmt: skip


def _need(chance: Random, base: int, number: int) -> list[Room]:
    return [
        Room(
            10 * (number + 1) + n, f"Salle {n + 1}",
            [_span(chance, base, (30, 90, 400)) for _ in range(chance.randint(0, 3))],
            chance.random() < 0.7,
            [Closing(*_span(chance, base, (60, 300, 2000)), 4, "Panne", "Mme Keller")]
            if chance.random() < 0.3 else [],
        )
        for n in range(chance.randint(1, 3))
    ]  # fmt: skip


def _ask(chance: Random, base: int) -> Ask:
    now = base + chance.choice((-3000, 300, 560, 700))
    return Ask(
        chance.choice((5, 15, 15, 20, 45)), chance.choice(REASONS),
        chance.choice((0, 0, 5, 10)), chance.choice((0, 0, 5, 15)),
        chance.choice(("on_site", "on_site", "video")), chance.random() < 0.15,
        chance.random() < 0.3, chance.choice((None, now)),
        chance.choice((None, None, base + 555)), chance.choice((None, None, base + 900)),
    )  # fmt: skip


WORLDS = st.integers(0, 2**32).map(lambda seed: a_world(Random(seed)))


@settings(max_examples=500, deadline=None)
@given(WORLDS)
def test_the_times_offered_are_exactly_those_that_every_rule_allows(world: World) -> None:
    facts, day, ask = world.facts, world.days[0], world.ask
    offered = list(free_starts(facts, day, 2, ask))
    assert offered == world.starts()
    assert all(why_not(facts, start, ask) is None for start in offered)


@settings(max_examples=700, deadline=None)
@given(WORLDS, st.integers(0, 1 << 16))
def test_a_time_is_refused_exactly_when_a_rule_is_against_it(world: World, where: int) -> None:
    first, last = day_bounds(world.days[0], world.facts.hours.site.zone)
    opened = sorted(world.for_ask(world.days[0]) or range(first, last))
    start = opened[where % len(opened)]
    refused = why_not(world.facts, start, world.ask)
    assert (refused is None) == world.allowed(start)
    if refused is not None:
        said = sentence(refused)
        assert said.endswith(".")
        assert "None" not in said


@settings(max_examples=200, deadline=None)
@given(WORLDS)
def test_what_is_offered_can_be_given_and_is_then_offered_no_more(world: World) -> None:
    facts, ask = world.facts, world.ask
    offered = list(free_starts(facts, world.days[0], 2, ask))
    if not offered:
        return
    start = offered[len(offered) // 2]
    given = Busy(
        start - ask.before, start + ask.minutes + ask.after, 99, "visit", ask.reason,
        ask.before, ask.after,
    )  # fmt: skip
    then = replace(facts, busy=[*facts.busy, given])
    assert start not in list(free_starts(then, world.days[0], 2, ask))
    assert why_not(then, start, ask) is not None
