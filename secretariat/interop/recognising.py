"""Whose visit is this? Certain, or nobody: a name alone never decides.

Pure arithmetic: two traits must agree, a name (family and given) with a birth date or with a
telephone number; nothing told may disagree; exactly one patient may answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from secretariat.interop.ical.guessing import Guess
from secretariat.patients.naming import plain


@dataclass(frozen=True, slots=True)
class Visitor:
    """A patient whom an entry may mean: letters of each name, phones in E.164."""

    pk: int
    families: tuple[str, ...]
    givens: tuple[str, ...]
    birth_date: date
    phones: frozenset[str] = frozenset()


def recognised(guess: Guess, visitors: Iterable[Visitor]) -> int | None:
    """The one patient of whom the entry tells two traits, or None.

    Args:
        visitors: everybody who has the birth date or a telephone that the entry tells.
    """
    if not guess.sure_traits:
        return None
    certain = {one.pk for one in visitors if _agrees(guess, one)}
    return certain.pop() if len(certain) == 1 else None


def letters(name: str) -> str:
    """The letters of a name, capitals without accents: « de La Tour » is DELATOUR."""
    return re.sub("[^A-Z]", "", plain(name))


def _agrees(guess: Guess, one: Visitor) -> bool:
    if guess.birth_date is not None and guess.birth_date != one.birth_date:
        return False
    second = guess.birth_date == one.birth_date or bool(set(guess.phones) & one.phones)
    return second and _named(guess, one)


def _named(guess: Guess, one: Visitor) -> bool:
    """Family and given name are both told, by different words."""
    if guess.name and guess.given_name:
        given = letters(guess.given_name)
        first = letters(re.split(r"[ ,]", guess.given_name.strip())[0])
        return letters(guess.name) in one.families and bool({given, first} & set(one.givens))
    runs = _runs([letters(word) for word in guess.words])
    families = [run for name, run in runs if name in one.families]
    givens = [run for name, run in runs if name in one.givens]
    return any(a.isdisjoint(b) for a in families for b in givens)


def _runs(words: Sequence[str]) -> list[tuple[str, frozenset[int]]]:
    """Every run of words, joined, with the places of its words."""
    return [
        ("".join(words[start:end]), frozenset(range(start, end)))
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
    ]
