"""Make a file: search first, create last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.patients import actions
from secretariat.patients.actions import NewContactPoint
from secretariat.patients.models import Patient, SearchKey
from secretariat.patients.naming import NameRefused
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Register = Callable[..., Patient]


@pytest.fixture
def register(tilleuls: House, alice: Staff) -> Register:
    """Register Jeanne Keller, born 1985, or whoever differs from her."""

    def make(**traits: Any) -> Patient:
        given: dict[str, Any] = {
            "practice": tilleuls.practice, "by": alice, "at": NOW, "birth_name": "Keller",
            "given_names": "Jeanne Marie", "birth_date": date(1985, 3, 12), "sex": "F",
        } | traits  # fmt: skip
        return actions.register(**given)

    return make


def test_names_are_kept_as_the_registry_writes_them(register: Register) -> None:
    patient = register(birth_name="d’Œuvre", given_names="Zoé, Anaïs", used_name="Müller")
    assert (patient.birth_name, patient.given_names) == ("D'OEUVRE", "ZOE ANAIS")
    assert (patient.first_given_name, patient.used_name) == ("ZOE", "MULLER")
    assert patient.used_given_name == ""  # EXI ID 08: never filled by the system
    assert patient.identity_status == Patient.IdentityStatus.PROVISIONAL


def test_a_digit_in_a_name_is_refused_with_a_sentence(register: Register) -> None:
    with pytest.raises(NameRefused, match="Dup0nt"):
        register(birth_name="Dup0nt")
    assert not Patient.objects.exists()


def test_the_first_given_name_begins_the_list(register: Register) -> None:
    assert register(given_names="Jean Pierre Luc", first_given_name="jean-pierre").file_number == 1
    with pytest.raises(NameRefused, match="doit commencer"):
        register(given_names="Jean Pierre Luc", first_given_name="Luc")


@pytest.mark.parametrize("born", [date(2026, 11, 24), date(1879, 12, 31)])
def test_nobody_is_born_tomorrow_nor_before_1880(register: Register, born: date) -> None:
    with pytest.raises(BadInput, match="date de naissance"):
        register(birth_date=born)


def test_someone_born_this_morning_is_registered(register: Register) -> None:
    assert register(birth_date=date(2026, 11, 23)).pk


def test_a_text_longer_than_its_column_is_refused_with_its_french_name(register: Register) -> None:
    with pytest.raises(BadInput, match="« Commune » dépasse 80 caractères"):
        register(town="x" * 81)


def test_files_are_numbered_in_order(register: Register) -> None:
    numbers = [register(birth_name=name).file_number for name in ("Un", "Deux", "Trois")]
    assert numbers == [1, 2, 3]


def test_the_same_person_twice_is_refused_with_the_file_that_exists(register: Register) -> None:
    first = register()
    with pytest.raises(actions.LikelyDuplicate, match="dossier n° 1") as refused:
        register(birth_name="KELLER", given_names="jeanne")
    assert refused.value.facts["candidates"] == [first]
    assert Patient.objects.count() == 1


def test_two_people_with_one_name_are_both_marked_as_homonyms(register: Register) -> None:
    first = register()
    second = register(despite_duplicates=True)
    first.refresh_from_db()
    assert first.homonym and second.homonym
    assert second.file_number == 2


def test_a_phone_and_an_address_are_kept_with_their_consents(register: Register) -> None:
    patient = register(
        contact_points=[
            NewContactPoint("06 39 98 12 34", accepts_messages=True, holder="sa mère"),
            NewContactPoint("Jeanne@Exemple.FR", system="email"),
            NewContactPoint("0639981234"),
        ]
    )
    email, phone = patient.contact_points.order_by("system")
    assert (phone.value, phone.accepts_calls, phone.rank) == ("+33639981234", True, 1)
    assert (email.value, email.accepts_calls, email.accepts_messages) == (
        "jeanne@exemple.fr", False, False,
    )  # fmt: skip


def test_a_file_is_found_by_name_phone_and_number_at_once(register: Register) -> None:
    patient = register(contact_points=[NewContactPoint("06 39 98 12 34")])
    kept = set(SearchKey.objects.filter(patient=patient).values_list("key", flat=True))
    assert {"t:0639981234", "f:1"} < kept
    assert any(key.startswith("n:KELLER JEANNE") for key in kept)


def test_a_new_file_is_one_line_in_the_day_book(register: Register) -> None:
    patient = register(note="Ne veut pas être appelée chez elle")
    entry = Entry.objects.get(verb="patients.register")
    assert (entry.patient_id, entry.by_name) == (patient.pk, "Alice")
    assert "appelée" not in entry.detail


def test_a_locum_or_another_practice_s_secretary_registers_nobody(
    register: Register, port: House, charlie: Staff, lefevre: Staff
) -> None:
    with pytest.raises(NotAllowed):
        register(by=charlie)
    lefevre.withheld = ["patients.write"]
    with pytest.raises(NotAllowed):
        register(by=lefevre)
