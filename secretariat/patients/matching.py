"""Is this newcomer already on file? Blocking keys, then a score; pure arithmetic.

Nothing is merged here: the screen shows who looks like the newcomer, a person decides. The
registry's rule is to search on the birth date and the first letters of the names before any
creation (RNIV); a fictitious NIR (`2 55 55 55…`) never brings two people together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rapidfuzz.distance import OSA, JaroWinkler

from secretariat.patients.naming import plain
from secretariat.patients.phonetic import sound
from secretariat.patients.search_keys import misspellings, national
from secretariat.patients.search_plan import MANY, Range, exactly, starting

LIKELY_FROM, POSSIBLE_FROM = 0.86, 0.72
"""Scores from which a file is shown first, or shown at all. Measured on invented people."""
_SAME_NAME, _OTHER_NAME = 0.9, 0.7
_FICTITIOUS = "2555555"


class Likeness(StrEnum):
    """Why somebody on file resembles the newcomer; the value is what the screen says."""

    SAME = "Déjà au fichier"
    LIKELY = "Probablement la même personne"
    POSSIBLE = "Peut-être la même personne"
    TWIN = "Même nom, même date de naissance, autre prénom : jumeaux ?"
    HOMONYM = "Homonyme : mêmes noms, autre date de naissance"


@dataclass(frozen=True)
class Person:
    """What is known of somebody, perhaps not everything yet; names as typed or as kept."""

    birth_name: str = ""
    given_names: str = ""
    birth_date: date | None = None
    used_name: str = ""
    used_given_name: str = ""
    sex: str = ""
    phones: tuple[str, ...] = ()
    matricule: str = ""

    @property
    def families(self) -> list[str]:
        """Birth name and used name, letters only, without repetition."""
        return _letters(self.birth_name, self.used_name)

    @property
    def givens(self) -> list[str]:
        """First given name and used given name, letters only."""
        first = re.split(r"[ ,]", plain(self.given_names).strip(), maxsplit=1)[0]
        return _letters(first, self.used_given_name)

    @property
    def number(self) -> str:
        """The matricule without its key, "" when unknown or fictitious."""
        real = len(self.matricule) >= 13 and not self.matricule.startswith(_FICTITIOUS)
        return self.matricule[:13] if real else ""


@dataclass(frozen=True)
class Resemblance:
    """How much two people look alike: 0 not at all, 1 in everything."""

    score: float
    likeness: Likeness | None
    swapped_names: bool = False
    swapped_date: bool = False


def blocks(who: Person) -> list[Range]:
    """The ranges of search keys that hold everybody worth comparing, usually under thirty."""
    found = [*_by_number(who), *_by_birth(who), *_by_names(who)]
    return list(dict.fromkeys(found))


def _by_number(who: Person) -> Iterator[Range]:
    if who.number:
        yield exactly(f"i:{who.number}")
    if who.families or who.givens:
        yield from (exactly(f"t:{national(phone)}") for phone in who.phones)


def _by_birth(who: Person) -> Iterator[Range]:
    if not who.birth_date:
        return
    begins = [name[:2] for name in who.families + who.givens]
    for born in (who.birth_date, swapped(who.birth_date)):
        if born:
            yield from (starting(f"m:{born:%m%d%Y} ", f"% {two}%", MANY) for two in begins)
    year = who.birth_date.year
    for family in who.families:
        yield starting(f"m:{who.birth_date:%m%d}", f"% {family} %")
        before = f"b:{year}{family[:3]}"
        if not who.givens:
            yield starting(before)
        for given in who.givens:
            yield starting(before, f"{before}% {given[:2]}%")
            for wrong in sorted(misspellings(family)):
                yield starting(f"x:{wrong} {given[:2]}", f"%|{year}____")


def _by_names(who: Person) -> Iterator[Range]:
    year = f"%|{who.birth_date.year}" if who.birth_date else "%"
    for family in who.families:
        for given in who.givens:
            yield starting(f"n:{family} {given}")
            yield starting(f"n:{given} {family}")
            yield starting(f"p:{sound(family)} {sound(given)}", year)


def resemblance(new: Person, kept: Person) -> Resemblance:
    """Compare a newcomer, complete or not, with somebody on file."""
    if new.number and new.number == kept.number:
        return Resemblance(1.0, Likeness.SAME)
    family, given = _likest(new.families, kept.families), _likest(new.givens, kept.givens)
    straight, crossed = family + given, _crossed(new, kept)
    swap = crossed > straight + 0.2
    if swap:
        family = given = crossed / 2
    dates = _birth_likeness(new.birth_date, kept.birth_date)
    score = 0.4 * family + 0.25 * given + 0.35 * (0.8 if dates is None else dates)
    other_sex = {new.sex, kept.sex} == {"F", "M"}
    if other_sex:
        score -= 0.08
    if given >= _SAME_NAME and dates == 1.0 and "M" not in {new.sex, kept.sex}:
        score = max(score, POSSIBLE_FROM)  # a marriage or a divorce
    if set(new.phones) & set(kept.phones):
        score = min(score + 0.04, 1.0)
    likeness = _apart(family, given, dates, other_sex) or _alike(score)
    if family + given == 2.0 and dates == 1.0 and not swap:
        likeness = Likeness.SAME
    turned = bool(new.birth_date and kept.birth_date and swapped(new.birth_date) == kept.birth_date)
    return Resemblance(round(score, 3), likeness, swap, turned)


def _apart(family: float, given: float, dates: float | None, other_sex: bool) -> Likeness | None:
    """Two people whom the register must keep apart although they share much."""
    if dates is None or family < _SAME_NAME:
        return None
    if dates == 1.0 and given < (_SAME_NAME if other_sex else _OTHER_NAME):
        return Likeness.TWIN
    return Likeness.HOMONYM if given >= _SAME_NAME and dates < 0.5 else None


def _alike(score: float) -> Likeness | None:
    if score >= LIKELY_FROM:
        return Likeness.LIKELY
    return Likeness.POSSIBLE if score >= POSSIBLE_FROM else None


def _crossed(new: Person, kept: Person) -> float:
    return _likest(new.families, kept.givens) + _likest(new.givens, kept.families)


def _likest(ours: list[str], theirs: list[str]) -> float:
    """The best likeness of two names; not yet typed is no difference."""
    if not ours or not theirs:
        return 0.8
    return max(_name_likeness(a, b) for a in ours for b in theirs)


def _name_likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if min(len(a), len(b)) > 2 and (a.startswith(b) or b.startswith(a)):
        return 0.93  # JEAN and JEANPIERRE, MARTIN and MARTINDUPONT
    if min(len(a), len(b)) > 3 and (
        OSA.distance(a, b, score_cutoff=1) <= 1 or sound(a) == sound(b)
    ):
        return 0.92
    return float(JaroWinkler.similarity(a, b)) * 0.9


def _birth_likeness(a: date | None, b: date | None) -> float | None:
    if a is None or b is None:
        return None
    if a == b:
        return 1.0
    if swapped(a) == b:
        return 0.9
    if OSA.distance(f"{a:%d%m%Y}", f"{b:%d%m%Y}", score_cutoff=1) <= 1:
        return 0.8
    if (a.month, a.day) == (b.month, b.day):
        return 0.6
    return 0.3 if a.year == b.year else 0.0


def swapped(born: date) -> date | None:
    """The same digits with day and month exchanged, if that is another real date."""
    if born.day > 12 or born.day == born.month:
        return None
    return born.replace(month=born.day, day=born.month)


def _letters(*names: str) -> list[str]:
    joined = (re.sub("[^A-Z]", "", plain(name)) for name in names)
    return [name for name in dict.fromkeys(joined) if name]
