"""What the first values of a column look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from . import values
from .dates import past_date, unknown_day
from .refusals import BadValue
from .rows import Cell

_POSTCODE = re.compile(r"^(0[1-9]|[1-8]\d|9[0-8])\d{3}$|^[1-9]\d{3}$")
_NIR = re.compile(r"^[1-478]\d{4}(\d\d|2[AB])\d{6}(\d\d)?$")


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) of the filled cells that read as each kind of thing."""

    filled: int = 0
    distinct: int = 0
    dates: float = 0.0
    serials: float = 0.0
    median_year: int = 0
    sexes: float = 0.0
    mobiles: float = 0.0
    phones: float = 0.0
    e_mails: float = 0.0
    postcodes: float = 0.0
    nirs: float = 0.0
    examples: tuple[str, ...] = ()


def look(cells: Iterable[Cell], today: date) -> Profile:
    """The profile of a column from its first cells."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return Profile()
    texts = [_text(cell) for cell in filled]
    dates = [found for cell in filled if (found := _date(cell, today))]
    uses = [use for text in texts for use in [_phone(text)] if use]
    return Profile(
        filled=len(filled),
        distinct=len(set(texts)),
        dates=len(dates) / len(filled),
        serials=_share(texts, lambda text: bool(re.fullmatch(r"\d{4,5}", text))),
        median_year=int(median(found.year for found in dates)) if dates else 0,
        sexes=_share(texts, lambda text: _reads(values.sex, text)),
        mobiles=uses.count("mobile") / len(filled),
        phones=len(uses) / len(filled),
        e_mails=_share(texts, lambda text: "@" in text and _reads(values.e_mail, text)),
        postcodes=_share(texts, lambda text: bool(_POSTCODE.match(text))),
        nirs=_share(texts, lambda text: bool(_NIR.match(re.sub(r"[\s.]", "", text.upper())))),
        examples=tuple(text[:60] for text in dict.fromkeys(texts))[:3],
    )


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, texts)) / len(texts)


def _text(cell: Cell) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else " ".join(cell.split())


def _date(cell: Cell, today: date) -> date | None:
    """A past date written as one; a bare number of days is counted apart."""
    if isinstance(cell, str) and re.fullmatch(r"\d{1,5}", cell):
        return None
    unknown = unknown_day(cell, today)
    try:
        return unknown[0] if unknown else past_date(cell, today)
    except BadValue:
        return None


def _phone(text: str) -> str | None:
    if sum(sign.isdigit() for sign in text) < 9 or "@" in text or _NIR.match(text):
        return None
    try:
        found = values.phones(text, "home")
    except BadValue:
        return None
    french = found and found[0].number.startswith(("+33", "+262", "+59"))
    return found[0].use if french else None


def _reads(read: Callable[[Cell], object], text: str) -> bool:
    try:
        return bool(read(text))
    except BadValue:
        return False
