"""Without a practice in view nothing is visible; with one, nothing of another."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from secretariat.agenda.models import Agenda, Appointment
from secretariat.core import scope
from secretariat.core.prepared import fetch
from secretariat.practice.models import Practice, Site, Staff
from tests.cast import NOW, House


def test_no_scope_shows_no_row_and_takes_none(tilleuls: House) -> None:
    scope.close()
    assert not Site.objects.exists()
    assert not Practice.objects.exists()
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Site.objects.create(practice=tilleuls.practice, name="x")


def test_one_practice_never_shows_the_other(tilleuls: House, port: House) -> None:
    assert set(Site.objects.values_list("name", flat=True)) == {"Cabinet des Tilleuls"}
    with scope.scope([port.practice.pk]):
        assert set(Site.objects.values_list("name", flat=True)) == {"Centre du Port"}
    assert set(Site.objects.values_list("name", flat=True)) == {"Cabinet des Tilleuls"}


def test_a_row_of_the_other_practice_is_not_changed_by_its_number(
    tilleuls: House, port: House
) -> None:
    assert Site.objects.filter(pk=port.site.pk).update(name="volé") == 0
    assert Site.objects.filter(pk=port.site.pk).delete()[0] == 0


def test_a_person_reads_their_own_posts_before_choosing_a_practice(
    tilleuls: House, port: House, zoe: Staff
) -> None:
    scope.apply((), zoe.user_id)
    assert Staff.objects.count() == 2
    assert Practice.objects.count() == 2
    assert not Site.objects.exists()


def test_the_scope_is_given_back_after_a_failed_transaction(tilleuls: House, port: House) -> None:
    with pytest.raises(ValueError, match="panne"), transaction.atomic():
        with scope.scope([port.practice.pk]):
            raise ValueError("panne")
    assert set(Site.objects.values_list("name", flat=True)) == {"Cabinet des Tilleuls"}


def test_a_row_cannot_point_to_another_practice(tilleuls: House, port: House, alice: Staff) -> None:
    stolen = Appointment(
        practice=tilleuls.practice, agenda_id=port.agendas["Le Goff"].pk, title="x",
        starts_at=NOW, ends_at=NOW.replace(hour=9), created_at=NOW, created_by=alice,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="same_practice"), transaction.atomic():
        stolen.save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert Agenda.objects.count() == 2


def test_a_prepared_statement_reads_the_scope_of_the_moment(tilleuls: House, port: House) -> None:
    # Past five times PostgreSQL keeps one plan: it must go on asking whose turn it is.
    for _ in range(8):
        for house in (tilleuls, port):
            with scope.scope([house.practice.pk]):
                assert fetch("SELECT name FROM practice_site") == [(house.site.name,)]
        with scope.scope([]):
            assert fetch("SELECT name FROM practice_site") == []
