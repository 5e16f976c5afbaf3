"""The search box and the watch for duplicates, on the real database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secretariat.core import scope
from secretariat.patients import actions, search
from secretariat.patients.actions import NewContactPoint
from secretariat.patients.matching import Likeness, Person
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

BORN = date(1985, 3, 12)


def register(house: House, by: Staff, names: str, born: date = BORN, **more: Any) -> Patient:
    family, given = names.split(" ", maxsplit=1)
    traits: dict[str, Any] = {"sex": "F"} | more
    return actions.register(
        practice=house.practice, by=by, at=NOW, birth_name=family.replace("_", " "),
        given_names=given, birth_date=born, **traits,
    )  # fmt: skip


@pytest.fixture
def people(tilleuls: House, alice: Staff) -> dict[str, int]:
    """Six files of the Tilleuls, by birth name."""
    phone = NewContactPoint(value="06 39 98 00 01")
    made = [
        register(tilleuls, alice, "Keller Jeanne", used_name="Martin", contact_points=[phone]),
        register(tilleuls, alice, "Lefèvre Zoé", date(2001, 1, 31)),
        register(tilleuls, alice, "de_la_Tour Jean-Pierre", date(1970, 2, 3), sex="M"),
        register(tilleuls, alice, "Nguyen Thi-Lan", date(1990, 7, 14)),
        register(tilleuls, alice, "Martin Jean", date(1950, 12, 31), sex="M"),
        register(tilleuls, alice, "Martin-Dupont Anne", date(1999, 9, 9)),
    ]
    return {patient.birth_name: patient.pk for patient in made}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("keller", "KELLER"),
        ("jea kel", "KELLER"),
        ("martin jeanne", "KELLER"),
        ("kelelr jeanne", "KELLER"),
        ("keller 85", "KELLER"),
        ("12/3/85", "KELLER"),
        ("06 39 98 00 01", "KELLER"),
        ("0001", "KELLER"),
        ("lefebure zoé", "LEFEVRE"),
        ("jean pierre de la tour", "DE LA TOUR"),
        ("latour", "DE LA TOUR"),
        ("nuyen thi", "NGUYEN"),
        ("dupont anne", "MARTIN-DUPONT"),
        ("dossier 5", "MARTIN"),
    ],
)
def test_one_box_finds_who_is_meant(
    tilleuls: House, people: dict[str, int], typed: str, meant: str
) -> None:
    found = search.patient_ids(tilleuls.practice.pk, typed, today=TODAY)
    assert found[:1] == [people[meant]]


@pytest.mark.parametrize("typed", ["", "  ", "dubois", "keller dubois", "01/01/1901", "0699", "%"])
def test_nobody_is_found_for(tilleuls: House, people: dict[str, int], typed: str) -> None:
    assert search.patient_ids(tilleuls.practice.pk, typed, today=TODAY) == []


def test_the_likeliest_come_first_and_no_more_than_asked(
    tilleuls: House, people: dict[str, int]
) -> None:
    found = search.patient_ids(tilleuls.practice.pk, "martin", today=TODAY)
    assert set(found[:2]) == {people["MARTIN"], people["KELLER"]}
    assert found[2] == people["MARTIN-DUPONT"]
    assert search.patient_ids(tilleuls.practice.pk, "martin", today=TODAY, most=2) == found[:2]


@pytest.mark.parametrize(
    ("typed", "statements"),
    [
        ("martin", 1),
        ("martin jeanne", 1),
        ("kelelr jeanne 1985", 2),
        ("12/03/1985", 1),
        ("keller ojeanne", 2),
        ("zzzz yyyy", 2),
        ("", 0),
    ],
)
def test_a_search_costs_one_statement_two_when_nobody_is_convincing(
    tilleuls: House, people: dict[str, int], typed: str, statements: int
) -> None:
    with CaptureQueriesContext(connection) as asked:
        search.patient_ids(tilleuls.practice.pk, typed, today=TODAY)
    assert len(asked) == statements


def test_the_practice_next_door_is_never_searched(
    tilleuls: House, port: House, people: dict[str, int]
) -> None:
    next_door = port.practice.pk
    assert search.patient_ids(next_door, "keller", today=TODAY) == []
    with scope.scope([next_door]):
        assert search.patient_ids(tilleuls.practice.pk, "keller", today=TODAY) == []
        newcomer = Person("Keller", "Jeanne", BORN)
        assert search.likely_duplicates(tilleuls.practice.pk, newcomer) == []


@pytest.mark.parametrize(
    ("newcomer", "meant", "likeness"),
    [
        (Person("Keller", "Jeanne", BORN, sex="F"), "KELLER", Likeness.SAME),
        (Person("Keler", "Jeanne", BORN), "KELLER", Likeness.LIKELY),
        (Person("Martin", "Jeanne", BORN), "KELLER", Likeness.SAME),
        (Person("Jeanne", "Keller", BORN), "KELLER", Likeness.LIKELY),
        (Person("Keller", "Jeanne", date(1985, 12, 3)), "KELLER", Likeness.LIKELY),
        (Person("Dubois", "Jeanne", BORN), "KELLER", Likeness.POSSIBLE),
        (Person("Keller", "Louise", BORN), "KELLER", Likeness.TWIN),
        (Person("Lefèvre", "Zoé", date(1933, 6, 2)), "LEFEVRE", Likeness.HOMONYM),
    ],
)
def test_who_resembles_a_newcomer_is_shown_before_creation(
    tilleuls: House, people: dict[str, int], newcomer: Person, meant: str, likeness: Likeness
) -> None:
    shown = search.likely_duplicates(tilleuls.practice.pk, newcomer)
    assert (shown[0].patient_id, shown[0].likeness) == (people[meant], likeness)


@pytest.mark.parametrize(
    "newcomer",
    [
        Person(),
        Person("Keller"),
        Person(birth_date=BORN),
        Person("Dubois", "Paul", date(1960, 1, 1)),
    ],
)
def test_nobody_is_shown_for_too_little_or_for_a_stranger(
    tilleuls: House, people: dict[str, int], newcomer: Person
) -> None:
    assert search.likely_duplicates(tilleuls.practice.pk, newcomer) == []


def test_under_the_wall_between_practices_the_index_still_serves(
    tilleuls: House, people: dict[str, int]
) -> None:
    with connection.cursor() as cursor:  # on a small table the planner would read everything
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    explained = "\n".join(search.explain(tilleuls.practice.pk, "kelelr jeanne", today=TODAY))
    _, scan = explained.split("searchkey_by_key", maxsplit=1)
    condition = next(line for line in scan.splitlines() if "Index Cond" in line)
    assert "(practice_id = " in condition and "key >= range.low" in condition
    assert "key < range.high" in condition
