"""Which index ranges a search reads, the surest first; pure arithmetic on what was typed.

The ranges are read in this order until enough people are found, so a search that is spelt
right never pays for misspellings. See `search_keys.py` for the keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from string import ascii_uppercase

from secretariat.patients.phonetic import sound
from secretariat.patients.search_keys import PARTICLES, WOVEN, misspellings
from secretariat.patients.typed import Birth, Number, Typed

MOST = 110
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
        yield from _spelt_right(words, birth)
    if births and len(words) > 1:  # the right person, another date
        yield from _spelt_right(words, Birth())
    for birth in loose:
        yield from _spelt_wrong(words, birth)
    if not births:
        yield from _spelt_right(words, Birth())
    yield from _spelt_wrong(words, Birth())
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
            yield starting(f"b:{birth.year}", f"%{_month(birth)}")
    if number.phone:
        yield starting(f"t:{number.phone}")
        if len(number.phone) > 3:
            yield starting(f"r:{number.phone[::-1]}")


def _spelt_right(words: tuple[str, ...], birth: Birth) -> Iterator[Range]:
    born = _born(birth)
    if birth.month and birth.day:
        for word in words:
            yield starting(f"m:{_birthday(birth)}", f"% {word}%")
    joined = "".join(words)
    if birth.year:
        month = _month(birth)
        yield starting(f"b:{birth.year}{joined}", f"%{month}")
    else:
        yield starting(f"n:{joined}", f"%{born}")
    for family, given in _pairs(words):
        yield starting(f"n:{family} {given}", f"%{born}")
        yield _woven(family, given, born)


def _spelt_wrong(words: tuple[str, ...], birth: Birth) -> Iterator[Range]:
    pairs, born = _pairs(words), _born(birth)
    for family, given in pairs:
        yield from _heard(family, given, birth)
    for family, given in pairs:
        yield from _misspelt_family(family, given, born)
    for family, given in pairs:
        if len(given) > 2 and len(family) > 1:
            yield from _misspelt_given(f"n:{family} ", given, born)
    yield from _alone_misspelt("".join(words), birth, born)


def _alone_misspelt(word: str, birth: Birth, born: str) -> Iterator[Range]:
    yield starting(f"p:{sound(word)} ", f"%|{birth.year}" if birth.year else "%")
    if len(word) > 2:
        yield from (starting(f"x:{wrong} ", f"%{born}") for wrong in sorted(misspellings(word)))
    if birth.year and len(word) > 2:
        yield from _misspelt_in_year(f"b:{birth.year}", word, _month(birth))


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


def _misspelt_given(before: str, given: str, born: str) -> Iterator[Range]:
    """Given names one mistake away, among the people of one family name."""
    half = _half(given)
    yield starting(before + given[:half], f"%{born}")
    for place in range(half):
        yield from _one_mistake(before, given, place, born)


def _misspelt_in_year(before: str, word: str, born: str) -> Iterator[Range]:
    """Names one mistake away among the many born in one year: a wrong first letter is tried out."""
    for place in range(1, len(word)):
        yield from _one_mistake(before, word, place, born)
    for start in (word[1:], word[1] + word[0] + word[2:]):
        yield starting(before + start, f"%{born}")
    for letter in ascii_uppercase:
        yield starting(before + letter + word[1:], f"%{born}")
        yield starting(before + letter + word, f"%{born}")


def _one_mistake(before: str, word: str, place: int, born: str) -> Iterator[Range]:
    """What the key may say when the letter of `word` at `place` is wrong, one too many,
    exchanged with the next, or lacks one before it."""
    right, rest = before + word[:place], word[place + 1 :]
    yield starting(right, f"{right}_{rest}%{born}")
    yield starting(right + rest, f"%{born}")
    yield starting(right + rest[:1] + word[place] + rest[1:], f"%{born}")
    yield starting(right, f"{right}_{word[place:]}%{born}")


def _half(word: str) -> int:
    """Letters at the start or the end of `word` that one mistake cannot both reach."""
    return (len(word) - 1) // 2


def _pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every way to read the words as family and given name, in either order."""
    found = []
    for cut in range(1, len(words)):
        before, after = "".join(words[:cut]), "".join(words[cut:])
        found += [(before, after), (after, before)]
    if len(words) > 2:
        found += permutations([word for word in words if word not in PARTICLES], 2)
    return list(dict.fromkeys(found))


def _month(birth: Birth) -> str:
    """The end of a year key's pattern."""
    return f"|{birth.month:02}__" if birth.month else ""


def _birthday(birth: Birth) -> str:
    return f"{birth.month:02}{birth.day:02}{birth.year or ''}"


def _born(birth: Birth) -> str:
    """The end of a key's pattern that a birth asks for, "" when nothing is known."""
    if birth == Birth():
        return ""
    year = str(birth.year) if birth.year else "____"
    month = f"{birth.month:02}" if birth.month else "__"
    day = f"{birth.day:02}" if birth.day else "__"
    return f"|{year}{month}{day}"
