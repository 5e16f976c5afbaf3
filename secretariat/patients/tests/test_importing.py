"""Many files at once: numbered, found, in one line of the day book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from secretariat.core.refusal import NotAllowed
from secretariat.patients import actions
from secretariat.patients.actions import NewContactPoint, Traits
from secretariat.patients.models import Patient, SearchKey
from secretariat.patients.naming import NameRefused
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House


def people(how_many: int) -> Iterator[Traits]:
    """Invented people, each with a mobile."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    for n in range(how_many):
        name = letters[n % 26] + letters[n // 26 % 26] + letters[n // 676 % 26] + "ERIN"
        yield {
            "birth_name": name, "given_names": f"Jean {name}", "sex": "M",
            "birth_date": date(1930, 1, 1) + timedelta(days=n), "import_key": f"ligne {n}",
            "contact_points": [NewContactPoint(f"06 39 98 {n // 100 % 100:02} {n % 100:02}")],
        }  # fmt: skip


def test_a_file_of_patients_is_one_line_in_the_day_book(tilleuls: House, alice: Staff) -> None:
    seen: list[int] = []
    made = actions.register_many(
        practice=tilleuls.practice, files=people(1500), source="patients.csv", by=alice, at=NOW,
        progress=seen.append,
    )  # fmt: skip
    assert seen == [1000, 1500]
    assert len(set(made)) == Patient.objects.count() == 1500
    assert Entry.objects.filter(verb__startswith="patients.").count() == 1
    last = Patient.objects.get(pk=made[-1])
    assert (last.file_number, last.import_key) == (1500, "ligne 1499")
    assert SearchKey.objects.filter(patient=last, key="f:1500").exists()
    assert SearchKey.objects.filter(patient=last, key="t:0639981499").exists()


def test_one_bad_line_writes_nothing(tilleuls: House, alice: Staff) -> None:
    bad = list(people(3))
    bad[2]["birth_name"] = "X2"
    with pytest.raises(NameRefused):
        actions.register_many(
            practice=tilleuls.practice, files=bad, source="x.csv", by=alice, at=NOW
        )
    assert not Patient.objects.exists()


def test_a_remote_secretary_imports_nothing(tilleuls: House, zoe: Staff) -> None:
    with pytest.raises(NotAllowed):
        actions.register_many(
            practice=tilleuls.practice, files=people(1), source="x.csv", by=zoe, at=NOW
        )
