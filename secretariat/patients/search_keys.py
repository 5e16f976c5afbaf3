"""Which keys are kept so that a patient is found; `search_plan.py` says which ones are read.

A key is one letter for its kind, a colon, and text that a B-tree in collation "C" serves by
prefix. After the searched part a key carries the rest of the identity, so that a second
piece (given name, birth year) narrows inside the same index range.

====  ==========================================  ===========================================
kind  example                                     found by
====  ==========================================  ===========================================
n     ``n:KELLER JEANNE|19850312``                a name alone, or followed by the other one
z     ``z:KJEELALNENRE|19850312``                 beginnings of both names (interleaved)
x     ``x:KELER JEANNE|19850312``                 a family name with one letter wrong
p     ``p:KEL JAN|1985``                          what was heard
b     ``b:1985KELLER JEANNE|0312``                birth year, then either name
m     ``m:03121985 KELLER JEANNE``                birthday, then year
t, r  ``t:0612345678``, ``r:8765432160``          first digits, last digits of a phone
f     ``f:1234``                                  file number
i     ``i:2850375116001``                         matricule INS, without its key
====  ==========================================  ===========================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from secretariat.patients.phonetic import sound

LONGEST = 60
"""Characters of a key (the column's width)."""
SPELLED = 6
"""Letters of a family name in which one mistake is forgiven; the ranking reads the rest."""
WOVEN = 8
"""Letters of each name in an interleaved key."""
FORMS = 3
"""Ways to begin reading one name: DE LA TOUR, LA TOUR, TOUR."""

PARTICLES = frozenset(
    {"A", "AL", "AP", "BEN", "D", "DA", "DAS", "DE", "DEL", "DELLA", "DEN", "DER", "DES", "DI"}
    | {"DO", "DOS", "DU", "EL", "L", "LA", "LAS", "LE", "LES", "LO", "MAC", "MC", "O", "SAINT"}
    | {"SAINTE", "ST", "STE", "TEN", "TER", "VAN", "VON", "Y", "ZU"}
)
"""Little words before a family name that people forget, or join to it."""


@dataclass(frozen=True)
class Identity:
    """The facts of one patient that a search may name.

    Args:
        birth_name, given_names: strict traits; given names separated by spaces.
        used_name, used_given_name: as used at the desk, "" when the same.
        phones: E.164.
        matricule: INS or NIR, with or without its key, "" when unknown.
    """

    birth_name: str
    given_names: str
    birth_date: date
    used_name: str = ""
    used_given_name: str = ""
    phones: Sequence[str] = ()
    file_number: int | None = None
    matricule: str = ""


def forms(name: str) -> list[str]:
    """Where reading a name may begin, letters only: DELATOUR, LATOUR, TOUR.

    A prefix of a form finds « jean », « jean pierre », « jeanpierre » and « pierre » alike.
    """
    parts = re.findall("[A-Z]+", name.upper())
    return ["".join(parts[start:]) for start in range(min(len(parts), FORMS))]


def heard_forms(name: str) -> list[str]:
    """What people say of a family name: the whole, TOUR for DE LA TOUR, either half of a double."""
    parts = re.findall("[A-Z]+", name.upper())
    told = [n for n, part in enumerate(parts) if part not in PARTICLES]
    if not told or len(parts) == 1:
        return ["".join(parts)] if parts else []
    halves = ["".join(parts[told[0] :]), parts[told[0]], parts[told[-1]]]
    return _unique(["".join(parts), *halves])[:FORMS]


def misspellings(name: str) -> set[str]:
    """What is left of a name's first letters when one of them is left out.

    Two names with one letter missing, added, changed or exchanged share one of these.
    """
    head = name[:SPELLED]
    left = {head[:n] + head[n + 1 :] for n in range(len(head))}
    return left | ({head} if len(head) < SPELLED else set())


def weave(family: str, given: str) -> str:
    """Both names, one letter of each in turn, "." where a name is over."""
    pairs = zip(family[:WOVEN].ljust(WOVEN, "."), given[:WOVEN].ljust(WOVEN, "."), strict=True)
    return "".join(a + b for a, b in pairs)


def keys(who: Identity) -> set[str]:
    """All keys kept for one patient, usually 20 to 25."""
    found = {key[:LONGEST] for key in _name_keys(who)}
    for phone in who.phones:
        digits = national(phone)
        found |= {f"t:{digits}", f"r:{digits[::-1]}"}
    if who.file_number is not None:
        found.add(f"f:{who.file_number}")
    if len(who.matricule) >= 13:
        found.add(f"i:{who.matricule[:13]}")
    return found


def _name_keys(who: Identity) -> Iterator[str]:
    born = who.birth_date.strftime("%Y%m%d")
    year, day = born[:4], born[4:]
    families = _unique(forms(who.birth_name) + forms(who.used_name))
    givens = _unique(forms(who.given_names) + forms(who.used_given_name))
    heard = _unique(heard_forms(who.birth_name) + heard_forms(who.used_name))
    given, family = _short(givens[0]), _short(families[0])
    called = first_part(who.given_names)
    yield f"m:{day}{year} {' '.join(map(_short, heard))} {given}"
    yield f"b:{year}{given} {family}|{day}"
    for form in families:
        yield f"n:{_short(form)} {given}|{born}"
        yield from (f"z:{weave(form, other)}|{born}" for other in givens)
    for form in givens:
        yield f"n:{_short(form)} {family}|{born}"
    if who.used_name:
        yield f"n:{given} {_short(forms(who.used_name)[0])}|{born}"
    yield f"p:{sound(called)} {sound(families[0])}|{year}"
    for form in heard:
        yield f"b:{year}{_short(form)} {given}|{day}"
        yield f"p:{sound(form)} {sound(called)}|{year}"
        if len(form) > 2:
            yield from (f"x:{wrong} {given}|{born}" for wrong in misspellings(form))


def national(phone: str) -> str:
    """The digits people say: 0612345678 for +33612345678, all of them for another country."""
    digits = re.sub(r"\D", "", phone)
    return f"0{digits[2:]}" if phone.startswith("+33") else digits


def first_part(given_names: str) -> str:
    """The first given name's first part, the one that is heard first."""
    return re.split("[^A-Z]", given_names, maxsplit=1)[0]


def _short(form: str) -> str:
    return form[:18]


def _unique(forms_: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(forms_))
