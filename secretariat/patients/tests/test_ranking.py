"""Who is shown first."""

from __future__ import annotations

from datetime import date

import pytest

from secretariat.patients.ranking import Candidate, rank
from secretariat.patients.typed import parse

TODAY = date(2026, 11, 23)
PEOPLE = [
    Candidate(1, "MARTIN", "JEANNE MARIE", date(1985, 3, 12)),
    Candidate(2, "KELLER", "JEANNE", date(1985, 3, 12), used_name="MARTIN"),
    Candidate(3, "MARTINEAU", "JEAN", date(1951, 7, 1)),
    Candidate(4, "DURAND", "MARTIN", date(1990, 1, 2)),
    Candidate(5, "MARTEN", "JEANNE", date(1960, 5, 5)),
    Candidate(6, "DE LA TOUR", "JEAN-PIERRE", date(1970, 2, 3)),
    Candidate(7, "MARTIN-DUPONT", "LUC", date(1999, 9, 9)),
    Candidate(8, "LEFEVRE", "ZOE", date(2001, 1, 31)),
]


def ids(text: str, by_number: tuple[int, ...] = ()) -> list[int]:
    return [who.patient_id for _, who in rank(parse(text, TODAY), PEOPLE, by_number)]


def test_the_exact_name_comes_before_the_longer_one_and_the_given_name() -> None:
    assert ids("martin")[:2] == [2, 1]  # one name, then by given names
    assert set(ids("martin")[2:5]) == {3, 4, 7}
    assert ids("martin")[-1] == 5  # one letter away


def test_every_word_must_answer() -> None:
    assert ids("martin jeanne") == [2, 1, 5]
    assert ids("jeanne martin") == ids("martin jeanne")
    assert ids("martin zzz") == []


def test_the_birth_date_decides_between_people_of_one_name() -> None:
    assert ids("jeanne 1960")[0] == 5
    assert ids("martin jeanne 12/03/1985")[:2] == [2, 1]
    assert ids("12/03/1985") == [2, 1]


def test_the_right_name_with_another_date_is_shown_last() -> None:
    assert ids("marten jeanne 1985") == [2, 1, 5]


def test_the_first_given_name_counts_more_than_the_others() -> None:
    known = [
        Candidate(1, "NENUPHAR", "FLORIAN MARCEL", date(1983, 5, 22)),
        Candidate(2, "NENUPHAR", "MARCEL", date(2026, 1, 25)),
    ]
    found = rank(parse("nenuphar marcel", TODAY), known)
    assert [who.patient_id for _, who in found] == [2, 1]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("jean pierre tour", 6),
        ("latour", 6),
        ("dupont", 7),
        ("lefebvre", 8),
        ("lefevre zoee", 8),
        ("dupnt luc", 7),
        ("matrineau", 3),
    ],
)
def test_the_one_who_is_meant_comes_first(typed: str, first: int) -> None:
    assert ids(typed)[0] == first


def test_a_phone_brings_up_whoever_the_keys_found() -> None:
    assert ids("0639 98", by_number=(3, 8)) == [8, 3]
    assert ids("lefevre 063998", by_number=(3, 8)) == [8]


def test_equals_stand_in_a_steady_order() -> None:
    assert ids("j") == ids("j")
    assert rank(parse("martin", TODAY), reversed(PEOPLE)) == rank(parse("martin", TODAY), PEOPLE)
