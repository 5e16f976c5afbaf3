"""A table of patients comes in: once, whole, and nobody is doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.interop import storage
from secretariat.interop.actions import preparing, tally, working
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.interop.queries.at_work import FILES, being_read
from secretariat.interop.tests.bringing import brought, imported, prepared, table
from secretariat.patients.actions import keying, numbering, register
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

JEANNE = "1;KELLER;Jeanne Marie;12/03/1985;F;06 39 98 12 34;Ville-Invention"
PAUL = "2;OBERTIN;Paul;01/02/1990;M;;Ville-Invention"
EVE = "3;ZWILLER;Ève;30/11/2001;F;;Ville-Invention"

Bring = Callable[..., ImportFile]


@pytest.fixture
def bring(tilleuls: House, alice: Staff) -> Bring:
    """Alice imports lines for good."""
    return lambda *lines: imported(tilleuls, alice, *lines)


def test_each_line_makes_a_file_and_the_day_book_says_it_once(bring: Bring) -> None:
    file = bring(JEANNE, PAUL)
    jeanne = Patient.objects.get(birth_name="KELLER")
    assert (jeanne.given_names, jeanne.first_given_name) == ("JEANNE MARIE", "JEANNE")
    assert (jeanne.birth_date, jeanne.sex, jeanne.town) == (
        date(1985, 3, 12),
        "F",
        "Ville-Invention",
    )
    assert ContactPoint.objects.get(patient=jeanne).value == "+33639981234"
    assert not ContactPoint.objects.filter(accepts_messages=True).exists()
    assert (file.state, file.created, file.unchanged, file.failed) == ("done", 2, 0, 0)
    assert Entry.objects.filter(verb="patients.import").count() == 1


def test_the_same_file_twice_doubles_nobody(bring: Bring) -> None:
    bring(JEANNE, PAUL)
    again = bring(JEANNE, PAUL)
    assert (again.created, again.unchanged, again.held) == (0, 2, 0)
    assert Patient.objects.count() == 2


def test_a_newer_export_adds_only_the_newcomer(bring: Bring) -> None:
    bring(JEANNE, PAUL)
    newer = bring(JEANNE, EVE, PAUL)
    assert (newer.created, newer.unchanged) == (1, 2)
    assert Patient.objects.count() == 3


def test_without_numbers_the_strict_traits_tell(tilleuls: House, alice: Staff) -> None:
    header = "Nom de naissance;Prénoms;Date de naissance;Sexe"
    lines = table("KELLER;Jeanne;12/03/1985;F", "OBERTIN;Paul;01/02/1990;M", header=header)
    for _ in range(2):
        working.work(file=prepared(tilleuls, alice, lines), trial=False, by=alice, at=NOW)
    assert Patient.objects.count() == 2


def test_somebody_registered_at_the_desk_is_not_doubled(
    bring: Bring, tilleuls: House, alice: Staff
) -> None:
    register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller",
        given_names="Jeanne", birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip
    assert bring(JEANNE).unchanged == 1
    assert Patient.objects.count() == 1


def test_somebody_who_looks_like_a_patient_waits_for_a_person(
    bring: Bring, tilleuls: House, alice: Staff
) -> None:
    known = register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Kelller",
        given_names="Jeanne", birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip
    file = bring(JEANNE, PAUL)
    assert (file.created, file.held) == (1, 1)
    line = file.lines.get()
    assert (line.kind, line.candidates) == (ImportLine.Kind.DUPLICATE, [known.pk])


def test_a_number_that_now_bears_another_identity_waits_for_a_person(bring: Bring) -> None:
    bring(JEANNE)
    file = bring("1;ABELARD;Luc;02/02/1950;M;;")
    assert (file.created, file.held) == (0, 1)
    assert "n° de dossier" in file.lines.get().sentence


def test_a_line_twice_in_a_file_makes_one_file(bring: Bring) -> None:
    file = bring(JEANNE, PAUL, JEANNE)
    assert (file.created, file.unchanged) == (2, 1)
    twin = bring("7;MOREAU;Luc;02/02/1950;M;;", "8;MOREAU;Luc;02/02/1950;M;;")
    assert (twin.created, twin.held) == (1, 1)


def test_a_line_that_cannot_be_read_is_listed_and_the_others_come_in(bring: Bring) -> None:
    file = bring(JEANNE, "2;OBERTIN;Paul;32/13/1990;M;;", "3;;Ève;30/11/2001;F;;", EVE)
    assert (file.created, file.failed) == (2, 2)
    numbers = list(file.lines.order_by("number").values_list("number", "kind"))
    assert numbers == [(3, "error"), (4, "error")]
    assert file.lines.get(number=3).content["cells"][3] == "32/13/1990"


def test_a_wrong_telephone_does_not_keep_somebody_out(bring: Bring) -> None:
    file = bring(JEANNE, "2;OBERTIN;Paul;01/02/1990;M;06 39 98;")
    assert (file.created, file.incomplete, file.failed) == (2, 1, 0)
    assert file.lines.get().kind == ImportLine.Kind.INCOMPLETE


def test_the_dead_are_known_as_dead(tilleuls: House, alice: Staff) -> None:
    header = "Nom de naissance;Prénoms;Date de naissance;Sexe;Date de décès"
    lines = table("KELLER;Jeanne;12/03/1925;F;04/05/2020", header=header)
    working.work(file=prepared(tilleuls, alice, lines), trial=False, by=alice, at=NOW)
    assert Patient.objects.get().deceased_on == date(2020, 5, 4)


def test_a_trial_counts_the_same_and_writes_nobody(tilleuls: House, alice: Staff) -> None:
    file = prepared(tilleuls, alice, table(JEANNE, PAUL, "9;;;;;;"))
    working.work(file=file, trial=True, by=alice, at=NOW)
    tried = (file.created, file.unchanged, file.held, file.failed)
    assert tried == (2, 0, 0, 1)
    assert not Patient.objects.exists()
    assert (file.state, file.dry_run) == ("ready", True)
    working.work(file=file, trial=False, by=alice, at=NOW)
    assert (file.created, file.unchanged, file.held, file.failed) == tried
    assert (Patient.objects.count(), file.lines.count()) == (2, 1)


def test_a_cut_file_is_set_aside_with_its_reason(tilleuls: House, alice: Staff) -> None:
    whole = table(JEANNE, PAUL, EVE)
    file = brought(tilleuls, alice, whole[: len(whole) - 30])
    assert file.state == ImportFile.State.REFUSED
    assert "coupé" in file.refusal
    with pytest.raises(working.NotPrepared):
        working.work(file=file, trial=False, by=alice, at=NOW)
    assert not Patient.objects.exists()


def test_what_breaks_in_the_middle_leaves_nothing_and_the_file_ready(
    tilleuls: House, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = prepared(tilleuls, alice, table(JEANNE, PAUL))

    def broken() -> None:
        raise OSError("disk")

    monkeypatch.setattr(keying, "survey", broken)
    with pytest.raises(OSError, match="disk"):
        working.work(file=file, trial=False, by=alice, at=NOW)
    assert not Patient.objects.exists()
    kept = ImportFile.objects.get(pk=file.pk)
    assert (kept.state, kept.created, kept.lines.count()) == ("ready", 0, 0)
    assert "rien n’a été importé" in kept.refusal
    assert not being_read([file.pk])
    monkeypatch.undo()
    assert working.work(file=kept, trial=False, by=alice, at=NOW).created == 2


def test_a_file_that_nobody_understood_stops_early(
    tilleuls: House, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "MOST_FAULTS", 2)
    file = prepared(tilleuls, alice, table("1;;;;;;", "2;;;;;;", "3;;;;;;", JEANNE))
    working.work(file=file, trial=False, by=alice, at=NOW)
    assert (file.state, Patient.objects.count()) == ("reading", 0)
    assert "colonne" in file.refusal


def test_a_file_being_read_is_not_read_twice(tilleuls: House, alice: Staff) -> None:
    file = prepared(tilleuls, alice, table(JEANNE))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [FILES, file.pk])
        assert being_read([file.pk]) == {file.pk}
        with pytest.raises(working.AtWork):
            working.work(file=file, trial=False, by=alice, at=NOW)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert working.work(file=file, trial=False, by=alice, at=NOW).created == 1


def test_the_bytes_are_private_and_go_once_they_are_in(tilleuls: House, alice: Staff) -> None:
    file = brought(tilleuls, alice, table(JEANNE))
    path = storage.path(file.stored_as)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "patients" not in path.name
    preparing.set_columns(file=file, mapping=file.mapping, source="", by=alice, at=NOW)
    working.work(file=file, trial=False, by=alice, at=NOW)
    assert not path.exists()


def test_a_remote_secretary_brings_no_file(tilleuls: House, zoe: Staff) -> None:
    with pytest.raises(NotAllowed):
        brought(tilleuls, zoe, table(JEANNE))


def test_two_columns_for_one_thing_are_refused(tilleuls: House, alice: Staff) -> None:
    file = brought(tilleuls, alice, table(JEANNE))
    mapping = {**file.mapping, "Ville": "birth_name"}
    with pytest.raises(preparing.BadMapping, match="Nom de naissance"):
        preparing.set_columns(file=file, mapping=mapping, source="", by=alice, at=NOW)


def test_another_reading_proposes_other_columns(tilleuls: House, alice: Staff) -> None:
    file = brought(tilleuls, alice, table(JEANNE))
    preparing.set_reading(file=file, reading={"header_row": 0}, by=alice, at=NOW)
    assert file.options["header"][0] == "Colonne 1"
    with pytest.raises(BadInput):
        preparing.set_reading(file=file, reading={"separator": "|"}, by=alice, at=NOW)


def test_other_desks_go_on_registering_while_a_file_comes_in(
    tilleuls: House, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The numbers of the new files are taken before the long transaction, not inside it."""
    file = prepared(tilleuls, alice, table(JEANNE, PAUL))
    working.work(file=file, trial=True, by=alice, at=NOW)
    taken: list[tuple[bool, int]] = []
    really, outside = numbering.take, len(connection.savepoint_ids)

    def take(practice_id: int, how_many: int = 1) -> int:
        taken.append((len(connection.savepoint_ids) > outside, how_many))
        return really(practice_id, how_many)

    monkeypatch.setattr(numbering, "take", take)
    working.work(file=file, trial=False, by=alice, at=NOW)
    assert taken == [(False, 2)]
    assert sorted(Patient.objects.values_list("file_number", flat=True)) == [1, 2]
