"""Correct a file: history kept, lost updates refused with the difference."""

from __future__ import annotations

from datetime import date

import pytest

from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.patients import actions
from secretariat.patients.actions import Difference, NewContactPoint
from secretariat.patients.models import ContactPoint, Patient, PatientRevision, SearchKey
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """Jeanne Keller, born 1985, with one mobile."""
    return actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F", contact_points=[NewContactPoint("0639981234")],
    )  # fmt: skip


def keys_of(patient: Patient) -> set[str]:
    return set(SearchKey.objects.filter(patient=patient).values_list("key", flat=True))


def test_a_correction_keeps_what_the_file_said_before(jeanne: Patient, alice: Staff) -> None:
    corrected = actions.correct(
        patient=jeanne, version=1, changes={"town": "Ville-Invention", "used_name": "Dupré"},
        by=alice, at=NOW,
    )  # fmt: skip
    assert (corrected.town, corrected.used_name, corrected.version) == (
        "Ville-Invention", "DUPRE", 2,
    )  # fmt: skip
    kept = PatientRevision.objects.get(patient=jeanne)
    assert kept.changes == {"town": ["", "Ville-Invention"], "used_name": ["", "DUPRE"]}
    assert (kept.version, kept.by_name) == (1, "Alice")
    assert Entry.objects.filter(verb="patients.correct", patient_id=jeanne.pk).count() == 1


def test_a_corrected_name_is_found_and_the_old_one_no_more(jeanne: Patient, alice: Staff) -> None:
    actions.correct(patient=jeanne, version=1, changes={"birth_name": "Kessler"}, by=alice, at=NOW)
    assert any(key.startswith("n:KESSLER") for key in keys_of(jeanne))
    assert not any(key.startswith("n:KELLER") for key in keys_of(jeanne))


def test_nothing_changed_is_no_correction(jeanne: Patient, alice: Staff) -> None:
    same = actions.correct(
        patient=jeanne, version=1, changes={"birth_name": "keller"}, by=alice, at=NOW
    )
    assert same.version == 1
    assert not PatientRevision.objects.exists()


def test_the_second_writer_gets_the_difference_and_overwrites_nothing(
    jeanne: Patient, alice: Staff, zoe: Staff
) -> None:
    actions.correct(
        patient=jeanne, version=1, changes={"town": "Lune", "postcode": "75000"}, by=zoe, at=NOW
    )
    with pytest.raises(actions.ChangedMeanwhile, match="rien n’a été écrasé") as refused:
        actions.correct(
            patient=jeanne, version=1, changes={"town": "Mars", "note": "Appeler tard"},
            by=alice, at=NOW,
        )  # fmt: skip
    assert refused.value.facts["differences"] == [
        Difference("town", before="", theirs="Lune", yours="Mars"),
        Difference("postcode", before="", theirs="75000", yours=None),
        Difference("note", before="", theirs="", yours="Appeler tard"),
    ]
    jeanne.refresh_from_db()
    assert (jeanne.town, jeanne.note, jeanne.version) == ("Lune", "", 2)


def test_a_passport_validates_an_identity(jeanne: Patient, alice: Staff) -> None:
    checked = actions.verify_identity(
        patient=jeanne, version=1, document="passport", by=alice, at=NOW
    )
    assert checked.identity_status == Patient.IdentityStatus.VALIDATED
    assert (checked.identity_document, checked.identity_checked_by) == ("Passeport", alice.pk)


@pytest.mark.parametrize("document", ["vitale", "driving_licence", "", "inventé"])
def test_a_vitale_card_is_no_identity_document(
    jeanne: Patient, alice: Staff, document: str
) -> None:
    with pytest.raises(actions.NotAnIdentityDocument, match="pièce"):
        actions.verify_identity(patient=jeanne, version=1, document=document, by=alice, at=NOW)
    jeanne.refresh_from_db()
    assert jeanne.identity_status == Patient.IdentityStatus.PROVISIONAL


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"birth_date": date(1985, 3, 13)}, "PROV"), ({"town": "Lune"}, "VALI")],
)
def test_a_corrected_strict_trait_makes_the_identity_provisional_again(
    jeanne: Patient, alice: Staff, changes: actions.Details, status: str
) -> None:
    actions.verify_identity(patient=jeanne, version=1, document="passport", by=alice, at=NOW)
    corrected = actions.correct(patient=jeanne, version=2, changes=changes, by=alice, at=NOW)
    assert corrected.identity_status == status
    assert bool(corrected.identity_document) == (status == "VALI")


def test_correcting_the_given_names_corrects_the_first_one(jeanne: Patient, alice: Staff) -> None:
    corrected = actions.correct(
        patient=jeanne, version=1, changes={"given_names": "Anne Jeanne"}, by=alice, at=NOW
    )
    assert corrected.first_given_name == "ANNE"


def test_a_correction_that_makes_a_homonym_says_so_on_both_files(
    jeanne: Patient, tilleuls: House, alice: Staff
) -> None:
    other = actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Kelle", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip
    fixed = actions.correct(
        patient=other, version=1, changes={"birth_name": "Keller"}, by=alice, at=NOW
    )
    jeanne.refresh_from_db()
    assert fixed.homonym and jeanne.homonym


def test_a_new_phone_is_found_and_a_removed_one_is_not(jeanne: Patient, alice: Staff) -> None:
    actions.add_contact_point(
        patient=jeanne, version=1, point=NewContactPoint("01 99 00 12 34", use="home"),
        by=alice, at=NOW,
    )  # fmt: skip
    mobile = ContactPoint.objects.get(patient=jeanne, use="mobile")
    actions.remove_contact_point(contact_point=mobile, version=2, by=alice, at=NOW)
    assert "t:0199001234" in keys_of(jeanne)
    assert "t:0639981234" not in keys_of(jeanne)
    added, removed = jeanne.revisions.order_by("version")
    assert added.changes["contact_point"][0] is None
    assert removed.changes["contact_point"][1] is None


def test_the_same_number_is_not_added_twice(jeanne: Patient, alice: Staff) -> None:
    with pytest.raises(actions.AlreadyThere):
        actions.add_contact_point(
            patient=jeanne, version=1, point=NewContactPoint("+33 6 39 98 12 34"), by=alice, at=NOW
        )


def test_a_consent_taken_back_is_a_correction(jeanne: Patient, alice: Staff) -> None:
    mobile = ContactPoint.objects.get(patient=jeanne)
    point = NewContactPoint("0639981234", accepts_calls=False, accepts_messages=True)
    changed = actions.change_contact_point(
        contact_point=mobile, version=1, point=point, by=alice, at=NOW
    )
    mobile.refresh_from_db()
    assert (mobile.accepts_calls, mobile.accepts_messages, changed.version) == (False, True, 2)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.remove_contact_point(contact_point=mobile, version=1, by=alice, at=NOW)
    assert ContactPoint.objects.filter(pk=mobile.pk).exists()


def test_one_phone_finds_the_mother_and_her_three_children(
    jeanne: Patient, tilleuls: House, alice: Staff
) -> None:
    children = [
        actions.register(
            practice=tilleuls.practice, by=alice, at=NOW, birth_name="Dupré", given_names=name,
            birth_date=date(2019, 1, 1), sex="I",
            household=actions.open_household(patient=jeanne, by=alice, at=NOW),
        )
        for name in ("Un", "Deux", "Trois")
    ]  # fmt: skip
    found = SearchKey.objects.filter(key="t:0639981234").values_list("patient_id", flat=True)
    assert sorted(found) == sorted([jeanne.pk, *(child.pk for child in children)])
    actions.leave_household(patient=children[0], version=1, by=alice, at=NOW)
    assert "t:0639981234" not in keys_of(children[0])
    assert "t:0639981234" in keys_of(children[1])


def test_when_the_mother_leaves_the_home_her_phone_leaves_with_her(
    jeanne: Patient, tilleuls: House, alice: Staff
) -> None:
    child = actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Dupré", given_names="Un",
        birth_date=date(2019, 1, 1), sex="M",
    )  # fmt: skip
    child = actions.join_household(patient=child, version=1, other=jeanne, by=alice, at=NOW)
    assert "t:0639981234" in keys_of(child)
    actions.leave_household(patient=jeanne, version=2, by=alice, at=NOW)
    assert "t:0639981234" not in keys_of(child)


def test_who_holds_parental_authority_is_a_patient_or_a_name(
    jeanne: Patient, tilleuls: House, alice: Staff
) -> None:
    child = actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Dupré", given_names="Un",
        birth_date=date(2019, 1, 1), sex="M",
    )  # fmt: skip
    actions.add_related_person(
        patient=child, version=1, relation="parent", person=jeanne, by=alice, at=NOW
    )
    actions.add_related_person(
        patient=child, version=2, relation="parent", name="Paul Dupré", phone="0639980000",
        by=alice, at=NOW,
    )  # fmt: skip
    mother, father = child.related_people.order_by("pk")
    assert (mother.person, father.name, father.phone) == (jeanne, "Paul Dupré", "+33639980000")
    with pytest.raises(actions.NotRelated):
        actions.add_related_person(
            patient=child, version=3, relation="parent", person=child, by=alice, at=NOW
        )
    with pytest.raises(BadInput):
        actions.add_related_person(patient=child, version=3, relation="parent", by=alice, at=NOW)


def test_a_death_is_written_and_taken_back(jeanne: Patient, alice: Staff) -> None:
    with pytest.raises(BadInput):
        actions.record_death(patient=jeanne, version=1, on=date(2027, 1, 1), by=alice, at=NOW)
    dead = actions.record_death(patient=jeanne, version=1, on=date(2026, 11, 1), by=alice, at=NOW)
    assert dead.deceased_on == date(2026, 11, 1)
    alive = actions.record_death(patient=jeanne, version=2, on=None, by=alice, at=NOW)
    assert alive.deceased_on is None


def test_another_practice_corrects_nothing(jeanne: Patient, charlie: Staff) -> None:
    with pytest.raises(NotAllowed):
        actions.correct(patient=jeanne, version=1, changes={"town": "x"}, by=charlie, at=NOW)


def test_the_last_correction_is_taken_back_once(jeanne: Patient, alice: Staff) -> None:
    actions.verify_identity(patient=jeanne, version=1, document="passport", by=alice, at=NOW)
    actions.correct(
        patient=jeanne, version=2, changes={"birth_date": date(1985, 3, 13)}, by=alice, at=NOW
    )
    undone = actions.undo_correction(patient=jeanne, version=2, by=alice, at=NOW)
    assert (undone.birth_date, undone.identity_status) == (date(1985, 3, 12), "VALI")
    assert (undone.identity_checked_at, undone.identity_checked_by) == (NOW, alice.pk)
    assert any("|19850312" in key for key in keys_of(jeanne))
    with pytest.raises(actions.TooLate):
        actions.undo_correction(patient=jeanne, version=2, by=alice, at=NOW)


def test_a_phone_removed_by_mistake_comes_back(jeanne: Patient, alice: Staff) -> None:
    mobile = ContactPoint.objects.get(patient=jeanne)
    actions.remove_contact_point(contact_point=mobile, version=1, by=alice, at=NOW)
    actions.undo_correction(patient=jeanne, version=1, by=alice, at=NOW)
    assert ContactPoint.objects.get(patient=jeanne).value == "+33639981234"
    actions.undo_correction(patient=jeanne, version=2, by=alice, at=NOW)
    assert not ContactPoint.objects.filter(patient=jeanne).exists()


def test_joining_a_home_by_mistake_is_taken_back(
    jeanne: Patient, tilleuls: House, alice: Staff
) -> None:
    child = actions.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Dupré", given_names="Un",
        birth_date=date(2019, 1, 1), sex="M",
    )  # fmt: skip
    actions.join_household(patient=child, version=1, other=jeanne, by=alice, at=NOW)
    alone = actions.undo_correction(patient=child, version=1, by=alice, at=NOW)
    assert alone.household is None
    assert "t:0639981234" not in keys_of(child)


def test_someone_beside_a_patient_is_taken_away_and_put_back(jeanne: Patient, alice: Staff) -> None:
    given = {"patient": jeanne, "relation": "trusted", "name": "Paul Dupré", "phone": "0639980000"}
    actions.add_related_person(version=1, by=alice, at=NOW, **given)  # type: ignore[arg-type]
    paul = jeanne.related_people.get()
    actions.remove_related_person(related_person=paul, version=2, by=alice, at=NOW)
    actions.undo_correction(patient=jeanne, version=2, by=alice, at=NOW)
    back = jeanne.related_people.get()
    assert (back.name, back.phone, back.relation) == ("Paul Dupré", "+33639980000", "trusted")
    actions.undo_correction(patient=jeanne, version=3, by=alice, at=NOW)
    assert not jeanne.related_people.exists()
