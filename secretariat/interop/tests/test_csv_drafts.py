"""Rows that become people, and the file of those that do not."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from secretariat.interop.csv import columns
from secretariat.interop.csv.drafts import Draft, Drafter, Person
from secretariat.interop.csv.errors import ErrorFile, harmless, opened
from secretariat.interop.csv.reading import open_table
from secretariat.interop.csv.rows import Row

FILES = Path(__file__).parent / "files"
TODAY = date(2026, 11, 22)


def _drafts(name: str) -> list[Draft]:
    table = open_table(FILES / name)
    mapping = columns.mapping(columns.propose(table.header, table.sample(), TODAY))
    drafter = Drafter(table.header, mapping, TODAY)
    return [drafter.draft(row) for row in table.rows()]


def _draft(**cells: str) -> Draft:
    """A draft of one row whose columns are named after their fields."""
    mapping = {key: key for key in cells}
    drafter = Drafter(tuple(cells), mapping, TODAY)
    return drafter.draft(Row(7, tuple(cells.values())))


SOUND = {"birth_name": "Garétoile", "given_names": "Amélie", "birth_date": "12/03/1985"}


def _person(**cells: str) -> Person:
    draft = _draft(**(SOUND | cells))
    assert draft.person is not None, draft.problems
    return draft.person


@pytest.mark.parametrize(
    "name",
    ["doctolib.csv", "weda.csv", "medistory.txt", "hellodoc.csv", "unicode.txt", "openemr.csv",
     "google.csv", "outlook.csv", "tableur.xlsx"],
)  # fmt: skip
def test_everybody_in_an_ordinary_export_is_taken(name: str) -> None:
    drafts = _drafts(name)
    assert len(drafts) >= 2
    assert [draft.problems for draft in drafts] == [()] * len(drafts)
    assert all(draft.person and draft.person.phones for draft in drafts)


def test_identity_traits_follow_the_naming_rules() -> None:
    first = _drafts("doctolib.csv")[0].person
    assert first is not None
    assert (first.birth_name, first.used_name) == ("GARETOILE", "BRINDAVOINE")
    assert (first.given_names, first.first_given_name) == ("AMELIE", "AMELIE")
    assert (first.birth_date, first.sex) == (date(1985, 3, 12), "F")
    second = _drafts("doctolib.csv")[1].person
    assert second is not None
    assert (second.given_names, second.first_given_name) == ("THEO MARIN", "THEO")
    assert second.used_given_name == ""


def test_a_woman_without_birth_name_is_taken_with_a_remark_and_a_man_without_one() -> None:
    woman = _draft(**(SOUND | {"birth_name": "", "used_name": "Tillote", "sex": "F"}))
    man = _draft(**(SOUND | {"birth_name": "", "used_name": "Tillote", "sex": "M"}))
    assert woman.person is not None and woman.person.birth_name == "TILLOTE"
    assert woman.person.used_name == ""
    assert ["à vérifier" in remark for remark in woman.remarks] == [True]
    assert man.person is not None and man.remarks == ()


@pytest.mark.parametrize(
    ("written", "name", "given"),
    [
        ("DE LA VERRIÈRE Jean-Loup", "DE LA VERRIERE", "JEAN-LOUP"),
        ("Jean-Loup DE LA VERRIÈRE", "DE LA VERRIERE", "JEAN-LOUP"),
        ("Tillote, Ève Rose", "TILLOTE", "EVE ROSE"),
        ("TILLOTE EVE", "TILLOTE", "EVE"),
    ],
)
def test_name_and_given_name_written_together(written: str, name: str, given: str) -> None:
    draft = _draft(full_name=written, birth_date="12/03/1985")
    assert draft.person is not None
    assert (draft.person.birth_name, draft.person.given_names) == (name, given)


def test_three_words_without_capitals_are_not_guessed() -> None:
    assert _draft(full_name="Anne Marie Tillote", birth_date="12/03/1985").person is None


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"birth_name": ""}, "nom manque"),
        ({"given_names": "-"}, "prénom manque"),
        ({"birth_date": ""}, "date de naissance manque"),
        ({"birth_date": "32/01/1985"}, "n’existe pas"),
        ({"birth_name": "Garétoile 2"}, "Garétoile 2"),
        ({"birth_name": "X" * 1_000_000}, "1000000 caractères"),
        ({"first_given_name": "Lou"}, "doit commencer par"),
    ],
)
def test_without_a_sure_identity_nobody_is_created(cells: dict[str, str], said: str) -> None:
    draft = _draft(**(SOUND | cells))
    assert draft.person is None
    assert any(problem.blocking for problem in draft.problems)
    assert any(said in problem.sentence for problem in draft.problems)


def test_a_wrong_telephone_is_reported_but_the_patient_is_taken() -> None:
    draft = _draft(**SOUND, mobile_phone="06 39", home_phone="01 99 00 00 01", e_mail="néant")
    assert draft.person is not None
    assert [phone.number for phone in draft.person.phones] == ["+33199000001"]
    assert [(problem.column, problem.blocking) for problem in draft.problems] == [
        ("mobile_phone", False)
    ]


def test_sex_comes_from_the_title_and_a_child_s_title_says_nothing() -> None:
    assert _person(title="Mme").sex == "F"
    assert _person(title="Enfant").sex == "I"
    assert _person(title="Mme", sex="M").sex == "M"


def test_several_columns_of_given_names_address_and_notes_are_joined() -> None:
    header = ("Nom", "Prénom", "Prénom 2", "Né le", "Rue", "Complément", "Note", "Alerte")
    keys = ("birth_name", "given_names", "given_names", "birth_date", "address", "address")
    mapping = dict(zip(header, (*keys, "notes", "notes"), strict=True))
    cells = ("Tillote", "Ève", "Ève Rose", "1/2/1990", "1 rue A", "bât. B", "sourde\nun peu", "x")
    person = Drafter(header, mapping, TODAY).draft(Row(2, cells)).person
    assert person is not None
    assert person.given_names == "EVE ROSE"
    assert person.address == ("1 rue A", "bât. B")
    assert person.notes == "sourde\nun peu\nx"


def test_death_is_read_from_a_word_or_a_date() -> None:
    assert _person(deceased="oui").deceased is True
    assert _person(deceased="non").deceased is False
    dated = _person(deceased="03/04/2020")
    assert (dated.deceased, dated.death_date) == (True, date(2020, 4, 3))
    both = _person(deceased="non", death_date="03/04/2020")
    assert both.deceased is True
    early = _draft(**SOUND, death_date="03/04/1970")
    assert early.person is not None and early.person.death_date is None
    assert "précède" in early.problems[0].sentence


def test_an_unknown_day_of_birth_is_kept_by_the_rule_and_remarked() -> None:
    draft = _draft(**(SOUND | {"birth_date": "00/00/1950"}))
    assert draft.person is not None and draft.person.birth_date == date(1950, 12, 31)
    assert "31 décembre" in draft.remarks[0]


# -- the file of errors --------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(start: str) -> None:
    assert harmless(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_the_error_file_opens_in_a_french_excel_and_can_be_imported_again(tmp_path: Path) -> None:
    table = open_table(FILES / "abime.csv")
    mapping = columns.mapping(columns.propose(table.header, table.sample(), TODAY))
    drafter = Drafter(table.header, mapping, TODAY)
    path = tmp_path / "erreurs.csv"
    with opened(path) as stream:
        errors = ErrorFile(stream, table.header)
        for row in table.rows():
            draft = drafter.draft(row)
            if draft.problems:
                errors.add(row, draft.problems)
    assert errors.count == 5
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfLigne du fichier;Probl\xc3\xa8me;Nom;")
    assert content.count(b"\r\n") == 6
    again = open_table(path)
    assert again.header[2:6] == table.header
    assert [row.cells[0] for row in again.rows()] == ["3", "4", "5", "6", "7"]


def test_a_formula_of_the_imported_file_does_not_run_from_the_error_file() -> None:
    stream = io.StringIO()
    errors = ErrorFile(stream, ("Nom", "=1+1"))
    draft = _draft(**(SOUND | {"birth_name": "=HYPERLINK(1)"}))
    errors.add(Row(7, ('=HYPERLINK("x")', "+33639980001")), draft.problems)
    header, line = csv.reader(io.StringIO(stream.getvalue()), delimiter=";")
    assert header[3] == "'=1+1"
    assert line[2:] == ['\'=HYPERLINK("x")', "'+33639980001"]
