"""What an agenda entry is about, guessed prudently."""

from __future__ import annotations

from datetime import date

import pytest

from secretariat.interop.ical.guessing import Guess, guess

TODAY = date(2026, 11, 22)


def _guess(summary: str, description: str = "", *, all_day: bool = False) -> Guess:
    return guess(summary, description, all_day=all_day, today=TODAY)


@pytest.mark.parametrize(
    "summary",
    ["Réunion", "Réunion d'équipe", "Congés Dr Lefèvre", "Absent", "ABSENCE", "Déjeuner", "Fermé",
     "Cabinet fermé", "Formation DPC", "Ne pas prendre", "Pas de consultation", "Pause",
     "Visites à domicile", "EHPAD", "", "Visiteur médical"],
)  # fmt: skip
def test_time_taken_without_a_patient_is_a_block(summary: str) -> None:
    found = _guess(summary)
    assert found.kind == "block"
    assert found.reason.endswith(".")
    assert found.words == () and not found.sure_traits


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        ("TILLOTE Ève", ("TILLOTE", "Ève")),
        ("Mme Tillote", ("Tillote",)),
        ("Mme Tillote Ève - Consultation", ("Tillote", "Ève")),
        ("Consultation de suivi - BRINDAVOINE Amélie", ("BRINDAVOINE", "Amélie")),
        ("RDV : TILLOTE Ève – suivi", ("TILLOTE", "Ève")),
        ("M. d'Échauffour (certificat)", ("d'Échauffour",)),
        ("VAD Mme POIVRE", ("POIVRE",)),
        ("GARÉTOILE Amélie (12/03/1985) 06 39 98 00 01", ("GARÉTOILE", "Amélie")),
    ],
)
def test_a_visit_gives_the_words_of_its_name(summary: str, words: tuple[str, ...]) -> None:
    found = _guess(summary)
    assert (found.kind, found.words) == ("visit", words)


def test_a_name_alone_is_never_certain() -> None:
    assert not _guess("TILLOTE Ève").sure_traits
    assert not _guess("Mme Tillote Ève - Consultation").sure_traits
    assert not _guess("RDV", "Nom : TILLOTE\nPrénom : Ève").sure_traits


def test_a_single_word_is_not_certain_even_with_a_telephone() -> None:
    assert not _guess("Léo 06 39 98 00 01").sure_traits


@pytest.mark.parametrize(
    "summary",
    ["TILLOTE Ève 01/02/1990", "TILLOTE Ève né le 1/2/90", "TILLOTE Ève (née le 1er février 1990)"],
)
def test_a_name_with_a_birth_date_may_be_certain(summary: str) -> None:
    found = _guess(summary)
    assert found.birth_date == date(1990, 2, 1)
    assert found.sure_traits


def test_a_labelled_description_is_read() -> None:
    found = _guess(
        "Rendez-vous",
        "Nom : TILLOTE\nPrénom : Ève\nNé(e) le : 01/02/1990\nTéléphone : 06 39 98 00 91\n"
        "Motif : vaccin grippe",
    )
    assert (found.kind, found.name, found.given_name) == ("visit", "TILLOTE", "Ève")
    assert (found.birth_date, found.phones) == (date(1990, 2, 1), ("+33639980091",))
    assert found.visit_reason == "vaccin grippe"
    assert found.sure_traits


def test_the_date_of_an_operation_is_not_a_birth_date() -> None:
    assert _guess("TILLOTE Ève", "opérée le 03/09/2024").birth_date is None
    assert _guess("TILLOTE Ève contrôle 15/10/2026").birth_date is None


def test_a_whole_day_is_a_block_unless_a_patient_is_named() -> None:
    assert _guess("TILLOTE Ève", all_day=True).kind == "block"
    assert _guess("Hôpital", "Patient : TILLOTE Ève", all_day=True).kind == "visit"


def test_an_unclear_title_stays_unknown() -> None:
    found = _guess("truc à voir")
    assert found.kind == "unknown"
    assert found.reason


def test_huge_texts_are_guessed_quickly() -> None:
    assert _guess("a " * 50_000, "Nom : " + "b" * 100_000).kind in {"visit", "unknown"}
