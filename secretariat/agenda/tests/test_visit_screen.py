"""One visit: its sheet, another place for it, its cancelling, and each taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda import actions
from secretariat.agenda.models import Appointment
from secretariat.agenda.tests.desk_forms import HTMX, book, events, undo_of
from secretariat.patients import actions as patients
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Access
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """A patient who needs the wheelchair's door."""
    return patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F", needs_wheelchair=True,
        contact_points=[patients.NewContactPoint("0639980001")],
    )  # fmt: skip


@pytest.fixture
def visit(tilleuls: House, alice: Staff, paris: Moment) -> Appointment:
    """Ten o'clock, Dr Lefèvre, a quarter of an hour."""
    return book(tilleuls, alice, paris(10))


def place(house: House, clock: str, **changes: Any) -> dict[str, Any]:
    form: dict[str, Any] = {
        "agenda": house.agendas["Lefèvre"].pk, "day": "2026-11-23", "clock": clock, "version": 1,
    }  # fmt: skip
    return form | changes


def read(client: Client, visit: Appointment, **query: str) -> str:
    answer = client.get(f"/agenda/appointments/{visit.pk}/", query, headers=HTMX)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_sheet_tells_all_that_the_patient_may_be_told(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    reason = tilleuls.reasons["Consultation"]
    reason.instructions = "Apporter la carte Vitale"
    reason.save()
    visit = book(tilleuls, alice, paris(10), patient=jeanne, title="", note="Préfère le matin")
    later = book(tilleuls, alice, paris(11, day=date(2026, 11, 30)), patient=jeanne, title="")
    page = read(at_desk(alice), visit)
    for said in (
        "KELLER Jeanne", "Fauteuil roulant", "06 39 98 00 01", "Apporter la carte Vitale",
        "Préfère le matin", "lundi 30 novembre, 11:00", "Donné : lundi 23 novembre, 10:00",
    ):  # fmt: skip
        assert said in page
    assert f"/agenda/appointments/{later.pk}/" in page


def test_opening_the_sheet_is_in_the_patient_s_register_once(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    visit = book(tilleuls, alice, paris(10), patient=jeanne, title="")
    client = at_desk(alice)
    read(client, visit)
    read(client, visit, live="1")
    assert Access.objects.filter(patient_id=jeanne.pk, screen="Rendez-vous").count() == 1


def test_a_visit_of_the_other_practice_does_not_exist(
    visit: Appointment, charlie: Staff, at_desk: Desk
) -> None:
    client = at_desk(charlie)
    for path in ("", "move/", "note/", "cancellation/", "restoration/", "undo/x/"):
        url = f"/agenda/appointments/{visit.pk}/{path}"
        answer = client.get(url) if path in ("", "move/") else client.post(url)
        assert answer.status_code == 404, path


def test_a_visit_moves_to_another_practitioner_and_back(
    tilleuls: House, alice: Staff, visit: Appointment, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    form = place(tilleuls, "14:00", agenda=tilleuls.agendas["Moreau"].pk)
    answer = client.post(f"/agenda/appointments/{visit.pk}/move/", form, headers=HTMX)
    visit.refresh_from_db()
    assert (visit.agenda_id, visit.starts_at) == (tilleuls.agendas["Moreau"].pk, paris(14))
    assert visit.ends_at == paris(14, 15)
    assert events(answer)["appointmentMoved"] == {"id": visit.pk, "version": 2}
    assert client.post(undo_of(answer), headers=HTMX).status_code == 204
    visit.refresh_from_db()
    assert (visit.agenda_id, visit.starts_at) == (tilleuls.agendas["Lefèvre"].pk, paris(10))


def test_a_visit_is_made_longer(
    tilleuls: House, alice: Staff, visit: Appointment, at_desk: Desk
) -> None:
    form = place(tilleuls, "10:00", minutes=40)
    at_desk(alice).post(f"/agenda/appointments/{visit.pk}/move/", form, headers=HTMX)
    visit.refresh_from_db()
    assert visit.ends_at - visit.starts_at == timedelta(minutes=40)


def test_a_move_onto_a_taken_time_is_refused_with_its_ways_out(
    tilleuls: House, alice: Staff, visit: Appointment, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(11))
    client, url = at_desk(alice), f"/agenda/appointments/{visit.pk}/move/"
    answer = client.post(url, place(tilleuls, "11:05"), headers=HTMX)
    assert answer.status_code == 409
    assert "entre deux" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at == paris(10)
    here = f"{visit.agenda_id}@{paris(11, 5).isoformat()}"
    assert client.post(url, place(tilleuls, "11:05", squeeze=here), headers=HTMX).status_code == 204


def test_a_visit_does_not_hinder_its_own_small_move(
    tilleuls: House, alice: Staff, visit: Appointment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    query = place(tilleuls, "10:05", minutes=15, visit=visit.pk)
    assert "Libre pour 15 min" in client.get("/agenda/why/", query).content.decode()
    moved = client.post(
        f"/agenda/appointments/{visit.pk}/move/", place(tilleuls, "10:05"), headers=HTMX
    )
    assert moved.status_code == 204


def test_the_slower_desk_overwrites_nothing(
    tilleuls: House, alice: Staff, visit: Appointment, paris: Moment, at_desk: Desk
) -> None:
    actions.move(appointment=visit, version=1, starts_at=paris(11), by=alice, at=NOW)
    url = f"/agenda/appointments/{visit.pk}/move/"
    answer = at_desk(alice).post(url, place(tilleuls, "09:00"), headers=HTMX)
    assert answer.status_code == 409
    assert "Un autre poste vient de modifier" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.starts_at == paris(11)


def test_a_visit_is_cancelled_for_someone_and_given_back(
    alice: Staff, visit: Appointment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    form = {"version": 1, "wanted_by": "patient", "why": "Grippe"}
    answer = client.post(f"/agenda/appointments/{visit.pk}/cancellation/", form, headers=HTMX)
    visit.refresh_from_db()
    assert (visit.cancelled_by, visit.cancelled_for, visit.cancelled_why) == (
        alice, "patient", "Grippe",
    )  # fmt: skip
    assert "à la demande du patient" in read(client, visit)
    client.post(undo_of(answer), headers=HTMX)
    visit.refresh_from_db()
    assert visit.cancelled_at is None


def test_a_time_given_to_another_meanwhile_is_not_given_back(
    tilleuls: House, alice: Staff, visit: Appointment, paris: Moment, at_desk: Desk
) -> None:
    actions.cancel(appointment=visit, version=1, wanted_by="patient", why="", by=alice, at=NOW)
    book(tilleuls, alice, paris(10))
    answer = at_desk(alice).post(f"/agenda/appointments/{visit.pk}/restoration/", headers=HTMX)
    assert answer.status_code == 409
    visit.refresh_from_db()
    assert visit.cancelled_at is not None


def test_an_undo_serves_for_an_hour_and_for_its_visit_only(
    tilleuls: House, alice: Staff, visit: Appointment, paris: Moment, at_desk: Desk
) -> None:
    client, other = at_desk(alice), book(tilleuls, alice, paris(15))
    form = place(tilleuls, "11:00")
    answer = client.post(f"/agenda/appointments/{visit.pk}/move/", form, headers=HTMX)
    borrowed = undo_of(answer).replace(f"/{visit.pk}/", f"/{other.pk}/")
    assert client.post(borrowed, headers=HTMX).status_code == 409
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        late = at_desk(alice).post(undo_of(answer), headers=HTMX)
    assert late.status_code == 409
    visit.refresh_from_db()
    assert visit.starts_at == paris(11)


def test_a_note_is_written_again_and_the_book_says_so(
    alice: Staff, visit: Appointment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    form = {"version": 1, "note": "Vient avec sa fille"}
    url = f"/agenda/appointments/{visit.pk}/note/"
    assert client.post(url, form, headers=HTMX).status_code == 204
    page = read(client, visit)
    assert "Vient avec sa fille" in page
    assert "Note changée" in page
    assert client.post(url, form, headers=HTMX).status_code == 409
