"""Weekly hours as a drawing and as sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from secretariat.agenda.local_time import DAY, clock_minutes, on_the_wall
from secretariat.agenda.refused_words import day_words

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
COLUMN, HOUR = 100, 24
"""Units of the drawing: width of a day, height of an hour."""
FIRST, LAST = 8 * 60, 19 * 60


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


def away_words(start: int, end: int, zone: str) -> str:
    """« mercredi 25 novembre 2026 », « du 25… à 14 h au 26… à 12 h ». Minutes are of UTC."""
    first, last = on_the_wall(start, zone), on_the_wall(end, zone)
    whole = not (first.hour or first.minute or last.hour or last.minute)
    if whole:
        last = on_the_wall(end - 1, zone)
    begins, ends = (f"{day_words(day.date())} {day.year}" for day in (first, last))
    if first.date() == last.date():
        return begins if whole else f"{begins}, de {said(first.time())} à {said(last.time())}"
    if whole:
        return f"du {begins} au {ends}"
    return f"du {begins} à {said(first.time())} au {ends} à {said(last.time())}"


def _units(minutes: int) -> int:
    return round(minutes * HOUR / 60)
