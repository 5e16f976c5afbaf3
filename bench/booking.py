"""Giving times: one desk, eight desks, and many for the same time; beside the raw INSERT."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from threading import Barrier
from uuid import uuid4

from bench.browser import Browser
from bench.load import House, free_slots, scoped
from bench.site import Site
from bench.stopwatch import Figure, Pace, measure

CLIENTS = 8
Slot = tuple[int, datetime]


@dataclass
class Slots:
    """Free slots, each given once."""

    left: Iterator[Slot]

    @classmethod
    def of(cls, site: Site) -> Slots:
        """Those that the load left free, not taken since."""
        with scoped(site.address, site.house.practice) as connection:
            taken = set(
                connection.execute(
                    "SELECT agenda_id, starts_at FROM agenda_appointment WHERE created_at > "
                    "now() - interval '1 day' OR starts_at > now()"
                ).fetchall()
            )
            free = free_slots(connection, site.house, site.load, site.today)
        return cls(iter([slot for slot in free if slot not in taken]))

    def take(self) -> Slot:
        """The next free slot.

        Raises:
            RuntimeError: all were given.
        """
        slot = next(self.left, None)
        if slot is None:
            raise RuntimeError("no free slot is left: measure less, or load more days")
        return slot


@dataclass
class Throughput:
    """What several clients did together."""

    name: str
    done: int
    seconds: float
    times: list[float] = field(default_factory=list)
    client: float = 0.0
    """Processor ms of this process for each deed: it shares the machine."""

    @property
    def rate(self) -> float:
        """Deeds a second."""
        return self.done / self.seconds


def form(house: House, slot: Slot, patient: int) -> dict[str, object]:
    """The form that « Trouver un créneau » posts."""
    agenda, start = slot
    return {
        "instead": f"{agenda}@{start.isoformat()}", "agenda": agenda, "reason": house.reason,
        "patient": patient, "form_token": uuid4(),
    }  # fmt: skip


def book(browser: Browser, house: House, slot: Slot, patient: int) -> int:
    """Ask for `slot`; the status of the answer."""
    return browser.post("/agenda/book/", **form(house, slot, patient)).status


def one_desk(site: Site, slots: Slots, pace: Pace) -> Figure:
    """One secretary gives one time after another."""

    def call(number: int) -> None:
        status = book(site.desks[0], site.house, slots.take(), 1 + number % site.load.patients)
        if status != 204:
            raise RuntimeError(f"booking answered {status}")

    return measure(Figure("book one appointment", aim="10"), call, pace, site.processors)


def eight_desks(site: Site, slots: Slots, most: int, seconds: float) -> Throughput:
    """Eight secretaries at once, each slot asked once."""
    jobs = iter([slots.take() for _ in range(most)])

    def work(desk: Browser) -> Callable[[], bool]:
        def one() -> bool:
            slot = next(jobs, None)
            if slot is None:
                return False
            status = book(desk, site.house, slot, 1 + (slot[0] * 7919 + slot[1].minute) % 1000)
            if status != 204:
                raise RuntimeError(f"booking answered {status}")
            return True

        return one

    return _together("bookings", [work(desk) for desk in site.desks], seconds)


def one_slot(site: Site, slots: Slots, rounds: int) -> Counter[int]:
    """All desks ask for the same time at once; how many winners each round had.

    Raises:
        RuntimeError: somebody heard something else than yes or « pris ».
    """
    winners: Counter[int] = Counter()
    for _ in range(rounds):
        slot, barrier = slots.take(), Barrier(len(site.desks))

        def ask(number: int, slot: Slot = slot, barrier: Barrier = barrier) -> int:
            barrier.wait()
            return book(site.desks[number], site.house, slot, 1 + number)

        with ThreadPoolExecutor(len(site.desks)) as pool:
            said = Counter(pool.map(ask, range(len(site.desks))))
        if set(said) - {204, 409}:
            raise RuntimeError(f"a race answered {said}")
        winners[said[204]] += 1
    return winners


_RAW = """
INSERT INTO agenda_appointment (
  practice_id, agenda_id, patient_id, reason_id, title, starts_at, ends_at, minutes_before,
  minutes_after, note, squeezed, forced, forced_rule, cancelled_for, cancelled_why, import_key,
  created_at, created_by_id, version)
VALUES (%s, %s, %s, %s, '', %s, %s::timestamptz + interval '15 minutes', 0, 0, '', false, false,
        '', '', '', '', now(), %s, 1)
"""


def raw_insert(site: Site, slots: Slots, pace: Pace) -> Figure:
    """Floor: the constrained row alone, one statement, one commit, no web server."""
    with scoped(site.address, site.house.practice) as connection:

        def call(number: int) -> None:
            connection.execute(_RAW, _row(site, slots.take(), 1 + number % site.load.patients))

        name = "floor: raw constrained INSERT, committed"
        figure = measure(Figure(name, sql=1), call, pace, site.processors)
        figure.web = None
        return figure


def raw_together(site: Site, slots: Slots, most: int, seconds: float) -> Throughput:
    """The same floor from eight connections."""
    jobs = iter([slots.take() for _ in range(most)])
    lines = [scoped(site.address, site.house.practice) for _ in range(CLIENTS)]

    def work(number: int) -> Callable[[], bool]:
        def one() -> bool:
            slot = next(jobs, None)
            if slot is not None:
                lines[number].execute(_RAW, _row(site, slot, 1))
            return slot is not None

        return one

    try:
        return _together("raw INSERTs", [work(number) for number in range(CLIENTS)], seconds)
    finally:
        for line in lines:
            line.close()


def _row(site: Site, slot: Slot, patient: int) -> list[object]:
    house = site.house
    return [house.practice, slot[0], patient, house.reason, slot[1], slot[1], house.staff]


def _together(name: str, workers: list[Callable[[], bool]], seconds: float) -> Throughput:
    """Each worker works until nothing is left or the time is over."""
    times: list[list[float]] = [[] for _ in workers]
    start, ours = time.perf_counter(), time.process_time()
    until = start + seconds

    def run(number: int) -> None:
        while (began := time.perf_counter()) < until and workers[number]():
            times[number].append((time.perf_counter() - began) * 1000)

    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(run, range(len(workers))))
    taken = [one for each in times for one in each]
    client = (time.process_time() - ours) * 1000 / max(1, len(taken))
    return Throughput(name, len(taken), time.perf_counter() - start, taken, client)
