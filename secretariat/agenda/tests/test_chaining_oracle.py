"""Chains against the obvious way: try every place of every step, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from secretariat.agenda.chaining import Candidate, Chain, Link, Step, chains
from secretariat.agenda.facts import AgendaFacts, Ask, Busy, Elsewhere, Room
from secretariat.agenda.free_time import free_starts, rooms_for
from secretariat.agenda.local_time import day_bounds
from secretariat.agenda.openings import AgendaHours, OpeningRule, SiteClock
from secretariat.agenda.quotas import Quota
from secretariat.agenda.refused_time import why_not
from secretariat.agenda.tests.hours_given import LONG_AGO, MONDAY, PARIS

ROADS = {(1, 3): 10, (3, 1): 10}
"""Agendas 1 and 3 are one practitioner's, at two sites."""
BASE = day_bounds(MONDAY, PARIS)[0]
Rank = tuple[int, int]


def some_steps(chance: Random) -> list[Step]:
    """A short morning of three agendas, a room or two shared, a quota, and two or three visits."""
    books = {n: _book(chance, n) for n in (1, 2, 3)}
    rooms = [_room(chance, n) for n in (1, 2)]
    return [_step(chance, books, rooms) for _ in range(chance.randint(2, 3))]


def _book(chance: Random, number: int) -> AgendaFacts:
    opens = chance.choice((540, 543, 560))
    closes = opens + chance.choice((45, 60, 80))
    rule = OpeningRule(
        MONDAY.weekday(), time(*divmod(opens, 60)), time(*divmod(closes, 60)), LONG_AGO
    )
    busy = [_visit(chance) for _ in range(chance.choice((0, 0, 1, 2)))]
    quotas = [_quota(chance)] if chance.random() < 0.4 else []
    return AgendaFacts(number, AgendaHours(SiteClock(PARIS), [rule]), busy, quotas=quotas)


def _visit(chance: Random) -> Busy:
    start = BASE + 540 + 5 * chance.randint(0, 10)
    return Busy(start, start + chance.choice((5, 10, 12)), 1, "visit", chance.choice((1, 2)))


def _quota(chance: Random) -> Quota:
    kind = chance.choice(("keep", "most", "share"))
    amount = {"keep": chance.randint(1, 3), "most": chance.randint(0, 2), "share": 40}[kind]
    kept = 10 if kind == "keep" else 0
    return Quota(kind, amount, frozenset({chance.choice((1, 2))}), minutes=kept)  # type: ignore[arg-type]


def _room(chance: Random, number: int) -> Room:
    taken = [(BASE + 550, BASE + 570)] if chance.random() < 0.3 else []
    return Room(number, f"Salle {number}", taken)


def _step(chance: Random, books: dict[int, AgendaFacts], rooms: list[Room]) -> Step:
    reason = chance.choice((1, 2))
    needs = [chance.sample(rooms, chance.randint(1, 2))] if chance.random() < 0.4 else []
    where = chance.sample(sorted(books), chance.randint(1, 3))
    around = chance.choice((0, 0, 5)), chance.choice((0, 0, 5, 10))
    wait = chance.choice((0, 0, 5, 7))
    return Step(
        [
            Candidate(
                replace(books[n], needs=needs), Ask(chance.choice((5, 10, 12)), reason, *around)
            )
            for n in where
        ],
        wait, wait + chance.choice((0, 3, 10, 15)),
    )  # fmt: skip


def allowed(
    one: Candidate, start: int, before: Sequence[tuple[Link, Candidate, list[Room]]]
) -> list[Room] | None:
    """The rooms of a step once those before it are given; None when it may not stand there."""
    facts = one.facts
    for link, other, rooms in before:
        first, last = link.start - other.ask.before, link.end + other.ask.after
        if other.agenda_id == one.agenda_id:
            visit = Busy(
                first, last, 9, "visit", other.ask.reason, other.ask.before, other.ask.after
            )
            facts = replace(facts, busy=[*facts.busy, visit])
        if (road := ROADS.get((one.agenda_id, other.agenda_id))) is not None:
            facts = replace(
                facts, elsewhere=[*facts.elsewhere, Elsewhere(first - road, last + road)]
            )
        ids = {room.id for room in rooms}
        facts = replace(facts, needs=[
            [r._replace(taken=[*r.taken, (first, last)]) if r.id in ids else r for r in need]
            for need in facts.needs
        ])  # fmt: skip
    return None if why_not(facts, start, one.ask) else rooms_for(facts, one.ask, start)


def every_chain(
    steps: Sequence[Step], before: tuple[tuple[Link, Candidate, list[Room]], ...] = ()
) -> Iterator[Chain]:
    """All the ways, whatever they are worth."""
    if len(before) == len(steps):
        yield tuple(link for link, _, _ in before)
        return
    step = steps[len(before)]
    for one in step.candidates:
        for start in places(step, one, before):
            if not BASE <= start < BASE + 1440:
                continue
            rooms = allowed(one, start, before)
            if rooms is not None:
                link = Link(start, start + one.ask.minutes, one.agenda_id)
                yield from every_chain(steps, (*before, (link, one, rooms)))


def places(
    step: Step, one: Candidate, before: Sequence[tuple[Link, Candidate, list[Room]]]
) -> list[int]:
    """The minutes to try for a step."""
    if not before:
        return list(free_starts(one.facts, MONDAY, 1, one.ask, step=5))
    end = before[-1][0].end
    wait = [end + minutes for minutes in range(step.wait_from, step.wait_to + 1)]
    return [minute for minute in wait if minute % 5 == 0] or wait[:1]


def rank(chain: Chain, *, together: bool) -> Rank:
    """What makes a chain better than another."""
    changes = sum(one.agenda_id != two.agenda_id for one, two in pairwise(chain))
    return (changes, chain[-1].end) if together else (chain[-1].end, changes)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32), st.booleans())
def test_the_chains_found_are_the_best_of_all_chains(seed: int, together: bool) -> None:
    steps = some_steps(Random(seed))
    every = list(every_chain(steps))
    best: dict[int, Rank] = {}
    for chain in every:
        worth = rank(chain, together=together)
        best[chain[0].start] = min(best.get(chain[0].start, worth), worth)
    found = list(chains(steps, MONDAY, roads=ROADS, together=together))
    assert {chain[0].start: rank(chain, together=together) for chain in found} == best
    assert [chain[0].start for chain in found] == sorted(best)
    assert set(found) <= set(every)
