"""The patient's file: identity first, every opening written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from secretariat.core import scope
from secretariat.patients import actions
from secretariat.patients.actions import NewContactPoint
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Access
from tests.cast import NOW, House

Desk = Callable[[Staff], Client]
BESIDE = {"HX-Request": "true"}


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """Jeanne Keller, called Dupré, with one mobile and a note."""
    return actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller",
        given_names="Jeanne Marie", used_name="Dupré", birth_date=date(1985, 3, 12), sex="F",
        note="Préfère le matin",
        contact_points=[NewContactPoint("06 39 98 12 34", accepts_messages=True)],
    )  # fmt: skip


@pytest.fixture
def child(tilleuls: House, alice: Staff, jeanne: Patient) -> Patient:
    """Paul Keller, seven, at home with Jeanne."""
    return actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Paul",
        birth_date=date(2019, 1, 2), sex="M",
        household=actions.open_household(patient=jeanne, by=alice, at=NOW),
    )  # fmt: skip


def test_the_banner_shows_the_traits_that_the_law_asks(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    page = at_desk(alice).get(f"/patients/{jeanne.pk}/").content.decode()
    for trait in ("KELLER", "Jeanne", "12/03/1985", "41 ans", "Féminin", "DUPRE", "JEANNE MARIE"):
        assert trait in page
    assert "Identité provisoire" in page and "texte sensible" in page
    assert "06 39 98 12 34" in page and "messages acceptés" in page


def test_every_opening_is_written_in_the_register(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk = at_desk(alice)
    desk.get(f"/patients/{jeanne.pk}/")
    desk.get(f"/patients/{jeanne.pk}/", headers=BESIDE)
    looks = Access.objects.filter(patient_id=jeanne.pk)
    assert [(look.by_name, look.screen) for look in looks] == [("Alice", "Dossier")] * 2


def test_a_sheet_that_refreshes_itself_is_written_down_once(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk = at_desk(alice)
    for _ in range(3):
        desk.get(f"/patients/{jeanne.pk}/?live=1", headers=BESIDE)
    assert Access.objects.filter(patient_id=jeanne.pk).count() == 1


def test_the_other_practice_gets_the_404_of_a_file_that_does_not_exist(
    jeanne: Patient, charlie: Staff, at_desk: Desk
) -> None:
    desk = at_desk(charlie)
    for page in ("", "history/", "looks/", "correction/", "contact-points/new/", "household/"):
        answer = desk.get(f"/patients/{jeanne.pk}/{page}")
        assert answer.status_code == 404
        assert "KELLER" not in answer.content.decode()
    assert not Access.objects.filter(patient_id=jeanne.pk, denied=False).exists()


def test_who_opened_the_file_is_read_by_those_allowed(
    jeanne: Patient, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    at_desk(zoe).get(f"/patients/{jeanne.pk}/")
    page = at_desk(alice).get(f"/patients/{jeanne.pk}/looks/").content.decode()
    assert "Zoé" in page
    assert at_desk(zoe).get(f"/patients/{jeanne.pk}/looks/").status_code == 404
    assert "Qui a ouvert" not in at_desk(zoe).get(f"/patients/{jeanne.pk}/").content.decode()


def test_the_mother_s_phone_shows_on_the_child_s_page(
    child: Patient, alice: Staff, at_desk: Desk
) -> None:
    page = at_desk(alice).get(f"/patients/{child.pk}/").content.decode()
    assert "06 39 98 12 34" in page and "par le foyer" in page
    assert "personne n’est noté comme titulaire de l’autorité parentale" in page


def post(desk: Client, address: str, page: str, **values: object) -> str:
    """Fill the form that `page` shows and send it as the sheet does; the answer's text."""
    form = desk.get(page, headers=BESIDE).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False)}
    answer = desk.post(address, sent | values, headers=BESIDE)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_a_phone_is_added_changed_and_removed_from_the_sheet(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk, base = at_desk(alice), f"/patients/{jeanne.pk}/contact-points/"
    page = post(desk, f"{base}new/", f"{base}new/", value="01 99 00 12 34", use="home")
    assert "01 99 00 12 34" in page
    point = ContactPoint.objects.get(use="home")
    page = post(desk, f"{base}{point.pk}/", f"{base}{point.pk}/", holder="sa sœur")
    assert "sa sœur" in page
    page = post(desk, f"{base}{point.pk}/removal/", f"{base}{point.pk}/")
    assert "01 99 00 12 34" not in page


def test_a_wrong_number_is_refused_beside_what_was_typed(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/contact-points/new/"
    form = desk.get(address, headers=BESIDE).context["form"]
    sent = {
        "form_token": form["form_token"].value(), "version": 1, "system": "phone",
        "use": "mobile", "value": "06 12",
    }  # fmt: skip
    answer = desk.post(address, sent, headers=BESIDE)
    assert answer.status_code == 400
    assert "n’est pas un numéro de téléphone" in answer.content.decode()


def test_a_parent_is_put_beside_a_child(
    child: Patient, jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    address = f"/patients/{child.pk}/related-people/new/"
    page = post(at_desk(alice), address, address, relation="parent", other=jeanne.pk)
    assert "Titulaire de l&#x27;autorité parentale" in page or "Titulaire de l’autorité" in page
    assert "Mineur :" not in page


def test_another_practice_s_patient_cannot_be_put_in_a_home(
    jeanne: Patient, port: House, charlie: Staff, alice: Staff, at_desk: Desk
) -> None:
    with scope.scope([port.practice.pk]):
        theirs = actions.register(
            practice=port.practice, by=charlie, at=NOW, birth_name="Le Goff", given_names="Ana",
            birth_date=date(1990, 1, 1), sex="F",
        )  # fmt: skip
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/household/"
    form = desk.get(address, headers=BESIDE).context["form"]
    sent = {"form_token": form["form_token"].value(), "version": 1, "other": theirs.pk}
    answer = desk.post(address, sent, headers=BESIDE)
    assert answer.status_code == 422
    assert "LE GOFF" not in answer.content.decode()


def test_an_identity_is_checked_and_the_check_taken_back(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/identity-check/"
    page = post(desk, address, address, document="passport")
    assert "Identité validée : Passeport, le" in page and "par Alice" in page
    undo = f"/patients/{jeanne.pk}/corrections/1/undo/"
    assert desk.post(undo, headers=BESIDE).status_code == 204
    assert desk.post(undo, headers=BESIDE).status_code == 409
    assert "Identité provisoire" in desk.get(f"/patients/{jeanne.pk}/").content.decode()


def test_a_vitale_card_is_refused_with_its_sentence(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk, address = at_desk(alice), f"/patients/{jeanne.pk}/identity-check/"
    form = desk.get(address, headers=BESIDE).context["form"]
    sent = {"form_token": form["form_token"].value(), "version": 1, "document": "vitale"}
    answer = desk.post(address, sent, headers=BESIDE)
    assert answer.status_code == 400
    assert "La carte Vitale n’est pas une pièce d’identité" in answer.content.decode()


def test_the_history_tells_each_correction_in_words(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    actions.correct(
        patient=jeanne, version=1, changes={"birth_date": date(1985, 3, 13), "is_deaf": True},
        by=alice, at=NOW,
    )  # fmt: skip
    page = at_desk(alice).get(f"/patients/{jeanne.pk}/history/").content.decode()
    for word in ("Date de naissance", "12/03/1985", "13/03/1985", "Sourd", "non", "oui", "Alice"):
        assert word in page
