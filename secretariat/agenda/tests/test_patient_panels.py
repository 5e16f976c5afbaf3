"""What the agenda tells the patients' pages: last visit, next visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secretariat.agenda import actions, panels
from secretariat.patients import actions as patients
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Moment = Callable[..., datetime]


@pytest.fixture
def people(tilleuls: House, alice: Staff) -> list[Patient]:
    """Three patients; nobody can call or write to the last one."""
    return [
        patients.register(
            practice=tilleuls.practice, by=alice, at=NOW, birth_name=name, given_names="Jeanne",
            birth_date=date(1985, 3, 12), sex="F",
            contact_points=[patients.NewContactPoint("0639980001")] if name != "Moulin" else [],
        )
        for name in ("Keller", "Dupré", "Moulin")
    ]  # fmt: skip


def book(house: House, by: Staff, patient: Patient, starts_at: datetime) -> None:
    actions.book(
        agenda=house.agenda("Lefèvre"), patient=patient, reason=house.reasons["Consultation"],
        starts_at=starts_at, by=by, at=NOW,
    )  # fmt: skip


def test_the_last_and_the_next_visit_are_told_on_the_site_s_clock(
    tilleuls: House, alice: Staff, people: list[Patient], paris: Moment
) -> None:
    for day in (date(2026, 11, 20), date(2026, 11, 24), date(2026, 11, 25)):
        book(tilleuls, alice, people[0], paris(10, 30, day=day))
    told = panels.last_and_next(
        practice_id=tilleuls.practice.pk, patient_ids=[p.pk for p in people], at=NOW
    )
    assert told == {
        people[0].pk: {"last_visit": "20/11/2026", "next_visit": "24/11/2026 10:30"},
        people[2].pk: {"no_way": "Aucun moyen de joindre"},
    }


def test_three_patients_cost_one_statement(
    tilleuls: House, alice: Staff, people: list[Patient], paris: Moment
) -> None:
    for hour, patient in zip((9, 10, 11), people, strict=True):
        book(tilleuls, alice, patient, paris(hour, day=date(2026, 11, 24)))
    pks = [patient.pk for patient in people]
    with CaptureQueriesContext(connection) as asked:
        told = panels.last_and_next(practice_id=tilleuls.practice.pk, patient_ids=pks, at=NOW)
    assert len(told) == 3
    assert len(asked) == 1


def test_who_can_be_told_nothing_is_marked_in_the_search(
    people: list[Patient], alice: Staff, at_desk: Callable[[Staff], Client]
) -> None:
    desk = at_desk(alice)
    assert "Aucun moyen de joindre" in desk.get("/patients/?q=moulin").text
    assert "Aucun moyen de joindre" not in desk.get("/patients/?q=keller").text


def test_the_patient_s_page_shows_the_visits(
    tilleuls: House, alice: Staff, people: list[Patient], paris: Moment,
    at_desk: Callable[[Staff], Client],
) -> None:  # fmt: skip
    book(tilleuls, alice, people[0], paris(10, 30, day=date(2050, 11, 22)))
    page = at_desk(alice).get(f"/patients/{people[0].pk}/").content.decode()
    assert "mardi 22 novembre, 10:30" in page and "Dr Lefèvre" in page
    assert f"/agenda/book/?patient={people[0].pk}" in page
