"""Correct a file on screen: two desks never overwrite each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from secretariat.patients import actions
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Desk = Callable[[Staff], Client]
BESIDE = {"HX-Request": "true"}


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """Jeanne Keller is on file."""
    return actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F", town="Ville-Invention",
    )  # fmt: skip


def opened(desk: Client, patient: Patient) -> dict[str, object]:
    """The form as it stands on screen."""
    form = desk.get(f"/patients/{patient.pk}/correction/", headers=BESIDE).context["form"]
    return {n: form[n].value() for n in form.fields if form[n].value() not in {None, False}}


def test_a_correction_goes_back_to_the_file(jeanne: Patient, alice: Staff, at_desk: Desk) -> None:
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/correction/"
    answer = desk.post(address, opened(desk, jeanne) | {"town": "Lune"}, headers=BESIDE)
    assert answer.status_code == 200
    assert "Lune" in answer.content.decode()
    assert f"/patients/{jeanne.pk}/corrections/1/undo/" in answer.headers["HX-Trigger"]


def test_the_same_correction_sent_twice_is_one(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/correction/"
    form = opened(desk, jeanne) | {"town": "Lune"}
    assert [desk.post(address, form, headers=BESIDE).status_code for _ in (1, 2)] == [200, 200]
    jeanne.refresh_from_db()
    assert jeanne.version == 2


def test_the_second_desk_sees_the_difference_and_decides(
    jeanne: Patient, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/correction/"
    mine = opened(desk, jeanne)
    actions.correct(
        patient=jeanne, version=1,
        changes={"town": "Lune", "postcode": "75000", "birth_date": date(1985, 3, 13)},
        by=zoe, at=NOW,
    )  # fmt: skip
    answer = desk.post(address, mine | {"address": "2 rue Haute"}, headers=BESIDE)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert [(one.label, one.yours) for one in answer.context["differences"]] == [
        ("Date de naissance", ""), ("Adresse", "2 rue Haute"), ("Code postal", ""), ("Commune", ""),
    ]  # fmt: skip
    assert "rien n’a été écrasé" in page and "Lune" in page and "2 rue Haute" in page
    again = answer.context["form"]
    # What the other desk wrote stays; what this one typed is carried over.
    assert again["town"].value() == "Lune"
    assert again["address"].value() == "2 rue Haute"
    form = {n: again[n].value() for n in again.fields if again[n].value() not in {None, False}}
    assert desk.post(address, form, headers=BESIDE).status_code == 200
    jeanne.refresh_from_db()
    assert (jeanne.town, jeanne.postcode, jeanne.address) == ("Lune", "75000", "2 rue Haute")


def test_a_bad_name_is_said_beside_its_field(jeanne: Patient, alice: Staff, at_desk: Desk) -> None:
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/correction/"
    form = opened(desk, jeanne) | {"birth_name": "Kel1er"}
    answer = desk.post(address, form, headers=BESIDE)
    assert answer.status_code == 422
    assert "contient" in answer.content.decode()


def test_a_strict_trait_of_a_validated_identity_asks_for_a_new_check(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    actions.verify_identity(patient=jeanne, version=1, document="passport", by=alice, at=NOW)
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/correction/"
    form = opened(desk, jeanne)
    page = desk.post(address, form | {"birth_date": "13/03/1985"}, headers=BESIDE)
    assert "Identité provisoire" in page.content.decode()


def test_a_form_without_a_version_is_not_believed(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/correction/"
    for version in ("", "x", "-1", "99999999999999999999"):
        form = opened(desk, jeanne) | {"town": "Lune", "version": version}
        assert desk.post(address, form, headers=BESIDE).status_code in {409, 422}
    jeanne.refresh_from_db()
    assert jeanne.town == "Ville-Invention"
