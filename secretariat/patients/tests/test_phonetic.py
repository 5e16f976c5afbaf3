"""Names that a French ear cannot tell apart share a key."""

from __future__ import annotations

import pytest

from secretariat.patients.phonetic import LONGEST, sound


@pytest.mark.parametrize(
    "names",
    [
        "DUPONT DUPOND DUPONS",
        "LEFEVRE LEFEBVRE LEFEBURE LEFEUVRE",
        "PHILIPPE FILIPE FILIPPE",
        "MEUNIER MEUSNIER",
        "GAUTHIER GAUTIER GOTIER",
        "NGUYEN NUYEN NGUIEN",
        "THIBAULT THIBAUT THIBAUD TIBO",
        "RENAUD RENAULT RAYNAUD REYNAUD RENO",
        "MOREAU MORO MORAULT",
        "SCHMIDT SCHMITT CHMIT",
        "MULLER MUELLER",
        "HERVE ERVE",
        "QUENTIN KENTIN",
        "BOUCHER BOUCHET BOUCHEZ",
        "BENOIT BENOIST",
        "FRANCOIS FRANSOIS",
        "CHRISTOPHE KRISTOF",
        "BERTRAND BERTRAN",
        "CHESNAIS CHENAY",
        "LECLERC LECLERCQ LECLAIR",
        "HENRY HENRI ANRI",
        "GUERIN GUERRIN GHERIN",
        "JEAN JAN",
        "AGNES ANIES",
    ],
)
def test_what_sounds_alike_is_found_together(names: str) -> None:
    assert len({sound(name) for name in names.split()}) == 1


@pytest.mark.parametrize(
    "names",
    [
        "MARTIN MARTEL",
        "DUPONT DUPUIS",
        "PETIT POTIER",
        "MOREAU MOREL",
        "PAUL PAULINE",
        "ROUX ROUSSEL",
    ],
)
def test_what_sounds_different_stays_apart(names: str) -> None:
    one, other = names.split()
    assert sound(one) != sound(other)


def test_no_name_is_silent() -> None:
    for name in ("A", "LE", "DS", "TT", "EE", "HH", "S", "X" * 40):
        assert 0 <= len(sound(name)) <= LONGEST
    assert sound("LI") and sound("NG") and sound("EVE")
