"""What the one search box understands."""

from __future__ import annotations

from datetime import date

import pytest

from secretariat.patients.typed import Birth, Typed, parse

TODAY = date(2026, 11, 23)


def read(text: str) -> Typed:
    return parse(text, TODAY)


def births(text: str) -> set[Birth]:
    return {birth for number in read(text).numbers for birth in number.births}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Martin jea", "MARTIN JEA"),
        ("Jean-Pierre", "JEAN PIERRE"),
        ("LEFÈVRE  Zoé", "LEFEVRE ZOE"),
        ("d’Arc", "DARC"),
        ("J. Martin", "J MARTIN"),
        ("de la Tour", "DE LA TOUR"),
        ("Mme Keller née Martin", "KELLER MARTIN"),
        ("M. Keller", "KELLER"),
        ("Keller ép. Martin", "KELLER MARTIN"),
        ("Neveu Nicolas", "NEVEU NICOLAS"),
        ("Mars Avril", "MARS AVRIL"),
        ("<script>", "SCRIPT"),
    ],
)
def test_name_fragments_in_any_order(typed: str, words: str) -> None:
    assert read(typed).words == tuple(words.split())


USUAL_FORMS = (
    "12/03/1985|12/3/85|12.03.85|12-03-1985|12 03 1985|120385|12031985|1985-03-12|19850312"
    "|12 mars 85|12 mars 1985|née le 12/03/1985"
)


@pytest.mark.parametrize("typed", USUAL_FORMS.split("|"))
def test_a_birth_date_in_any_usual_form(typed: str) -> None:
    assert Birth(1985, 3, 12) in births(typed)
    assert not read(typed).words


def test_pieces_of_a_birth_date() -> None:
    assert births("12/03") == {Birth(0, 3, 12)}
    assert births("03/1985") == {Birth(1985, 3)}
    assert Birth(1985) in births("1985")
    assert Birth(1985) in births("85")
    assert births("1er mai") == {Birth(0, 5, 1)}
    assert births("29/02") == {Birth(0, 2, 29)}


def test_a_month_without_a_day_is_somebody_s_name() -> None:
    assert read("avril 1985").words == ("AVRIL",)
    assert Birth(1985) in births("avril 1985")


def test_two_digits_are_both_centuries_but_never_the_future() -> None:
    assert births("1/1/20") == {Birth(2020, 1, 1), Birth(1920, 1, 1)}
    assert births("1/1/30") == {Birth(1930, 1, 1)}
    assert births("24/11/26") == {Birth(1926, 11, 24)}


@pytest.mark.parametrize("typed", ["32/01/1985", "31/02/1985", "12/13/1985", "12/03/2030"])
def test_impossible_dates_are_no_birth(typed: str) -> None:
    assert not births(typed)


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0612345678", "0612345678"),
        ("06 12 34 56 78", "0612345678"),
        ("06.12.34.56.78", "0612345678"),
        ("06 12 34", "061234"),
        ("+33 6 12 34 56 78", "0612345678"),
        ("+33 (0)6 12", "0612"),
        ("0033612345678", "0612345678"),
        ("5678", "5678"),
        ("+41 22 345 67 89", "41223456789"),
    ],
)
def test_a_phone_however_written(typed: str, phone: str) -> None:
    assert [number.phone for number in read(typed).numbers] == [phone]


def test_a_phone_may_also_be_a_date() -> None:
    (number,) = read("06 12 34").numbers
    assert number.phone == "061234"
    assert Birth(1934, 12, 6) in number.births


def test_file_number_and_matricule() -> None:
    assert [n.file_number for n in read("dossier 0123").numbers] == ["123"]
    assert [n.file_number for n in read("n°42").numbers] == ["42"]
    assert [n.matricule for n in read("2 77 01 01 154 003 29").numbers] == ["2770101154003"]
    assert [n.matricule for n in read("277010115400329").numbers] == ["2770101154003"]


def test_everything_together() -> None:
    typed = read("martin jea 12/03/1985 06 12")
    assert typed.words == ("MARTIN", "JEA")
    assert [n.births for n in typed.numbers[:1]] == [(Birth(1985, 3, 12),)]
    assert typed.numbers[1].phone == "0612"
    assert [n.phone for n in read("keller 1985 0612345678").numbers] == ["1985", "0612345678"]


@pytest.mark.parametrize("typed", ["", "   ", "?!", "%_", "…", "\x00", "é" * 500, "1" * 500])
def test_nothing_typed_ever_breaks(typed: str) -> None:
    parse(typed, TODAY)
