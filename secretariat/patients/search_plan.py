"""Which index ranges a search reads, the surest first; pure arithmetic on what was typed.

The ranges are read in this order until enough people are found; `last_resort` is read only when
nobody convincing was. An empty range costs about 4 µs, a pattern about 0.2 µs for
each key of its range: better many narrow ranges than one pattern over a large one. See
`search_keys.py` for the keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from string import ascii_uppercase

from secretariat.patients.phonetic import sound
from secretariat.patients.search_keys import PARTICLES, WOVEN, misspellings
from secretariat.patients.typed import Birth, Number, Typed

MOST = 200
"""Ranges read by one statement, whatever was pasted."""
WORDS = 4
"""Name fragments that choose the ranges; further ones are left to the ranking."""
EACH, FEW, MANY = 30, 12, 90
"""People read from one range: enough to fill a screen, few enough for the next ranges.

Few where nothing but a sound was given, many where the range itself is the answer."""


@dataclass(frozen=True)
class Range:
    """Keys from `low` (included) to `high` (excluded) that look like `pattern` (SQL LIKE)."""

    low: str
    high: str
    pattern: str = "%"
    most: int = EACH


def starting(prefix: str, pattern: str = "%", most: int = EACH) -> Range:
    """Keys that start with `prefix`, in collation "C"."""
    return Range(prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1), pattern, most)


def exactly(key: str) -> Range:
    """That key and no other."""
    return Range(key, key + " ")


def plan(typed: Typed) -> list[Range]:
    """The ranges to read, in order, at most `MOST`."""
    return list(dict.fromkeys(_all(typed)))[:MOST]


def last_resort(typed: Typed) -> list[Range]:
    """Further ranges for a mistake in a given name, or one in each name.

    A whole birth date needs none: `plan` already reads everybody born that day.
    """
    words = typed.words[:WORDS]
    births = list(dict.fromkeys(birth for number in typed.numbers for birth in number.births))
    loose = [birth for birth in births if not birth.whole] if births else [Birth()]
    ranges = dict.fromkeys(found for birth in loose for found in _misspelt_given(words, birth))
    return list(ranges)[:MOST]


def _all(typed: Typed) -> Iterator[Range]:
    words = typed.words[:WORDS]
    if words:
        yield from _named(words, typed.numbers)
    for number in typed.numbers:
        if not (words and number.births) or number.phone:
            yield from _numbered(number)


def _numbered(number: Number) -> Iterator[Range]:
    if number.matricule:
        yield exactly(f"i:{number.matricule}")
    if number.file_number:
        yield exactly(f"f:{number.file_number}")
    for birth in number.births:
        if birth.month and birth.day:
            yield starting(f"m:{_birthday(birth)}", most=MANY)
        elif birth.year:
            yield starting(f"b:{birth.year}", f"%{_month(birth)}")
    if number.phone:
        yield starting(f"t:{number.phone}")
        if len(number.phone) > 3:
            yield starting(f"r:{number.phone[::-1]}")


def _named(words: tuple[str, ...], numbers: tuple[Number, ...]) -> Iterator[Range]:
    for number in numbers:
        if not number.births:
            yield from _numbered(number)
    births = list(dict.fromkeys(birth for number in numbers for birth in number.births))
    for birth in births:
        yield from _spelt_right(words, birth)
    if births and len(words) > 1:  # the right person, another date
        yield from _spelt_right(words, Birth())
    for birth in births:
        yield from _spelt_wrong(words, birth)
    if not births:
        yield from _spelt_right(words, Birth())
    if not births or len(words) > 1:
        yield from _spelt_wrong(words, Birth())


def _spelt_right(words: tuple[str, ...], birth: Birth) -> Iterator[Range]:
    joined, born = "".join(words), _born(birth)
    if birth.month and birth.day:
        yield from (starting(f"m:{_birthday(birth)}", f"% {word}%") for word in words)
        if birth.year:  # so few people that the ranking reads them all
            yield starting(f"m:{_birthday(birth)}", most=MANY)
        return
    if birth.year:
        yield starting(f"b:{birth.year}{joined}", f"%{_month(birth)}")
    else:
        yield starting(f"n:{joined}")
    for family, given in _pairs(words):
        yield starting(f"n:{family} {given}", f"%{born}")
        yield from _begun(family, given, born)


def _spelt_wrong(words: tuple[str, ...], birth: Birth) -> Iterator[Range]:
    pairs, born = _pairs(words), _born(birth)
    year = f"%|{birth.year}" if birth.year else "%"
    for family, given in pairs:
        if len(family) > 1:
            yield starting(f"p:{sound(family)} {sound(given)[:2]}", year)
    for family, given in pairs:
        if len(family) > 2:
            yield from _misspelt(family, f" {given}", born)
    if not birth.whole and (len(words) == 1 or words[0] in PARTICLES):
        joined = "".join(words)
        yield starting(f"p:{sound(joined)} ", year, FEW)
        if len(joined) > 2:
            yield from _misspelt(joined, " ", born)


def _misspelt_given(words: tuple[str, ...], birth: Birth) -> Iterator[Range]:
    pairs = _pairs(words)[:4]
    for family, given in pairs:
        if len(family) > 2 and len(given) > 2:
            yield from _misspelt(family, f" {given[: (len(given) - 1) // 2]}", _born(birth))
    for family, given in pairs:
        if len(given) > 2 and len(family) > 1:
            yield from _misspelt_after(f"n:{family} ", given, _born(birth), tried=1)
    if len(words) == 1 and len(words[0]) > 2 and birth.year:
        yield from _misspelt_after(f"b:{birth.year}", words[0], _month(birth), tried=2)


def _begun(family: str, given: str, born: str) -> Iterator[Range]:
    """Beginnings of both names; an initial says too little to choose the range."""
    if len(given) == 1 and len(family) > 4:
        yield starting(f"n:{family}", f"n:{family}% {given}%{born}")
    elif len(family) > 1 or len(given) < 4:
        yield _woven(family, given, born)


def _woven(family: str, given: str, born: str) -> Range:
    """The range takes the letters that both beginnings have, the pattern the rest."""
    longest = min(max(len(family), len(given)), WOVEN)
    pairs = zip(family.ljust(longest, "_"), given.ljust(longest, "_"), strict=False)
    letters = [letter for pair in pairs for letter in pair][: 2 * longest]
    woven = "".join(letters).rstrip("_")
    return starting(f"z:{woven.split('_', maxsplit=1)[0]}", f"z:{woven}%{born}")


def _misspelt(family: str, then: str, born: str) -> Iterator[Range]:
    for wrong in sorted(misspellings(family), key=len, reverse=True):
        yield starting(f"x:{wrong}{then}", f"%{born}")


def _misspelt_after(before: str, word: str, born: str, tried: int) -> Iterator[Range]:
    """Names one mistake away from `word` in keys that begin with `before`.

    Args:
        tried: places in the word where each letter is tried, as a pattern would read too much.
    """
    end = f"%{born}"
    for place in range(len(word)):
        right, rest = before + word[:place], word[place + 1 :]
        if place >= tried:
            yield starting(right, f"{right}_{rest}{end}")
            yield starting(right, f"{right}_{word[place:]}{end}")
        yield starting(right + rest, end)
        yield starting(right + rest[:1] + word[place] + rest[1:], end)
    for place in range(min(tried, len(word))):
        right, rest = before + word[:place], word[place + 1 :]
        for letter in ascii_uppercase:
            yield starting(right + letter + rest, end)
            yield starting(right + letter + word[place:], end)


def _pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every way to read the words as family and given name, in either order."""
    found = []
    for cut in range(1, len(words)):
        before, after = "".join(words[:cut]), "".join(words[cut:])
        found += [(before, after), (after, before)]
    if len(words) > 2:
        found += permutations([word for word in words if word not in PARTICLES], 2)
    return list(dict.fromkeys(found))


def _birthday(birth: Birth) -> str:
    return f"{birth.month:02}{birth.day:02}{birth.year or ''}"


def _month(birth: Birth) -> str:
    """The end of a year key's pattern."""
    return f"|{birth.month:02}__" if birth.month else ""


def _born(birth: Birth) -> str:
    """The end of a key's pattern that a birth asks for, "" when nothing is known."""
    if birth == Birth():
        return ""
    year = str(birth.year) if birth.year else "____"
    month = f"{birth.month:02}" if birth.month else "__"
    day = f"{birth.day:02}" if birth.day else "__"
    return f"|{year}{month}{day}"
