"""A new file: searched first, created last, once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from secretariat.patients import actions, prefill
from secretariat.patients.models import ContactPoint, Patient, RelatedPerson
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Desk = Callable[[Staff], Client]
BESIDE = {"HX-Request": "true"}


def typed(**values: object) -> dict[str, object]:
    """The form of Jeanne Keller, as typed."""
    return {
        "form_token": str(uuid.uuid4()), "birth_name": "Keller", "given_names": "Jeanne Marie",
        "birth_date": "12 03 1985", "sex": "F", "mobile": "06 39 98 12 34",
        "mobile_messages": "on", "town": "Ville-Invention",
    } | values  # fmt: skip


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """Jeanne Keller is on file."""
    return actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip


def test_a_new_patient_is_created_and_told_to_the_open_call(alice: Staff, at_desk: Desk) -> None:
    answer = at_desk(alice).post("/patients/new/?call=c1", typed(), headers=BESIDE)
    patient = Patient.objects.get()
    assert (patient.birth_name, patient.birth_date) == ("KELLER", date(1985, 3, 12))
    assert ContactPoint.objects.get(patient=patient).accepts_messages
    told = json.loads(answer.headers["HX-Trigger"])["patientChosen"]
    assert told == {"id": patient.pk, "label": "KELLER Jeanne, 12/03/1985", "call": "c1"}
    assert "Identité provisoire" in answer.content.decode()


def test_a_form_sent_twice_makes_one_file(alice: Staff, at_desk: Desk) -> None:
    desk, form = at_desk(alice), typed()
    answers = [desk.post("/patients/new/", form, headers=BESIDE) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert Patient.objects.count() == 1


def test_without_script_the_new_file_opens_as_a_page(alice: Staff, at_desk: Desk) -> None:
    answer = at_desk(alice).post("/patients/new/", typed())
    assert answer.headers["Location"] == f"/patients/{Patient.objects.get().pk}/"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"birth_name": "Dup0nt"}, "contient"),
        ({"birth_name": ""}, "Le nom de naissance manque"),
        ({"birth_date": "31/02/1985"}, "n’est pas une date certaine"),
        ({"birth_date": "12/03/20"}, "écrivez jour, mois et année sur quatre chiffres"),
        ({"birth_date": ""}, "La date de naissance manque"),
        ({"birth_date": "12/03/2050"}, "n’est pas une date certaine"),
        ({"sex": ""}, "Indiquez le sexe"),
        ({"mobile": "06 12"}, "n’est pas un numéro de téléphone"),
        ({"email": "jeanne"}, "n’est pas une adresse de courriel"),
        ({"first_given_name": "Marie"}, "doit commencer par le premier"),
        ({"birth_place_code": "7505"}, "n’est pas un code INSEE"),
        ({"home_of": "999999"}, "Choisissez la personne dans la liste"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(
    alice: Staff, at_desk: Desk, wrong: dict[str, object], sentence: str
) -> None:
    answer = at_desk(alice).post("/patients/new/", typed(**wrong), headers=BESIDE)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="06 39 98 12 34"' in answer.content.decode() or "mobile" in wrong
    assert not Patient.objects.exists()


def test_likely_duplicates_show_while_typing(jeanne: Patient, alice: Staff, at_desk: Desk) -> None:
    asked = {"birth_name": "keler", "given_names": "jeanne", "birth_date": "12/3/1985"}
    page = at_desk(alice).get("/patients/new/duplicates/", asked).content.decode()
    assert "Un dossier ressemble déjà à celui-ci" in page
    assert f"/patients/{jeanne.pk}/" in page and "KELLER" in page


def test_nobody_alike_shows_nothing(jeanne: Patient, alice: Staff, at_desk: Desk) -> None:
    asked = {"birth_name": "Zorglub", "given_names": "Anne", "birth_date": "1/1/1950"}
    assert not at_desk(alice).get("/patients/new/duplicates/", asked).content.strip()


def test_the_same_person_is_refused_then_created_knowingly(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    desk, form = at_desk(alice), typed()
    answer = desk.post("/patients/new/", form, headers=BESIDE)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a déjà le dossier n° 1" in page and "créer quand même" in page
    again = desk.post("/patients/new/", form | {"despite_duplicates": "on"}, headers=BESIDE)
    assert again.status_code == 200 and "Homonyme" in again.content.decode()
    assert Patient.objects.count() == 2


def test_the_patient_meant_can_be_one_who_exists(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    answer = at_desk(alice).get(f"/patients/{jeanne.pk}/?chosen=1&call=c1", headers=BESIDE)
    told = json.loads(answer.headers["HX-Trigger"])["patientChosen"]
    assert (told["id"], told["call"]) == (jeanne.pk, "c1")


def test_a_child_is_put_in_the_mother_s_home_under_her_authority(
    jeanne: Patient, alice: Staff, at_desk: Desk
) -> None:
    child = typed(
        birth_name="Dupré", given_names="Paul", birth_date="02/01/2019", sex="M", mobile="",
        home_of=jeanne.pk, has_authority="on",
    )  # fmt: skip
    at_desk(alice).post("/patients/new/", child, headers=BESIDE)
    jeanne.refresh_from_db()
    paul = Patient.objects.get(birth_name="DUPRE")
    assert paul.household_id == jeanne.household_id is not None
    assert RelatedPerson.objects.get(patient=paul).person == jeanne


def test_a_foster_parent_who_is_no_patient_answers_for_a_child(alice: Staff, at_desk: Desk) -> None:
    child = typed(
        birth_date="02/01/2019", authority_name="Anne Moulin", authority_phone="0199001234"
    )
    at_desk(alice).post("/patients/new/", child, headers=BESIDE)
    beside = RelatedPerson.objects.get()
    assert (beside.name, beside.phone, beside.relation) == ("Anne Moulin", "+33199001234", "parent")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("dupont jean-marc 12/3/1985", {
            "birth_name": "dupont", "given_names": "jean-marc", "birth_date": "12/03/1985",
        }),
        ("0639981234", {"mobile": "06 39 98 12 34"}),
        ("le goff anne", {"birth_name": "le goff", "given_names": "anne"}),
        ("dupont", {"birth_name": "dupont"}),
        ("", {}),
        ("1234", {}),
    ],
)  # fmt: skip
def test_what_stood_in_the_search_box_begins_the_file(text: str, fields: dict[str, str]) -> None:
    assert prefill.fields({"typed": text}, TODAY) == fields


def test_the_sheet_opens_with_what_was_typed(alice: Staff, at_desk: Desk) -> None:
    page = at_desk(alice).get("/patients/new/?typed=zorglub+anne&fiche=f1", headers=BESIDE)
    assert 'value="zorglub"' in page.content.decode()
    assert 'id="f1-birth_name"' in page.content.decode()


def test_a_locum_opens_no_new_file(lefevre: Staff, at_desk: Desk) -> None:
    Staff.objects.filter(pk=lefevre.pk).update(withheld=["patients.write"])
    desk = at_desk(lefevre)
    assert desk.get("/patients/new/").status_code == 404
    assert desk.post("/patients/new/", typed()).status_code == 404
    assert not Patient.objects.exists()
