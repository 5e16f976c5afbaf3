"""The day book cannot be rewritten, and says where somebody tried."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from secretariat.practice.models import Staff
from secretariat.privacy import daybook
from secretariat.privacy.models import Access, Entry
from tests.cast import NOW, House


def _note(house: House, by: Staff, what: str) -> Entry:
    return daybook.note(practice_id=house.practice.pk, by=by, at=NOW, verb="test.deed", what=what)


def test_an_honest_book_verifies(tilleuls: House, alice: Staff) -> None:
    for what in ("a", "é « | »", "c"):
        _note(tilleuls, alice, what)
    assert Entry.objects.count() > 3
    assert daybook.verify(tilleuls.practice) is None


@pytest.mark.parametrize(
    "sql", ["UPDATE privacy_entry SET verb = 'x'", "DELETE FROM privacy_entry"]
)
def test_a_line_is_neither_changed_nor_removed(tilleuls: House, alice: Staff, sql: str) -> None:
    _note(tilleuls, alice, "a")
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic():
        connection.cursor().execute(sql)


def test_the_register_of_opened_files_stays_too(tilleuls: House, alice: Staff) -> None:
    Access.objects.create(practice=tilleuls.practice, at=NOW, patient_id=1, screen="x")
    with pytest.raises(DatabaseError, match="ne se modifie pas"), transaction.atomic():
        Access.objects.update(screen="y")


def _behind_the_trigger(sql: str, values: list[int]) -> None:
    """What the owner of the database could do with a console."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE privacy_entry DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        cursor.execute("ALTER TABLE privacy_entry ENABLE TRIGGER USER")


def test_a_forged_line_is_named(tilleuls: House, alice: Staff) -> None:
    forged = _note(tilleuls, alice, "a")
    _note(tilleuls, alice, "b")
    _behind_the_trigger("UPDATE privacy_entry SET by_name = 'Charlie' WHERE id = %s", [forged.pk])
    found = daybook.verify(tilleuls.practice)
    assert found is not None
    assert (found.number, found.what) == (Entry.objects.get(pk=forged.pk).number, "ligne modifiée")


def test_a_removed_line_is_named(tilleuls: House, alice: Staff) -> None:
    lost = _note(tilleuls, alice, "a")
    _note(tilleuls, alice, "b")
    lost.refresh_from_db()
    _behind_the_trigger("DELETE FROM privacy_entry WHERE id = %s", [lost.pk])
    found = daybook.verify(tilleuls.practice)
    assert found is not None
    assert (found.number, found.what) == (lost.number, "ligne absente")


def test_a_cut_tail_is_betrayed_by_the_anchor(tilleuls: House, alice: Staff) -> None:
    last = _note(tilleuls, alice, "a")
    anchors = dict([daybook.head(tilleuls.practice.pk)])
    assert daybook.verify(tilleuls.practice, anchors) is None
    _behind_the_trigger("DELETE FROM privacy_entry WHERE id = %s", [last.pk])
    found = daybook.verify(tilleuls.practice, anchors)
    assert found is not None
    assert found.what == "fin du journal coupée"
