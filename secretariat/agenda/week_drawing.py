"""Weekly hours as a drawing and as sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from secretariat.agenda.local_time import DAY, clock_minutes

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
COLUMN, HOUR = 100, 24
"""Units of the drawing: width of a day, height of an hour."""
FIRST, LAST = 7 * 60, 21 * 60


@dataclass(frozen=True)
class Block:
    """An opening in the drawing."""

    x: int
    y: int
    width: int
    height: int
    words: str


@dataclass(frozen=True)
class Drawing:
    """A week of openings, in units that an SVG `viewBox` takes."""

    blocks: list[Block]
    hours: list[tuple[int, str]]
    """Height and words of each hour line."""
    days: list[tuple[int, str]]
    height: int
    width: int = 7 * COLUMN


def draw(openings: Iterable[tuple[int, time, time]]) -> Drawing:
    """The week of `openings`: (weekday, start, end), Monday 0."""
    known = [
        (day, clock_minutes(starts), clock_minutes(ends) or DAY, f"{starts:%H:%M}–{ends:%H:%M}")
        for day, starts, ends in openings
    ]
    first = min([FIRST, *(start // 60 * 60 for _, start, _, _ in known)])
    last = max([LAST, *(-(-end // 60) * 60 for _, _, end, _ in known)])
    blocks = [
        Block(
            day * COLUMN + 4,
            _units(start - first),
            COLUMN - 8,
            _units(end - start),
            words,
        )
        for day, start, end, words in known
    ]
    hours = [(_units(at - first), f"{at // 60} h") for at in range(first, last, 120)]
    days = [(n * COLUMN + COLUMN // 2, name) for n, name in enumerate(DAYS)]
    return Drawing(blocks, hours, days, _units(last - first))


def said(clock: time) -> str:
    """« 14 h », « 8 h 30 »; midnight ends a day as « minuit »."""
    if not (clock.hour or clock.minute):
        return "minuit"
    return f"{clock.hour} h" + (f" {clock.minute:02d}" if clock.minute else "")


def weekly(weekday: int, starts: time, ends: time) -> str:
    """« Le mardi de 14 h à 18 h »."""
    return f"Le {DAYS[weekday]} de {said(starts)} à {said(ends)}"


def _units(minutes: int) -> int:
    return round(minutes * HOUR / 60)
