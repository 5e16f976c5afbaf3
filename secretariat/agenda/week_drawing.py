"""Weekly hours as a drawing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from secretariat.agenda.local_time import DAY, clock_minutes
from secretariat.agenda.rule_words import Spoken, weekly
from secretariat.core.day_names import DAYS

COLUMN, HOUR = 100, 24
"""Units of the drawing: width of a day, height of an hour."""
FIRST, LAST = 8 * 60, 19 * 60
LINE = 17
"""Height of a line of words."""
LETTERS = 13
"""Letters that fit across a day."""


class Line(NamedTuple):
    """Words at a height of the drawing."""

    y: int
    words: str


@dataclass(frozen=True)
class Block:
    """A range in the drawing: its place, its look, its words and its whole sentence."""

    x: int
    y: int
    width: int
    height: int
    look: str
    """"open", "kept" for some reasons, or "protected"."""
    lines: list[Line]
    sentence: str

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + self.width // 2


@dataclass(frozen=True)
class Drawing:
    """A week of openings, in units that an SVG `viewBox` takes."""

    blocks: list[Block]
    hours: list[tuple[int, str]]
    """Height and words of each hour line."""
    days: list[tuple[int, str]]
    height: int
    width: int = 7 * COLUMN

    @property
    def looks(self) -> set[str]:
        """Which looks stand in it, for the key beneath."""
        return {block.look for block in self.blocks}


def draw(rules: Iterable[Spoken]) -> Drawing:
    """The week of `rules`; protected ranges lie over the openings that they close."""
    known = sorted(rules, key=lambda rule: (rule.protected, rule.starts))
    first = min([FIRST, *(_span(rule)[0] // 60 * 60 for rule in known)])
    last = max([LAST, *(-(-_span(rule)[1] // 60) * 60 for rule in known)])
    blocks = [_block(rule, known, first) for rule in known]
    hours = [(_units(at - first), f"{at // 60} h") for at in range(first, last, 120)]
    days = [(n * COLUMN + COLUMN // 2, name) for n, name in enumerate(DAYS)]
    return Drawing(blocks, hours, days, _units(last - first))


def _block(rule: Spoken, known: Sequence[Spoken], first: int) -> Block:
    start, end = _span(rule)
    # Ranges of different weeks at the same hours stand side by side.
    beside = [one for one in known if _alike(one, rule)]
    width = (COLUMN - 8) // len(beside)
    x = rule.weekday * COLUMN + 4 + beside.index(rule) * width
    y, height = _units(start - first), _units(end - start)
    look = "protected" if rule.protected else "kept" if rule.reasons else "open"
    fits = LETTERS // len(beside)
    lines = [
        Line(y + LINE * (n + 1), _cut(words, fits))
        for n, words in enumerate(_words(rule, len(beside) > 1))
        if LINE * (n + 1) < height + 3
    ]
    return Block(x, y, width, height, look, lines, weekly(rule))


def _alike(one: Spoken, rule: Spoken) -> bool:
    (a, b), (c, d) = _span(one), _span(rule)
    same = one.weekday == rule.weekday and one.protected == rule.protected
    return same and a < d and c < b


def _words(rule: Spoken, narrow: bool) -> list[str]:
    clock = f"{rule.starts:%H:%M}" if narrow else f"{rule.starts:%H:%M}–{rule.ends:%H:%M}"
    words = [clock]
    if rule.protected:
        words.insert(0, rule.label)
    words += rule.reasons if not rule.protected else ()
    if rule.every_weeks > 1:
        words.append(f"1 sem./{rule.every_weeks}")
    if rule.school_holidays:
        words.append("sauf vac." if rule.school_holidays == "except" else "vacances")
    return words


def _cut(words: str, fits: int) -> str:
    return words if len(words) <= fits else f"{words[: fits - 1].rstrip()}…"


def _span(rule: Spoken) -> tuple[int, int]:
    return clock_minutes(rule.starts), clock_minutes(rule.ends) or DAY


def _units(minutes: int) -> int:
    return round(minutes * HOUR / 60)
