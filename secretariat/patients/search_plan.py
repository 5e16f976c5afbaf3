"""Which index ranges a search reads, the surest first; pure arithmetic on what was typed.

The ranges are read in this order until enough people are found, so a search that is spelt
right never pays for misspellings. See `search_keys.py` for the keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from secretariat.patients.phonetic import sound
from secretariat.patients.search_keys import _PARTICLES as PARTICLES
from secretariat.patients.search_keys import WOVEN, misspellings
from secretariat.patients.typed import Birth, Number, Typed

MOST = 64
"""Ranges read for one search, whatever was pasted."""
WORDS = 4
"""Name fragments that choose the ranges; further ones are left to the ranking."""


@dataclass(frozen=True)
class Range:
    """Keys from `low` (included) to `high` (excluded) that look like `pattern` (SQL LIKE)."""

    low: str
    high: str
    pattern: str = "%"


def starting(prefix: str, pattern: str = "%") -> Range:
    """Keys that start with `prefix`, in collation "C"."""
    return Range(prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1), pattern)


def exactly(key: str) -> Range:
    """That key and no other."""
    return Range(key, key + " ")


def plan(typed: Typed) -> list[Range]:
    """The ranges to read, in order, at most `MOST`."""
    ranges = dict.fromkeys(_all(typed))
    return list(ranges)[:MOST]


def _all(typed: Typed) -> Iterator[Range]:
    words = typed.words[:WORDS]
    births = tuple(dict.fromkeys(b for number in typed.numbers for b in number.births))
    for number in typed.numbers:
        if not (words and number.births):
            yield from _numbered(number)
    if not words:
        return
    whole = [birth for birth in births if birth.whole]
    for birth in whole:
        yield from (starting(f"m:{_birthday(birth)}", f"% {word}%") for word in words)
        yield starting(f"m:{_birthday(birth)}")
    loose = [birth for birth in births if not birth.whole]
    for birth in loose:
        yield from _named(words, birth)
    yield from _named(words, Birth())
    if any(number.births and number.phone for number in typed.numbers):
        for number in typed.numbers:
            yield from _numbered(number)


def _numbered(number: Number) -> Iterator[Range]:
    if number.matricule:
        yield exactly(f"i:{number.matricule}")
    if number.file_number:
        yield exactly(f"f:{number.file_number}")
    for birth in number.births:
        if birth.month and birth.day:
            yield starting(f"m:{_birthday(birth)}")
        elif birth.year:
            month = f"%|{birth.month:02}__" if birth.month else "%"
            yield starting(f"b:{birth.year}", month)
    if number.phone:
        yield starting(f"t:{number.phone}")
        if len(number.phone) > 3:
            yield starting(f"r:{number.phone[::-1]}")


def _named(words: tuple[str, ...], birth: Birth) -> Iterator[Range]:
    pairs = list(dict.fromkeys(_pairs(words)))
    born = _born(birth)
    alone = [_joined(words)] if pairs else list(words)
    if birth.month and birth.day:
        for word in words:
            yield starting(f"m:{_birthday(birth)}", f"% {word}%")
    for word in alone:
        yield from _alone(word, birth, born)
    for family, given in pairs:
        yield starting(f"n:{family} {given}", f"%{born}")
        yield _woven(family, given, born)
    for family, given in pairs:
        yield from _heard(family, given, birth)
    for family, given in pairs:
        yield from _misspelt_family(family, given, born)
    for family, given in pairs:
        yield from _misspelt_given(family, given, born)
    for word in alone:
        yield from _alone_misspelt(word, birth, born)


def _alone(word: str, birth: Birth, born: str) -> Iterator[Range]:
    if birth.year:
        month = f"%|{birth.month:02}__" if birth.month else "%"
        yield starting(f"b:{birth.year}{word}", month)
        yield starting(f"b:{birth.year}", f"% {word}%{month[1:]}")
    else:
        yield starting(f"n:{word}", f"%{born}")


def _alone_misspelt(word: str, birth: Birth, born: str) -> Iterator[Range]:
    yield starting(f"p:{sound(word)} ", f"%|{birth.year}" if birth.year else "%")
    if len(word) > 2:
        yield from (starting(f"x:{wrong} ", f"%{born}") for wrong in sorted(misspellings(word)))
    if birth.year and len(word) > 3:
        yield starting(f"b:{birth.year}{word[: _half(word)]}")
        yield starting(f"b:{birth.year}", f"% {word[: _half(word)]}%")


def _woven(family: str, given: str, born: str) -> Range:
    """Both beginnings at once: the range takes the letters both have, the pattern the rest."""
    longest = min(max(len(family), len(given)), WOVEN)
    letters = [
        letter
        for a, b in zip(family.ljust(longest, "_"), given.ljust(longest, "_"), strict=False)
        for letter in (a, b)
    ][: 2 * longest]
    woven = "".join(letters).rstrip("_")
    return starting(f"z:{woven.split('_')[0]}", f"z:{woven}%{born}")


def _heard(family: str, given: str, birth: Birth) -> Iterator[Range]:
    year = f"%|{birth.year}" if birth.year else "%"
    if len(family) > 1:
        yield starting(f"p:{sound(family)} {sound(given)[:2]}", year)


def _misspelt_family(family: str, given: str, born: str) -> Iterator[Range]:
    if len(family) > 2:
        for wrong in sorted(misspellings(family)):
            yield starting(f"x:{wrong} {given}", f"%{born}")


def _misspelt_given(family: str, given: str, born: str) -> Iterator[Range]:
    """One mistake leaves the first half or the last half of a given name untouched."""
    if len(given) > 3 and len(family) > 1:
        half = _half(given)
        yield starting(f"n:{family} {given[:half]}", f"%{born}")
        yield starting(f"n:{family} ", f"%{given[-half:]}{born or '|%'}")


def _half(word: str) -> int:
    """Letters at the start or the end of `word` that one mistake cannot both reach."""
    return (len(word) - 1) // 2


def _pairs(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Every way to read the words as family and given name, in either order."""
    for cut in range(1, len(words)):
        before, after = "".join(words[:cut]), "".join(words[cut:])
        yield before, after
        yield after, before
    if len(words) > 2:
        useful = [word for word in words if word not in PARTICLES]
        for a in useful:
            yield from ((a, b) for b in useful if a != b)


def _joined(words: tuple[str, ...]) -> str:
    return "".join(words)


def _birthday(birth: Birth) -> str:
    return f"{birth.month:02}{birth.day:02}{birth.year or ''}"


def _born(birth: Birth) -> str:
    """The end of a key's pattern that a birth asks for, "" when nothing is known."""
    if birth == Birth():
        return ""
    year = f"{birth.year:04}" if birth.year else "____"
    return f"|{year}{f'{birth.month:02}' if birth.month else '__'}{'__' if not birth.day else f'{birth.day:02}'}"
