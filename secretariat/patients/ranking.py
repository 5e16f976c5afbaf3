"""Who, among the few dozen people found, is most likely meant; pure arithmetic."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from secretariat.patients.phonetic import sound
from secretariat.patients.search_keys import forms
from secretariat.patients.typed import Number, Typed

SAME, BEGINS, ONE_MISTAKE, SOUNDS, TWO_MISTAKES = 1.0, 0.9, 0.8, 0.75, 0.6
"""What one typed word is worth, against the best of a patient's names."""
GIVEN = 0.97
"""A word that is a given name counts a little less than a family name."""
OTHER_GIVEN = 0.92
"""The second and third given names, which nobody is called by, count less than the first."""
OTHER_BIRTH = 0.7
"""Right names with another birth date: still worth showing, after all the others."""


class Candidate(NamedTuple):
    """The names and birth date of somebody whom the keys brought up."""

    patient_id: int
    birth_name: str
    given_names: str
    birth_date: date
    used_name: str = ""
    used_given_name: str = ""


def rank(
    typed: Typed, people: Iterable[Candidate], by_number: Collection[int] = ()
) -> list[tuple[float, Candidate]]:
    """Candidates that answer every typed piece, the likeliest first, with a score in 0..1.

    Args:
        typed: what was searched.
        people: each person once.
        by_number: ids that a phone, a file number or a matricule brought up.
    """
    scored = ((score(typed, who, who.patient_id in by_number), who) for who in people)
    kept = [(mark, who) for mark, who in scored if mark > 0]
    return sorted(kept, key=_order)


def merge(
    one: list[tuple[float, Candidate]], other: list[tuple[float, Candidate]]
) -> list[tuple[float, Candidate]]:
    """Two rankings of different people as one."""
    return sorted(one + other, key=_order)


def _order(ranked: tuple[float, Candidate]) -> tuple[float, str, str, date, int]:
    mark, who = ranked
    family = who.used_name or who.birth_name
    return (-round(mark, 2), family, who.given_names, who.birth_date, who.patient_id)


def score(typed: Typed, who: Candidate, by_number: bool = False) -> float:
    """How well `who` answers `typed`: 0 is not at all, 1 is letter for letter."""
    first = who.given_names.split(" ", 1)[0]
    names = (
        (1.0, who.birth_name),
        (1.0, who.used_name),
        (GIVEN, first),
        (GIVEN, who.used_given_name),
        (OTHER_GIVEN, who.given_names),
    )
    total = 0.0
    for word in typed.words:
        mark = max([part * _begins(word, name) for part, name in names])
        mark = mark or max([part * _mistaken(word, name) for part, name in names])
        if not mark:
            return 0.0
        total += mark
    likely = total / len(typed.words) if typed.words else 1.0
    for number in typed.numbers:
        likely *= _number(number, who.birth_date, by_number, bool(typed.words))
    return likely


def _number(number: Number, born: date, by_number: bool, named: bool) -> float:
    if by_number or any(birth.agrees(born) for birth in number.births):
        return 1.0
    return OTHER_BIRTH if named and number.births else 0.0


@lru_cache(maxsize=10_000)
def _readings(name: str) -> frozenset[str]:
    """Each part of a name, and each way to begin reading it: LE, GOFF, LEGOFF."""
    return frozenset(forms(name)) | frozenset(re.findall("[A-Z]+", name.upper()))


@lru_cache(maxsize=20_000)
def _begins(word: str, name: str) -> float:
    """The worth of `word` as a whole part of a name or the beginning of one."""
    found = [part for part in _readings(name) if part.startswith(word)]
    if word in found:
        return SAME
    return max((BEGINS + 0.09 * len(word) / len(part) for part in found), default=0.0)


def _mistaken(word: str, name: str) -> float:
    """The worth of `word` when it is a name, or the beginning of one, typed or heard wrong."""
    if len(word) <= 2:
        return 0.0
    return max((_wrong(word, part) for part in _readings(name)), default=0.0)


@lru_cache(maxsize=20_000)
def _wrong(word: str, name: str) -> float:
    allowed = 2 if len(word) > 6 else 1
    mistakes = _mistakes(word, name, allowed)
    if mistakes < 2:
        return ONE_MISTAKE - (mistakes > 1) * 0.02
    if _near(word, name) and sound(name) == sound(word):
        return SOUNDS
    return TWO_MISTAKES if mistakes <= allowed else 0.0


def _near(word: str, name: str) -> bool:
    """Whether it is worth listening: a phonetic key costs a hundred times this."""
    far = max(len(word), len(name)) // 2 + 1
    return OSA.distance(word, name, score_cutoff=far) <= far


def _mistakes(word: str, name: str, allowed: int) -> float:
    """Letters added, left out, changed or exchanged; a little more when the end is missing."""
    whole = OSA.distance(word, name, score_cutoff=allowed)
    if whole <= 1 or len(name) <= len(word):
        return whole
    beginnings = (name[: len(word) + more] for more in (-1, 0, 1))
    partly = min(OSA.distance(word, beginning, score_cutoff=allowed) for beginning in beginnings)
    return min(whole, partly + 0.5)
