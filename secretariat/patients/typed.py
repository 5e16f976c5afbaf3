"""What a person types in the one search box, taken apart: name fragments, births, numbers.

« martin jea 12/3/85 », « 06 12 34 », « DE LA TOUR 1985 », « 2 85 03 75… », « dossier 123 ».
Whatever can be read in two ways is kept in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from secretariat.patients.naming import plain

LONGEST = 120
"""Characters read; the rest of a pasted page is not a search."""

_MONTHS = (
    "JANV(?:IER)?", "FEVR?(?:IER)?", "MARS?", "AVR(?:IL)?", "MAI", "JUIN",
    "JUIL(?:LET)?", "AOUT?", "SEPT?(?:EMBRE)?", "OCT(?:OBRE)?", "NOV(?:EMBRE)?", "DEC(?:EMBRE)?",
)  # fmt: skip
_MONTH = "(?P<month>" + "|".join(_MONTHS) + r")\b\.?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_PIECES = re.compile(
    rf"(?P<said>\b(?P<day>\d{{1,2}})(?:ER)? ?{_MONTH}(?: ?{_YEAR}\b)?)"
    r"|(?P<slashed>\b\d{1,4}(?:/\d{1,2})?/\d{1,4}\b|\b\d{4}-\d{1,2}-\d{1,2}\b)"
    r"|(?P<file>\b(?:DOSSIER|N°|NO\.?) ?(?P<file_number>\d+)\b)"
    r"|(?P<digits>\+?\d(?:[ .()-]*\d)*)"
    r"|(?P<word>[A-Z][A-Z'-]*\.?)"
)
# Said on the telephone, never part of a name in the file.
_NOISE = frozenset({"MME", "MLLE", "MR", "M.", "MADAME", "MONSIEUR", "MADEMOISELLE"})
_ASIDE = re.compile(
    r"\b(?:NEE?|NE\(E\))(?:(?: LE| EN)?(?=[ \d]|$))|\bEP(?:OUSE\b|\.)|\b(?:PRE)?NOM\b"
)


@dataclass(frozen=True, order=True)
class Birth:
    """What is known of a birth date; 0 where nothing was said."""

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def whole(self) -> bool:
        """Whether day, month and year are all known."""
        return bool(self.year and self.month and self.day)

    def agrees(self, born: date) -> bool:
        """Whether `born` is such a date."""
        return (
            self.year in {0, born.year}
            and self.month in {0, born.month}
            and self.day in {0, born.day}
        )


@dataclass(frozen=True)
class Number:
    """A run of digits and what it may mean; any one meaning is enough."""

    digits: str = ""
    births: tuple[Birth, ...] = ()
    file_number: str = ""

    @property
    def phone(self) -> str:
        """The digits as a French phone begins or ends, "" when too few to be one."""
        national = re.sub(r"^(?:\+|00)33(?=\d)0?", "0", self.digits)
        return national.removeprefix("+") if len(national) > 2 else ""

    @property
    def matricule(self) -> str:
        """The first 13 digits when this may be an INS matricule or a NIR."""
        found = re.fullmatch(r"([1-478]\d{12})(\d\d)?", self.digits)
        return found[1] if found else ""


@dataclass(frozen=True)
class Typed:
    """A search: every word and every number narrows it."""

    words: tuple[str, ...] = ()
    numbers: tuple[Number, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.numbers)


def parse(text: str, today: date) -> Typed:
    """Take apart what was typed.

    Args:
        text: as typed, any case, any accents.
        today: births after this day are not proposed (« 30 » is 1930 in 2026).
    """
    even = _ASIDE.sub(" ", " ".join(plain(text[:LONGEST]).split()))
    words: list[str] = []
    numbers: list[Number] = []
    for piece in _PIECES.finditer(even):
        if piece["word"]:
            words += _word(piece["word"])
        else:
            numbers += _numbers(piece, today)
    return Typed(tuple(words), tuple(numbers))


def _word(text: str) -> Iterator[str]:
    """« JEAN-PIERRE » is two words (the search joins them too), « D'ARC » is DARC."""
    if text not in _NOISE:
        yield from filter(None, (re.sub("[^A-Z]", "", part) for part in text.split("-")))


def _numbers(piece: re.Match[str], today: date) -> Iterator[Number]:
    if piece["said"]:
        month = _month(piece["month"])
        yield Number(births=_births(piece["day"], month, piece["year"] or "", today))
    elif piece["slashed"]:
        yield Number(births=_slashed(re.split("[/-]", piece["slashed"]), today))
    elif piece["file"]:
        yield Number(file_number=piece["file_number"].lstrip("0"))
    else:
        yield from _runs(re.findall(r"\+?\d+", piece["digits"]), today)


def _month(word: str) -> str:
    return str(next(n for n, name in enumerate(_MONTHS, 1) if re.fullmatch(name, word)))


def _slashed(parts: list[str], today: date) -> tuple[Birth, ...]:
    if len(parts) == 3:
        day, month, year = reversed(parts) if len(parts[0]) == 4 else parts
        return _births(day, month, year, today)
    if len(parts[1]) == 4:
        return _births("", parts[0], parts[1], today)
    return _births(parts[0], parts[1], "", today)


def _runs(groups: list[str], today: date) -> Iterator[Number]:
    """Groups that belong together (a phone in pairs, a date in three) make one number."""
    whole = "".join(groups)
    sizes = [len(group) for group in groups]
    is_date = len(groups) == 3 and max(sizes[:2]) <= 2 and sizes[2] in {2, 4}
    is_phone = whole[0] in "+0" and len(whole) <= 15 and max(sizes[1:], default=0) <= 3
    is_matricule = len(whole) in {13, 15} and whole[0] in "123478"
    if is_date and whole[0] != "+":
        day, month, year = groups
        yield Number(whole, _births(day, month, year, today))
    elif len(groups) == 1 or is_phone or is_matricule:
        yield Number(whole, _unmarked(whole, today), whole.lstrip("0") if len(whole) < 10 else "")
    else:
        for group in groups:
            yield from _runs([group], today)


def _unmarked(digits: str, today: date) -> tuple[Birth, ...]:
    """Births that bare digits may mean: 85, 1203, 1985, 120385, 12031985, 19850312."""
    match len(digits):
        case 2:
            return _births("", "", digits, today)
        case 4:
            day_month = _births(digits[:2], digits[2:], "", today)
            return _births("", "", digits, today) + day_month
        case 6:
            return _births(digits[:2], digits[2:4], digits[4:], today)
        case 8:
            written = _births(digits[:2], digits[2:4], digits[4:], today)
            return written or _births(digits[6:], digits[4:6], digits[:4], today)
    return ()


def _births(day: str, month: str, year: str, today: date) -> tuple[Birth, ...]:
    """All real dates not after `today` that these digits may name."""
    years = [0]
    if len(year) == 2:
        years = [2000 + int(year), 1900 + int(year)]
    elif year:
        years = [int(year)]
    found = (Birth(y, int(month or 0), int(day or 0)) for y in years)
    return tuple(birth for birth in found if _possible(birth, today, bool(day), bool(month)))


def _possible(birth: Birth, today: date, has_day: bool, has_month: bool) -> bool:
    if birth.year and not 1900 <= birth.year <= today.year:
        return False
    day, month = birth.day if has_day else 1, birth.month if has_month else 1
    try:
        born = date(birth.year or 2000, month, day)  # a leap year stands for an unsaid year
    except ValueError:
        return False
    return not birth.year or born <= today
