"""One box finds everybody, whatever was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secretariat.patients import actions
from secretariat.patients.actions import NewContactPoint
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Desk = Callable[[Staff], Client]


def register(house: House, by: Staff, **traits: object) -> Patient:
    """Jeanne Keller, or whoever differs from her."""
    given: dict[str, object] = {
        "birth_name": "Keller", "given_names": "Jeanne", "birth_date": date(1985, 3, 12),
        "sex": "F", "town": "Ville-Invention",
        "contact_points": [NewContactPoint("06 39 98 12 34")],
    } | traits  # fmt: skip
    return actions.register(practice=house.practice, by=by, at=NOW, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed",
    ["keller", "jean kel", "KELER jeanne", "12/03/1985", "06 39 98", "1", "dupré", "keller 1985"],
)
def test_a_patient_is_found_whatever_was_typed(
    tilleuls: House, alice: Staff, at_desk: Desk, typed: str
) -> None:
    register(tilleuls, alice, used_name="Dupré")
    page = at_desk(alice).get("/patients/", {"q": typed}).content.decode()
    assert "KELLER" in page and "DUPRE" in page and "12/03/1985" in page
    assert "Féminin" in page and "Ville-Invention" in page


def test_nobody_found_offers_to_create_with_what_was_typed(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    page = at_desk(alice).get("/patients/", {"q": "zorglub anne 3/5/1961"}).content.decode()
    assert "Personne ne répond" in page
    assert "/patients/new/?typed=zorglub%20anne%203%2F5%2F1961" in page


def test_an_empty_box_says_how_to_search(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    assert "Deux lettres suffisent" in at_desk(alice).get("/patients/").content.decode()


def test_the_locum_sees_no_way_to_create(tilleuls: House, lefevre: Staff, at_desk: Desk) -> None:
    Staff.objects.filter(pk=lefevre.pk).update(withheld=["patients.write"])
    page = at_desk(lefevre).get("/patients/", {"q": "zorglub"}).content.decode()
    assert "Personne ne répond" in page and "/patients/new/" not in page.split('id="found"')[1]


def test_the_other_practice_finds_nobody(
    tilleuls: House, alice: Staff, charlie: Staff, at_desk: Desk
) -> None:
    register(tilleuls, alice)
    page = at_desk(charlie).get("/patients/", {"q": "keller"}).content.decode()
    assert "KELLER" not in page


def test_the_band_s_box_gives_links_and_a_form_s_box_gives_choices(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    pk = register(tilleuls, alice).pk
    desk = at_desk(alice)
    band = desk.get("/patients/find/", {"q": "kel"}, headers={"HX-Trigger": "search"})
    form = desk.get("/patients/find/", {"q": "kel"}, headers={"HX-Trigger": "book-q"})
    assert f'href="/patients/{pk}/" data-sheet' in band.content.decode()
    assert f'data-value="{pk}" data-label="KELLER Jeanne, 12/03/1985"' in form.content.decode()


def test_what_stands_out_is_said_with_a_word(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    register(tilleuls, alice, is_deaf=True, needs_interpreter="portugais")
    twin = register(tilleuls, alice, despite_duplicates=True)
    actions.record_death(patient=twin, version=1, on=date(2026, 1, 2), by=alice, at=NOW)
    page = at_desk(alice).get("/patients/", {"q": "keller"}).content.decode()
    for word in ("Homonyme", "Sourd ou malentendant", "Interprète : portugais", "Décédée le 02/01"):
        assert word in page


@pytest.mark.parametrize("address", ["/patients/", "/patients/find/"])
def test_ten_patients_cost_as_many_queries_as_one(
    tilleuls: House, alice: Staff, at_desk: Desk, address: str
) -> None:
    desk = at_desk(alice)
    register(tilleuls, alice)
    desk.get(address, {"q": "keller"})
    with CaptureQueriesContext(connection) as one:
        desk.get(address, {"q": "keller"})
    for n in range(9):
        register(tilleuls, alice, birth_date=date(1950 + n, 1, 1))
    with CaptureQueriesContext(connection) as ten:
        page = desk.get(address, {"q": "keller"}).content.decode()
    assert page.count("/195") >= 7
    assert len(ten) == len(one) <= 14
