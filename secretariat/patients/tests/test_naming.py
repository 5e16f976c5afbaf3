"""Names as the civil registry writes them, and as the desk shows them."""

from __future__ import annotations

import pytest

from secretariat.patients import naming
from secretariat.patients.naming import NameRefused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Lefèvre", "LEFEVRE"),
        ("  de   la Tour ", "DE LA TOUR"),
        ("d’Œuvre", "D'OEUVRE"),
        ("D' Artagnan", "D'ARTAGNAN"),
        ("Martin - Dupont", "MARTIN-DUPONT"),
        ("Martin--Dupont", "MARTIN--DUPONT"),
        ("Łukasz", "LUKASZ"),
        ("Weiß", "WEISS"),
        ("Ngu\u0079e\u0302\u0303n", "NGUYEN"),
        ("'t Hooft", "'T HOOFT"),
        ("Le\u00a0Goff", "LE GOFF"),
    ],
)
def test_a_birth_name_is_written_without_accents_nor_ligatures(typed: str, kept: str) -> None:
    assert naming.strict_birth_name(typed) == kept
    assert naming.strict_birth_name(kept) == kept


@pytest.mark.parametrize("bad", ["0", "/", "²", "(", "½", "、", "И"])
def test_any_other_character_is_refused_and_named(bad: str) -> None:
    with pytest.raises(NameRefused) as refused:
        naming.strict_birth_name(f"Dup{bad}nt")
    assert f"contient «\u00a0{bad}\u00a0»" in refused.value.sentence
    assert "Le nom de naissance" in refused.value.sentence


@pytest.mark.parametrize("empty", ["", "   ", "-", "'"])
def test_an_empty_name_is_refused(empty: str) -> None:
    with pytest.raises(NameRefused, match="manque"):
        naming.strict_birth_name(empty)


def test_a_name_of_more_than_100_letters_is_refused() -> None:
    assert len(naming.strict_birth_name("A" * 100)) == 100
    with pytest.raises(NameRefused, match="100 caractères"):
        naming.strict_birth_name("A" * 101)


@pytest.mark.parametrize("typed", ["-Dupont", "O''Brien", "Martin---Dupont"])
def test_badly_joined_family_names_are_refused(typed: str) -> None:
    with pytest.raises(NameRefused):
        naming.strict_birth_name(typed)


@pytest.mark.parametrize("typed", ["Jean--Pierre", "Jean-", "Jean'"])
def test_a_given_name_has_no_double_hyphen_and_no_loose_end(typed: str) -> None:
    with pytest.raises(NameRefused):
        naming.strict_given_name(typed)


def test_given_names_are_a_list_even_when_typed_with_commas() -> None:
    assert naming.strict_given_names("Zoé, Anne-Marie,Louise") == "ZOE ANNE-MARIE LOUISE"


@pytest.mark.parametrize(
    ("names", "first", "kept"),
    [
        ("JEANNE MARIE", "", "JEANNE"),
        ("JEAN PIERRE LUC", "Jean-Pierre", "JEAN-PIERRE"),
        ("JEAN-PIERRE LUC", "Jean Pierre", "JEAN PIERRE"),
        ("N'GOLO", "n’golo", "N'GOLO"),
    ],
)
def test_the_first_given_name_begins_the_list(names: str, first: str, kept: str) -> None:
    assert naming.first_given_name(names, first) == kept


@pytest.mark.parametrize("first", ["Marie", "Jean", "Jeanne Luce"])
def test_another_first_given_name_is_refused(first: str) -> None:
    with pytest.raises(NameRefused, match="doit commencer"):
        naming.first_given_name("JEANNE MARIE", first)


def test_a_used_name_may_be_missing() -> None:
    assert naming.strict_used_name("  ") == ""
    assert naming.strict_used_name("Müller") == "MULLER"


def test_the_full_name_lets_nobody_be_mistaken() -> None:
    assert naming.full_name("KELLER", "JEANNE") == "KELLER Jeanne"
    assert naming.full_name("KELLER", "JEANNE", "MARTIN", sex="F") == "KELLER ép. MARTIN Jeanne"
    assert naming.full_name("KELLER", "PAUL", "MARTIN", sex="M") == "KELLER (dit MARTIN) Paul"
    assert naming.full_name("KELLER", "JEANNE", "", "JANE", "F") == "KELLER Jeanne (dite Jane)"
    assert naming.full_name("KELLER", "JEANNE", "KELLER", "JEANNE") == "KELLER Jeanne"


def test_a_discreet_screen_shows_initials() -> None:
    assert naming.initials(["Jean-Pierre", "MARTIN"]) == "J.-P. M."
