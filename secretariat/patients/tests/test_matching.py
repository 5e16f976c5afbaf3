"""Search first, create last: who on file resembles a newcomer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from secretariat.patients.matching import Likeness, Person, blocks, resemblance, swapped
from secretariat.patients.search_keys import Identity, keys
from secretariat.patients.tests.test_search_keys import held

JEANNE = Person("KELLER", "JEANNE MARIE", date(1985, 3, 12), used_name="MARTIN", sex="F")
JEANNE_ON_FILE = Identity(
    "KELLER", "JEANNE MARIE", date(1985, 3, 12), "MARTIN",
    phones=("+33639980001",), matricule="2850375116001",
)  # fmt: skip


def likeness(**other: Any) -> Likeness | None:
    return resemblance(replace(JEANNE, used_name="", **other), JEANNE).likeness


def test_the_same_four_traits_are_already_on_file() -> None:
    assert likeness() is Likeness.SAME
    assert likeness(birth_name="Keller", given_names="Jeanne") is Likeness.SAME


@pytest.mark.parametrize(
    "typed",
    [
        {"birth_name": "KELER"},
        {"birth_name": "QUELLER"},
        {"given_names": "JANE"},
        {"birth_date": date(1985, 12, 3)},
        {"birth_date": date(1985, 3, 13)},
        {"birth_name": "JEANNE", "given_names": "KELLER"},
        {"given_names": "JEANNE-MARIE"},
    ],
)
def test_one_difference_is_probably_the_same_person(typed: dict[str, Any]) -> None:
    assert likeness(**typed) is Likeness.LIKELY


def test_a_woman_registered_under_her_husband_s_name_is_recognised() -> None:
    assert likeness(birth_name="MARTIN") is Likeness.SAME
    married = resemblance(replace(JEANNE, birth_name="DUBOIS", used_name=""), JEANNE)
    assert married.likeness is Likeness.POSSIBLE
    paul = Person("KELLER", "PAUL", date(1985, 3, 12), sex="M")
    assert resemblance(replace(paul, birth_name="DUBOIS"), paul).likeness is None


def test_what_was_exchanged_is_told() -> None:
    names = resemblance(Person("JEANNE", "KELLER", date(1985, 3, 12), sex="F"), JEANNE)
    assert names.swapped_names and not names.swapped_date
    dates = resemblance(Person("KELLER", "JEANNE", date(1985, 12, 3), sex="F"), JEANNE)
    assert dates.swapped_date and not dates.swapped_names


def test_twins_are_two_people() -> None:
    assert likeness(given_names="LOUISE") is Likeness.TWIN
    assert likeness(given_names="PAUL", sex="M") is Likeness.TWIN


def test_homonyms_are_two_people() -> None:
    assert likeness(birth_date=date(1951, 7, 30)) is Likeness.HOMONYM


def test_strangers_are_not_shown() -> None:
    assert likeness(birth_name="DUBOIS", given_names="PAUL", sex="M") is None
    assert likeness(birth_name="DUBOIS", birth_date=date(1951, 7, 30)) is None


def test_the_matricule_alone_is_enough_but_a_fictitious_one_says_nothing() -> None:
    known = replace(JEANNE, matricule="285037511600129")
    assert resemblance(Person(matricule="2850375116001"), known).likeness is Likeness.SAME
    fictitious = Person("A", "B", date(1990, 1, 1), matricule="2555555012030")
    assert not [r for r in blocks(fictitious) if r.low.startswith("i:")]
    other = Person("DUBOIS", "PAUL", date(1951, 7, 30), sex="M", matricule="2555555012030")
    assert resemblance(fictitious, other).likeness is None


def test_a_form_half_filled_already_finds() -> None:
    assert resemblance(Person("Keller", "Jeanne"), JEANNE).likeness is not None
    assert resemblance(Person("Keller", birth_date=date(1985, 3, 12)), JEANNE).likeness is not None


@pytest.mark.parametrize(
    "newcomer",
    [
        Person("KELLER", "JEANNE", date(1985, 3, 12)),
        Person("KELLER", "JEANNE", date(1985, 12, 3)),
        Person("KELER", "JANE", date(1985, 3, 12)),
        Person("MARTIN", "JEANNE", date(1985, 3, 12)),
        Person("JEANNE", "KELLER", date(1985, 3, 12)),
        Person("KELLER", "JEANNE", date(1958, 3, 12)),
        Person("KELLER", "JEANNE"),
        Person("QUELLER", "JEANNE", date(1985, 6, 1)),
        Person("KELLER", birth_date=date(1985, 3, 12)),
        Person("MULLER", "ANNE", date(1985, 3, 12), used_name="KELLER"),
        Person("DUBOIS", "PAUL", phones=("+33639980001",)),
        Person(matricule="285037511600129"),
    ],
)
def test_the_blocks_bring_up_whoever_must_be_compared(newcomer: Person) -> None:
    kept = keys(JEANNE_ON_FILE)
    assert any(held(range_, key) for range_ in blocks(newcomer) for key in kept)
    assert len(blocks(newcomer)) <= 40


def test_day_and_month_exchange_only_when_both_are_months() -> None:
    assert swapped(date(1985, 3, 12)) == date(1985, 12, 3)
    assert swapped(date(1985, 3, 13)) is None
    assert swapped(date(1985, 3, 3)) is None
