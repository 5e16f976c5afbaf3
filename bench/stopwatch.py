"""Times and processor time of one operation, one client, after a warm-up."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil


@dataclass
class Figure:
    """One line of the table. Times in ms; `None` where the column has no sense."""

    name: str
    times: list[float] = field(default_factory=list)
    sql: int | None = None
    web: float | None = None
    database: float | None = None
    aim: str = ""
    note: str = ""

    def at(self, share: float) -> float:
        """The time under which `share` of the requests stayed."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True)
class Pace:
    """How long one operation is measured."""

    most: int = 300
    seconds: float = 5.0
    warm: int = 40


class Processors:
    """Processor seconds used so far by the web server and by the database."""

    def __init__(self, web: int, database: int) -> None:
        self.web, self.database = psutil.Process(web), psutil.Process(database)

    def memory(self) -> list[float]:
        """MB of each web process, its share of what it has in common with others counted once."""
        every = [self.web, *self.web.children(recursive=True)]
        return sorted((one.memory_full_info().pss / 2**20 for one in every), reverse=True)

    def used(self) -> tuple[float, float]:
        """(web, database): user and system time of the processes and all their children."""
        return _used(self.web), _used(self.database)


def measure(
    figure: Figure, call: Callable[[int], object], pace: Pace, processors: Processors | None = None
) -> Figure:
    """Call `call(n)` over and over, n counting on from the warm-up.

    Args:
        processors: whose time is shared among the requests; ours when None.
    """
    warm_until = time.monotonic() + pace.seconds / 3
    number = 0
    while number < pace.warm and time.monotonic() < warm_until:
        call(number)
        number += 1
    before = processors.used() if processors else (time.process_time(), 0.0)
    until = time.monotonic() + pace.seconds
    while len(figure.times) < pace.most and time.monotonic() < until:
        start = time.perf_counter()
        call(number)
        figure.times.append((time.perf_counter() - start) * 1000)
        number += 1
    after = processors.used() if processors else (time.process_time(), 0.0)
    count = len(figure.times)
    figure.web = (after[0] - before[0]) * 1000 / count
    figure.database = (after[1] - before[1]) * 1000 / count if processors else None
    return figure


def _used(root: psutil.Process) -> float:
    """Those that have ended are counted by the process that waited for them."""
    ended = root.cpu_times()
    total = float(ended.children_user + ended.children_system)
    for process in [root, *root.children(recursive=True)]:
        try:
            spent = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += spent.user + spent.system
    return total
