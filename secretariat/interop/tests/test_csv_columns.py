"""Which column holds what, as proposed to the secretary."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from secretariat.interop.csv import columns, fields
from secretariat.interop.csv.reading import open_table
from secretariat.interop.csv.rows import Row

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 22)


def _mapping(name: str) -> dict[str, str]:
    table = open_table(FILES / name)
    return columns.mapping(columns.propose(table.header, table.sample(), TODAY))


def _proposed(header: list[str], *rows: tuple[str, ...]) -> dict[str, columns.Proposal]:
    numbered = [Row(number, cells) for number, cells in enumerate(rows, start=2)]
    return {found.column: found for found in columns.propose(header, numbered, TODAY)}


EXPECTED = {
    "doctolib.csv": {
        "id": "file_number",
        "gender": "sex",
        "last_name": "used_name",
        "maiden_name": "birth_name",
        "first_name": "given_names",
        "birthdate": "birth_date",
        "phone_number": "mobile_phone",
        "secondary_phone_number": "home_phone",
        "zipcode": "postcode",
    },
    "weda.csv": {
        "Civilité": "title",
        "Nom": "used_name",
        "Nom de jeune fille": "birth_name",
        "Date de naissance": "birth_date",
        "CP": "postcode",
        "Tél. portable": "mobile_phone",
        "Tél. domicile": "home_phone",
        "NSS": "nir",
        "Médecin traitant": "usual_doctor",
    },
    "medistory.txt": {"Né(e) le": "birth_date", "Tél.": "home_phone", "Portable": "mobile_phone"},
    "hellodoc.csv": {
        "N° DOSSIER": "file_number",
        "NOM": "used_name",
        "NOM_JF": "birth_name",
        "DATNAIS": "birth_date",
        "ADR1": "address",
        "ADR2": "address",
        "TEL": "home_phone",
        "TELPORT": "mobile_phone",
    },
    "unicode.txt": {"Patient": "full_name", "DDN": "birth_date", "Téléphone": "mobile_phone"},
    "openemr.csv": {
        "lname": "birth_name",
        "fname": "given_names",
        "mname": "given_names",
        "DOB": "birth_date",
        "phone_cell": "mobile_phone",
        "phone_biz": "work_phone",
        "ss": "nir",
    },
    "google.csv": {
        "First Name": "given_names",
        "Last Name": "birth_name",
        "Birthday": "birth_date",
        "Phone 1 - Value": "mobile_phone",
        "Address 1 - Postal Code": "postcode",
    },
    "outlook.csv": {
        "Nom": "birth_name",
        "Rue (domicile)": "address",
        "Code postal (domicile)": "postcode",
        "Téléphone (bureau)": "work_phone",
        "Anniversaire": "birth_date",
    },
    "tableur.xlsx": {
        "Nom de naissance": "birth_name",
        "Nom d'usage": "used_name",
        "Prénom(s)": "given_names",
        "Date de naissance": "birth_date",
        "Décédé": "deceased",
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_columns_of_an_export_are_recognised(name: str) -> None:
    found = _mapping(name)
    assert {column: found.get(column) for column in EXPECTED[name]} == EXPECTED[name]
    assert fields.check(found, open_table(FILES / name).header) == []


def test_labels_that_mean_something_else_are_left_alone() -> None:
    assert "Phone 1 - Label" not in _mapping("google.csv")
    assert "Phonetic First Name" not in _mapping("google.csv")
    assert "Rue (bureau)" not in _mapping("outlook.csv")


@pytest.mark.parametrize(
    "label", ["Nom du père", "Tél. du conjoint", "Prénom de l'assuré", "Adresse de l'employeur"]
)
def test_a_column_about_somebody_else_is_not_the_patient(label: str) -> None:
    found = _proposed([label, "Nom"], ("TILLOTE", "POIVRE"))[label]
    assert found.field is None
    assert "autre personne" in found.reason


def test_nom_alone_is_the_birth_name_but_says_it_must_be_checked() -> None:
    found = _proposed(["Nom", "Prénom"], ("TILLOTE", "Ève"))["Nom"]
    assert (found.field, found.confidence) == ("birth_name", 75)
    assert "vérifier" in found.reason


def test_nom_beside_nom_d_usage_is_the_birth_name() -> None:
    found = _proposed(["Nom", "Nom d’usage", "Prénom"], ("A", "B", "C"))
    assert (found["Nom"].field, found["Nom d’usage"].field) == ("birth_name", "used_name")


def test_prenom_beside_the_list_is_the_first_one_only_when_it_always_begins_it() -> None:
    header = ["Nom", "Prénom", "Prénoms"]
    first = _proposed(header, ("A", "Jean", "Jean Marc"), ("B", "Ève", "Ève Rose"))
    other = _proposed(header, ("A", "Marc", "Jean Marc"), ("B", "Rose", "Ève Rose"))
    assert first["Prénom"].field == "first_given_name"
    assert other["Prénom"].field == "used_given_name"


BIRTHS = ("12/03/1985", "01/05/1938", "23/04/2019", "30/06/1935", "17/05/1980")


def test_unnamed_columns_are_recognised_by_their_values() -> None:
    rows = [
        (birth, f"0639980{i:03}", f"p{i}@example.org", sex, "75011")
        for i, (birth, sex) in enumerate(zip(BIRTHS, "MFHFM", strict=True))
    ]
    found = _proposed(["a1", "b1", "c1", "d1", "e1"], *rows)
    assert [one.field for one in found.values()] == [
        "birth_date",
        "mobile_phone",
        "e_mail",
        "sex",
        "postcode",
    ]
    assert all(50 <= one.confidence <= 80 and one.reason for one in found.values())


def test_recent_dates_are_not_taken_for_births() -> None:
    rows = [(f"{day:02}/10/2026",) for day in range(1, 20)]
    assert _proposed(["Vu"], *rows)["Vu"].field is None


def test_a_label_that_its_values_deny_is_not_mapped_by_itself() -> None:
    rows = [("oui",), ("non",), ("peut-être",)]
    proposals = _proposed(["Date de naissance"], *rows)
    assert proposals["Date de naissance"].confidence < columns.ENOUGH
    assert "à vérifier" in proposals["Date de naissance"].reason
    assert columns.mapping(list(proposals.values())) == {}


def test_two_columns_never_feed_one_field_unless_it_takes_several() -> None:
    found = _proposed(["Ville", "Commune", "Notes", "Remarques"], ("Nice", "Nice", "a", "b"))
    assert [one.field for one in found.values()] == ["town", None, "notes", "notes"]
    assert "Ville" in found["Commune"].reason


def test_a_mapping_edited_by_a_person_is_checked() -> None:
    header = ("A", "B", "C")
    assert fields.check({"A": "birth_name", "B": "given_names", "C": "birth_date"}, header) == []
    said = fields.check({"A": "town", "B": "town", "Z": "colour"}, header)
    assert len(said) == 5
    assert any("Z" in sentence for sentence in said)
    assert any("Ville" in sentence for sentence in said)
