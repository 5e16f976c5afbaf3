"""The booking sheet: a time given, refused with ways out, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions import reasons
from secretariat.agenda.models import Appointment
from secretariat.agenda.tests.desk_forms import HTMX, book, booking, events, undo_of
from secretariat.patients import actions as patients
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
URL = "/agenda/book/"


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """A patient of the Tilleuls."""
    return patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip


def text(answer: object) -> str:
    content: bytes = answer.content  # type: ignore[attr-defined]
    return unescape(content.decode())


def test_a_sheet_opened_for_a_day_asks_for_the_hour(alice: Staff, at_desk: Desk) -> None:
    client = at_desk(alice)
    sheet = text(client.get(URL, {"at": "2026-11-24"}, headers=HTMX))
    assert 'value="2026-11-24"' in sheet
    assert "00:00" not in sheet
    assert 'value="10:20"' in text(client.get(URL, {"at": "2026-11-24T10:20"}, headers=HTMX))


def test_a_patient_is_given_a_time_of_the_reason_s_length(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    form = booking(tilleuls, patient=jeanne.pk, title="", note="Vient avec sa fille")
    answer = at_desk(alice).post(URL, form, headers=HTMX)
    visit = Appointment.objects.get()
    assert answer.status_code == 204
    assert (visit.patient, visit.starts_at, visit.ends_at) == (jeanne, paris(9), paris(9, 15))
    assert (visit.note, visit.created_by) == ("Vient avec sa fille", alice)
    told = events(answer)
    assert told["appointmentBooked"] == {
        "id": visit.pk, "label": "lundi 23 novembre à 09:00, Dr Lefèvre",
    }  # fmt: skip
    assert {"sheetClose", "changed"} <= told.keys()


def test_the_same_form_sent_twice_gives_one_visit(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client, form = at_desk(alice), booking(tilleuls)
    client.post(URL, form, headers=HTMX)
    again = client.post(URL, form, headers=HTMX)
    assert Appointment.objects.count() == 1
    assert "Déjà enregistré" in events(again)["notice"]["text"]


def test_a_booking_is_taken_back_by_one_press(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    client = at_desk(alice)
    answer = client.post(URL, booking(tilleuls), headers=HTMX)
    assert client.post(undo_of(answer), headers=HTMX).status_code == 204
    assert Appointment.objects.get().cancelled_for == "mistake"


def test_a_taken_time_offers_the_nearest_ones_and_a_squeeze(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(10))
    client = at_desk(alice)
    answer = client.post(URL, booking(tilleuls, "10:00"), headers=HTMX)
    said = text(answer)
    assert answer.status_code == 409
    assert "rien n’a été écrit" in said
    for clock in (">09:45<", ">10:15<", ">10:30<"):
        assert clock in said
    assert "entre deux, à votre nom (Alice)" in said
    assert "hors règles" not in said
    place = f"{tilleuls.agendas['Lefèvre'].pk}@{paris(10, 15).isoformat()}"
    taken = booking(tilleuls, "10:00", instead=place)
    assert client.post(URL, taken, headers=HTMX).status_code == 204
    assert Appointment.objects.filter(starts_at=paris(10, 15)).exists()


def test_a_squeeze_is_given_knowingly(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(10))
    here = f"{tilleuls.agendas['Lefèvre'].pk}@{paris(10).isoformat()}"
    form = booking(tilleuls, "10:00", squeeze=here)
    assert at_desk(alice).post(URL, form, headers=HTMX).status_code == 204
    assert Appointment.objects.get(squeezed=True).squeezed_by == alice


def test_outside_the_hours_is_forced_by_those_who_may(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    refused = client.post(URL, booking(tilleuls, "12:30"), headers=HTMX)
    assert refused.status_code == 409
    assert "Fermé à 12:30" in text(refused)
    assert "hors règles, à votre nom (Alice)" in text(refused)
    here = f"{tilleuls.agendas['Lefèvre'].pk}@{paris(12, 30).isoformat()}"
    form = booking(tilleuls, "12:30", force=here)
    assert client.post(URL, form, headers=HTMX).status_code == 204
    assert Appointment.objects.get().forced_by == alice


def test_a_trainee_is_neither_offered_nor_allowed_to_force(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    alice.withheld = ["agenda.force"]
    alice.save()
    client = at_desk(alice)
    refused = client.post(URL, booking(tilleuls, "12:30"), headers=HTMX)
    assert "hors règles" not in text(refused)
    forced = client.post(URL, booking(tilleuls, "12:30", force="1"), headers=HTMX)
    assert forced.status_code == 403
    assert not Appointment.objects.exists()


def test_the_remote_secretary_is_not_offered_what_the_practice_keeps(
    tilleuls: House, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    kept = tilleuls.reasons["Première consultation"]
    reasons.change_reason(reason=kept, bookable_by_remote=False, by=alice, at=NOW)
    page = text(at_desk(zoe).get(URL))
    assert "Urgence · 10 min" in page
    assert "Première consultation" not in page


def test_why_not_says_the_rule_before_anything_is_sent(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)

    def why(**place: object) -> str:
        return text(client.get("/agenda/why/", booking(tilleuls, **place)))  # type: ignore[arg-type]

    assert "Libre pour 15 min" in why(clock="09:00")
    assert "horaires fixés par Alice" in why(clock="12:30")
    assert "Noël" in why(day="2026-12-25")
    assert "Aucune ouverture n’est prévue le dimanche" in why(day="2026-11-29")
    book(tilleuls, alice, paris(9, 10))
    assert "Il ne reste que" in why(clock="09:00")


def test_a_time_that_does_not_exist_is_said(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    form = booking(tilleuls, "02:30", day="2027-03-28")
    answer = at_desk(alice).post(URL, form, headers=HTMX)
    assert answer.status_code == 422
    assert "02:30 n’existe pas le dimanche 28 mars" in text(answer)


def test_a_time_lived_twice_is_asked_which(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    client = at_desk(alice)
    form = booking(tilleuls, "02:30", day="2027-10-31")
    answer = client.post(URL, form, headers=HTMX)
    said = text(answer)
    assert answer.status_code == 422
    assert "02:30 (heure d’été)" in said
    assert "02:30 (heure d’hiver)" in said


@pytest.mark.parametrize(
    "changes",
    [{"clock": ""}, {"day": "hier"}, {"day": "20026-11-23"}, {"minutes": "481"}, {"agenda": "x"}],
)
def test_a_form_not_filled_comes_back_with_its_faults(
    tilleuls: House, alice: Staff, at_desk: Desk, changes: dict[str, str]
) -> None:
    answer = at_desk(alice).post(URL, booking(tilleuls) | changes, headers=HTMX)
    assert answer.status_code == 422
    assert "à revoir" in text(answer)
    assert not Appointment.objects.exists()


def test_a_booking_needs_someone_or_something(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    answer = at_desk(alice).post(URL, booking(tilleuls, title=""), headers=HTMX)
    assert answer.status_code == 422
    assert "Indiquez le patient" in text(answer)


def test_a_patient_of_the_other_practice_does_not_exist(
    tilleuls: House, port: House, jeanne: Patient, at_desk: Desk
) -> None:
    form = booking(tilleuls, patient=jeanne.pk) | {
        "agenda": port.agendas["Le Goff"].pk,
        "reason": port.reasons["Consultation"].pk,
    }
    answer = at_desk(port.staff["Charlie"]).post(URL, form, headers=HTMX)
    assert answer.status_code == 404


def test_the_sheet_opens_on_the_place_clicked(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    place: dict[str, Any] = {"agenda": tilleuls.agendas["Moreau"].pk, "at": "2026-11-24T14:35"}
    page = text(at_desk(alice).get(URL, {**place, "patient": jeanne.pk}, headers=HTMX))
    assert 'value="2026-11-24"' in page
    assert 'value="14:35"' in page
    assert f'<option value="{place["agenda"]}" selected>' in page
    assert "KELLER Jeanne, 12/03/1985" in page
