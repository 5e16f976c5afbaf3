"""Which keys are kept for a patient, and which ranges a search reads."""

from __future__ import annotations

import random
import re
from datetime import date
from fnmatch import fnmatchcase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from secretariat.patients.search_keys import (
    LONGEST,
    Identity,
    forms,
    heard_forms,
    keys,
    misspellings,
)
from secretariat.patients.search_plan import MOST, Range, last_resort, plan
from secretariat.patients.typed import parse

TODAY = date(2026, 11, 23)
JEANNE = Identity(
    "KELLER", "JEANNE MARIE", date(1985, 3, 12), used_name="MARTIN",
    phones=("+33639980001", "+41223456789"), file_number=42, matricule="285037511600129",
)  # fmt: skip
LETTERS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=14)


def held(range_: Range, key: str) -> bool:
    """What the database does with one range."""
    glob = range_.pattern.replace("%", "*").replace("_", "?")
    return range_.low <= key < range_.high and fnmatchcase(key, glob)


def finds(text: str, who: Identity) -> bool:
    kept = keys(who)
    typed = parse(text, TODAY)
    return any(held(range_, key) for range_ in plan(typed) + last_resort(typed) for key in kept)


def test_reading_a_name_may_begin_at_each_of_its_parts() -> None:
    assert forms("DE LA TOUR") == ["DELATOUR", "LATOUR", "TOUR"]
    assert forms("JEAN-PIERRE") == ["JEANPIERRE", "PIERRE"]
    assert forms("D'ARC") == ["DARC", "ARC"]
    assert forms("") == []


def test_people_say_the_whole_name_or_the_part_they_remember() -> None:
    assert heard_forms("DE LA TOUR") == ["DELATOUR", "TOUR"]
    assert heard_forms("MARTIN-DUPONT") == ["MARTINDUPONT", "MARTIN", "DUPONT"]
    assert heard_forms("KELLER") == ["KELLER"]
    assert heard_forms("LE") == ["LE"]


WAYS_TO_FIND_JEANNE = """
    keller | kel | jeanne keller | keller jeanne | kel jea | jea ke | j k | martin jeanne
    keller martin jeanne | marie keller | marie | keler jeanne | jeanne kelelr | martni j
    keller jaenne | keller ojeanne | quelair jeanne | keller 1985 | jeanne 85 | kelle 1985
    keler 1985 | jeane 1985 | eanne 1985 | 12/03/1985 | 120385 | 12/03 | 03/1985
    keler 12/03/1985 | keller jeanne 1986 | 06 39 98 00 01 | 0639 | 0001 | dossier 42
    +41 22 345 67 89 | 42 | 2 85 03 75 116 001 | keller 0639 | Mme Keller née le 12/3/85
"""


@pytest.mark.parametrize("typed", re.split(r" *[|\n] *", WAYS_TO_FIND_JEANNE.strip()))
def test_a_patient_is_found_by(typed: str) -> None:
    assert finds(typed, JEANNE)


@pytest.mark.parametrize("typed", ["dupont", "jeanne dupont", "13/03/1985", "dossier 43", "0640"])
def test_a_patient_is_not_found_by(typed: str) -> None:
    assert not finds(typed, JEANNE)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("jean pierre martin", "MARTIN JEAN-PIERRE"),
        ("martin jean-pierre", "MARTIN JEAN PIERRE"),
        ("jeanpierre martin", "MARTIN JEAN-PIERRE"),
        ("de la tour anne", "DE_LA_TOUR ANNE"),
        ("anne latour", "DE_LA_TOUR ANNE"),
        ("tour anne", "DE_LA_TOUR ANNE"),
        ("delatour", "DE_LA_TOUR ANNE"),
        ("le goff", "LE_GOFF YANN"),
        ("legoff yann", "LE_GOFF YANN"),
        ("legof yann", "LE_GOFF YANN"),
        ("dupont martin anne", "MARTIN-DUPONT ANNE"),
        ("dupnt anne", "MARTIN-DUPONT ANNE"),
        ("o'brien sean", "O'BRIEN SEAN"),
        ("obrien", "O'BRIEN SEAN"),
        ("ng li", "NG LI"),
    ],
)
def test_hyphens_spaces_and_particles_do_not_matter(typed: str, names: str) -> None:
    family, given = names.split(" ", maxsplit=1)
    assert finds(typed, Identity(family.replace("_", " "), given, date(1970, 1, 1)))


def mistake(name: str, at: int, kind: int, letter: str) -> str:
    """One letter added, left out, changed, or exchanged with the next."""
    at %= len(name)
    if kind == 0:
        return name[:at] + letter + name[at:]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[:at] + letter + name[at + 1 :]
    at = min(at, len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


MISTAKE = {"at": st.integers(0, 13), "kind": st.integers(0, 3), "letter": st.sampled_from("AEKZ")}


@given(name=LETTERS, **MISTAKE)
def test_one_mistake_leaves_a_shared_misspelling(
    name: str, at: int, kind: int, letter: str
) -> None:
    assert misspellings(name) & misspellings(mistake(name, at, kind, letter))


@given(family=LETTERS, first=LETTERS, **MISTAKE)
def test_one_mistake_in_either_name_is_forgiven(
    family: str, first: str, at: int, kind: int, letter: str
) -> None:
    assume(family not in {"MADAME", "MONSIEUR", "MLLE", "MADEMOISELLE"})
    who = Identity(family, first, date(1985, 3, 12))
    wrong_family, wrong_first = (mistake(name, at, kind, letter) for name in (family, first))
    for typed in (
        f"{wrong_family} {first}",
        f"{first} {wrong_family}",
        f"{wrong_family} {first[0]}",
    ):
        assert finds(typed, who), typed
    for typed in (f"{family} {wrong_first}", f"{wrong_first} {family}", f"{wrong_family} 1985"):
        assert finds(typed, who), typed
    assert finds(f"{wrong_first} 1985", who)
    assert finds(wrong_family, who)


def test_keys_stay_few_and_short() -> None:
    long = Identity(
        "DE LA ROCHEFOUCAULD-MONTBAZON", "ANNE-SOPHIE MARIE-CHARLOTTE HONORINE",
        date(1950, 12, 31), "VAN DER MEERSCHEN-WESTHUIZEN", "CHARLOTTE", ("+33612345678",), 10**9,
        "2501299350001",
    )  # fmt: skip
    assert len(keys(JEANNE)) <= 36
    assert len(keys(long)) <= 90
    assert max(len(key) for key in keys(long)) <= LONGEST


def test_a_pasted_page_reads_few_ranges() -> None:
    rng = random.Random(3)
    text = " ".join("".join(rng.choices("aeiklmnrst", k=5)) for _ in range(30))
    for typed in (parse(text, TODAY), parse(text + " 1985", TODAY)):
        assert len(plan(typed)) <= MOST
        assert len(last_resort(typed)) <= MOST
    assert plan(parse("", TODAY)) == last_resort(parse("", TODAY)) == []
