"""A doctor is ill: forty visits, three doctors, three weeks; a hundred such days, drawn by lot.

Run alone: `python -m bench.replanning [days]`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from statistics import mean, median, quantiles
from time import process_time

from secretariat.agenda.facts import Absence, AgendaFacts, Ask, Busy
from secretariat.agenda.local_time import day_bounds, minutes_showing
from secretariat.agenda.openings import AgendaHours, OpeningRule, SiteClock
from secretariat.agenda.quotas import Quota
from secretariat.agenda.replanning.asked import Known, Moving, problem
from secretariat.agenda.replanning.greedy import earliest_first
from secretariat.agenda.replanning.problem import Plan, Problem, Tie
from secretariat.agenda.replanning.solving import best

PARIS = "Europe/Paris"
MONDAY = date(2027, 3, 8)
DAYS, VISITS, DOCTORS = 21, 40, 3
LENGTHS = {1: 15, 2: 20, 3: 30, 4: 10}
"""By reason; the last one is for emergencies."""
URGENT = 4


@dataclass(frozen=True, slots=True)
class Figures:
    """What a way of replanning gives, over all days."""

    seconds: list[float]
    proven: int
    unplaced: int
    urgent_late: int
    late_days: int
    other_doctor: int
    delay: float


def a_day(chance: Random, fill: float) -> Problem:
    """Forty visits of one doctor, two colleagues, all of them with busy weeks."""
    now = minutes_showing(MONDAY, time(7, 40), PARIS)[0]
    books = {n: _book(chance, n, fill if n > 1 else fill - 0.05) for n in range(1, DOCTORS + 1)}
    moving = _ill(chance, now)
    ties = [
        Tie("household", (moving[n].id, moving[n + 1].id), (45,)) for n in (4, 20)
    ] + [Tie("chain", (moving[12].id, moving[13].id), (30,))]  # fmt: skip
    facts = {(pk, reason): book for pk, book in books.items() for reason in LENGTHS}
    return problem(moving, Known(PARIS, now + 60, facts, ties=ties))


def _ill(chance: Random, now: int) -> list[Moving]:
    minute = minutes_showing(MONDAY, time(8, 0), PARIS)[0]
    found = []
    for n in range(VISITS):
        reason = chance.choices((1, 2, 3, 4), (60, 20, 8, 12))[0]
        urgent = reason == URGENT
        promised = MONDAY if urgent else None
        if not urgent and chance.random() < 0.15:
            promised = MONDAY + timedelta(days=chance.randint(1, 10))
        ask = Ask(LENGTHS[reason], reason, at=now)
        agendas = (1, 2, 3) if chance.random() < 0.8 else (1,)
        found.append(
            Moving(
                n + 1,
                ask,
                1,
                minute,
                agendas,
                frozenset({1}),
                MONDAY,
                MONDAY + timedelta(days=DAYS - 1),
                patient=n + 1,
                urgent=urgent,
                promised=promised,
            )
        )
        minute += ask.minutes
    return found


def _book(chance: Random, number: int, fill: float) -> AgendaFacts:
    """Monday to Friday, 8 to 12 and 14 to 18; the ill doctor is away on the first day."""
    hours = [
        OpeningRule(weekday, starts, ends, date(2026, 1, 5))
        for weekday in range(5)
        for starts, ends in ((time(8), time(12)), (time(14), time(18)))
    ]
    busy: list[Busy] = []
    for n in range(DAYS):
        first = day_bounds(MONDAY + timedelta(days=n), PARIS)[0]
        # The nearer the day, the fuller.
        full = min(0.98, fill + 0.2 - 0.012 * n)
        for opens, closes in ((480, 720), (840, 1080)):
            minute = first + opens
            while minute < first + closes:
                reason = chance.choice((1, 1, 2, 3))
                end = min(minute + LENGTHS[reason], first + closes)
                if chance.random() < full:
                    busy.append(Busy(minute, end, len(busy) + 1000, "visit", reason))
                minute = end
    away = [Absence(*day_bounds(MONDAY, PARIS))] if number == 1 else []
    kept = [Quota("keep", 1, frozenset({URGENT}), minutes=10, release="day", id=number)]
    return AgendaFacts(number, AgendaHours(SiteClock(PARIS), hours), busy, away, quotas=kept)


def measured(plans: list[tuple[Problem, Plan]]) -> Figures:
    """The figures of one way."""
    delays, unplaced, urgent_late, late, other, proven = [], 0, 0, 0, 0, 0
    for asked, plan in plans:
        costs = {
            visit.id: dict(zip((p[:2] for p in visit.places), visit.costs, strict=True))
            for visit in asked.visits
        }
        for visit in asked.visits:
            place = plan.places.get(visit.id)
            if place is None:
                unplaced += 1
                continue
            cost = costs[visit.id][place[:2]]
            delays.append(cost.days)
            late += cost.late
            urgent_late += visit.minutes == LENGTHS[URGENT] and cost.late > 0
            other += cost.other
        proven += plan.proven
    seconds = [plan.seconds for _, plan in plans]
    return Figures(seconds, proven, unplaced, urgent_late, late, other, mean(delays))


def main() -> None:
    """Print the table of docs/bench.md."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    best(a_day(Random(0), 0.5))  # the library is loaded
    ours, theirs, spent = [], [], []
    for n in range(count):
        chance = Random(n)
        day = a_day(chance, chance.uniform(0.6, 0.85))
        began = process_time()
        ours.append((day, best(day, seconds=10)))
        spent.append(process_time() - began)
        theirs.append((day, earliest_first(day)))
    found = measured(ours)
    print(f"CPU seconds: median {median(spent):.2f}, p75 {quantiles(spent, n=4)[-1]:.2f}, "
          f"p95 {quantiles(spent, n=20)[-1]:.2f}, max {max(spent):.2f}; under 1 s: "
          f"{sum(one <= 1 for one in spent)}/{count}; proven {found.proven}/{count}")  # fmt: skip
    for name, one in (("solver", found), ("greedy", measured(theirs))):
        print(f"| {name} | {one.unplaced / count:.2f} | {one.urgent_late / count:.2f} | "
              f"{one.late_days / count:.1f} | {one.other_doctor / count:.1f} | "
              f"{one.delay:.2f} |")  # fmt: skip


if __name__ == "__main__":
    main()
