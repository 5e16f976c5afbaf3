"""Cells of other programs, read as a secretary would read them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from secretariat.interop.csv import values
from secretariat.interop.csv.dates import past_date, unknown_day
from secretariat.interop.csv.refusals import BadValue
from secretariat.interop.csv.rows import Cell

TODAY = date(2026, 11, 22)
MARCH_12 = date(1985, 3, 12)


@pytest.mark.parametrize(
    "written",
    [
        "12/03/1985", "12/3/85", "12-03-1985", "12.03.1985", "12 03 1985", "1985-03-12",
        "1985/03/12", "19850312", "12031985", "12 mars 1985", "12 MARS 85", "12-mars-1985",
        "mardi 12 mars 1985", "31118", "12/03/1985 00:00:00", "12/03/1985 00:00",
        "1985-03-12T00:00:00Z", "1985-03-11T23:00:00.000Z", " 12/03/1985 ", MARCH_12,
        datetime(1985, 3, 12, 10, 30),
    ],
)  # fmt: skip
def test_a_birth_date_is_read_in_every_usual_form(written: Cell) -> None:
    assert past_date(written, TODAY) == MARCH_12


@pytest.mark.parametrize(
    ("written", "year"),
    [("22/11/26", 2026), ("23/11/26", 1926), ("01/01/24", 2024), ("31/12/40", 1940)],
)
def test_two_figures_of_year_never_mean_the_future(written: str, year: int) -> None:
    found = past_date(written, TODAY)
    assert found is not None and found.year == year


@pytest.mark.parametrize("word", ["1er août 2001", "1 aout 2001", "1 août 01", "1 Aug 2001"])
def test_months_are_read_with_or_without_accents(word: str) -> None:
    assert past_date(word, TODAY) == date(2001, 8, 1)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("23/11/2026", "futur"),
        ("2050-01-01", "futur"),
        ("01/01/1870", "ancienne"),
        ("31/02/1999", "n’existe pas"),
        ("03/25/1985", "inversés"),
        ("1985", "année"),
        ("demain", "pas une date"),
        ("12/03", "pas une date"),
        ("9" * 5000, "pas une date"),
        ("0001-01-01T00:00:00+14:00", "n’existe pas"),
    ],
)
def test_a_doubtful_date_is_refused_with_its_reason(written: str, said: str) -> None:
    with pytest.raises(BadValue, match=said) as refused:
        past_date(written, TODAY)
    assert len(refused.value.sentence) < 120


def test_unknown_day_and_month_follow_the_identity_rule() -> None:
    assert unknown_day("00/03/1950", TODAY) == (
        date(1950, 3, 1),
        "jour de naissance inconnu, enregistré au 1er du mois",
    )
    both = unknown_day("1950-00-00", TODAY)
    assert both is not None and both[0] == date(1950, 12, 31)
    assert unknown_day("12/03/1950", TODAY) is None


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        ("M", "M"), ("h", "M"), ("Homme", "M"), ("Masculin", "M"), ("M.", "M"), ("1", "M"),
        ("F", "F"), ("Féminin", "F"), ("Mme", "F"), ("Mlle.", "F"), ("2", "F"), ("female", "F"),
        ("Indéterminé", "I"), ("", None),
    ],
)  # fmt: skip
def test_sex_is_read_from_a_sex_or_a_title(written: str, sex: str | None) -> None:
    assert values.sex(written) == sex


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("06 39 98 00 01", ["+33639980001"]),
        ("06.39.98.00.01", ["+33639980001"]),
        ("639980001", ["+33639980001"]),
        ("+33 (0)6 39 98 00 01", ["+33639980001"]),
        ("0033639980001", ["+33639980001"]),
        ("'+33639980001", ["+33639980001"]),
        ("06 39 98 00 01 (sa fille)", ["+33639980001"]),
        ("0639980001 0199000002", ["+33639980001", "+33199000002"]),
        ("06/39/98/00/01 ou 01-99-00-00-02", ["+33639980001", "+33199000002"]),
        ("01 99 00 00 02 poste 12", ["+33199000002"]),
        ("0692123456", ["+262692123456"]),
        ("+44 7700 900123", ["+447700900123"]),
        ("néant", []),
        ("", []),
    ],
)
def test_telephone_numbers_become_international(written: str, numbers: list[str]) -> None:
    assert [phone.number for phone in values.phones(written, "home")] == numbers


def test_a_mobile_is_a_mobile_whatever_the_column_says() -> None:
    assert values.phones("06 39 98 00 01", "home")[0].use == "mobile"
    assert values.phones("01 99 00 00 01", "mobile")[0].use == "home"
    assert values.phones("01 99 00 00 01", "work")[0].use == "work"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("06 39 98", "pas un numéro"),
        ("voir sa mère", "pas un numéro"),
        ("6,39E+08", "tableur a abîmé"),
        ("1" * 150, "pas un numéro"),
    ],
)
def test_a_wrong_number_is_refused(written: str, said: str) -> None:
    with pytest.raises(BadValue, match=said):
        values.phones(written, "home")


@pytest.mark.parametrize(
    ("written", "country", "postcode"),
    [
        ("1000", "", "01000"),
        ("75011", "France", "75011"),
        ("F-75011", "FR", "75011"),
        ("75011 CEDEX 02", "", "75011"),
        ("1000", "Belgique", "1000"),
        ("SW1A 1AA", "GB", "SW1A 1AA"),
    ],
)
def test_a_postcode_finds_its_lost_zero_again(written: str, country: str, postcode: str) -> None:
    assert values.postcode(written, country) == postcode


def test_a_foreign_postcode_without_its_country_is_refused() -> None:
    with pytest.raises(BadValue, match="code postal"):
        values.postcode("SW1A 1AA")


def test_birth_place_codes() -> None:
    assert values.birth_place_code("2a004") == "2A004"
    assert values.birth_place_code("1053") == "01053"
    assert values.birth_place_code("99100") == "99100"
    with pytest.raises(BadValue):
        values.birth_place_code("Paris")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("Lou@Example.org ", "lou@example.org"),
        ("mailto:lou+rdv@example.co.uk", "lou+rdv@example.co.uk"),
        ("NC", ""),
    ],
)
def test_an_address_is_kept_in_lower_case(written: str, address: str) -> None:
    assert values.e_mail(written) == address


@pytest.mark.parametrize(
    "written", ["lou", "a@b", "a b@example.org", "a@example.org, b@example.org", "a@ex..org"]
)
def test_what_is_not_an_address_is_refused(written: str) -> None:
    with pytest.raises(BadValue, match="adresse électronique"):
        values.e_mail(written)


def test_a_second_line_cannot_be_smuggled_into_an_address() -> None:
    with pytest.raises(BadValue):
        values.e_mail("lou@example.org\r\nBcc: x@example.org")


def test_social_security_numbers() -> None:
    assert values.nir("1 80 01 2A 001 001") == "180012A00100161"
    assert values.nir("180012A00100161") == "180012A00100161"
    assert values.nir("2 55 55 55 123 030") == "2555555123030"
    for wrong in ("180012A00100162", "1234", "2,80037E+14"):
        with pytest.raises(BadValue):
            values.nir(wrong)


def test_text_loses_what_could_deceive_the_eye_and_is_bounded() -> None:
    assert values.text("  a\u202eb\x00\x07\nc\t d ") == "ab c d"
    assert values.paragraphs("a\r\nb\rc") == "a\nb\nc"
    assert values.text("'=1+1") == "=1+1"
    with pytest.raises(BadValue, match="1000000 caractères"):
        values.text("x" * 1_000_000)


def test_na_is_a_name_and_not_a_missing_value() -> None:
    assert values.name("NA") == "NA"
    assert values.text("NA") == ""
