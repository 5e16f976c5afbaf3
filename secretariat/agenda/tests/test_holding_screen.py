"""A time held while the sheet is filled, as the other desks see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.models import Appointment, Hold
from secretariat.agenda.tests.desk_forms import HTMX, booking
from secretariat.patients import actions as patients
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Desk = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def _nine_o_clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_sheet_holds_its_time_and_another_desk_reads_by_whom(
    tilleuls: House, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    form = booking(tilleuls, "10:00")
    kept = at_desk(alice).post("/agenda/hold/", form, headers=HTMX)
    assert "Tenu pour vous jusqu’à 09:05" in unescape(kept.content.decode())
    other = at_desk(zoe).post("/agenda/book/", booking(tilleuls, "10:00"), headers=HTMX)
    assert other.status_code == 409
    assert "Créneau tenu par Alice jusqu’à 09:05" in unescape(other.content.decode())
    mine = at_desk(alice).post("/agenda/book/", form, headers=HTMX)
    assert mine.status_code == 204
    assert not Hold.objects.exists()


def test_what_is_held_is_not_offered_to_others(
    tilleuls: House, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    at_desk(alice).post("/agenda/hold/", booking(tilleuls, "09:00"), headers=HTMX)
    search = {
        "reason": tilleuls.reasons["Consultation"].pk, "agenda": tilleuls.agendas["Lefèvre"].pk
    }  # fmt: skip
    first = "2026-11-23T09:00"
    assert first not in at_desk(zoe).get("/agenda/find/", search).content.decode()
    assert first in at_desk(alice).get("/agenda/find/", search).content.decode()


def test_the_other_desk_sees_in_the_grid_who_holds(
    tilleuls: House, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    at_desk(alice).post("/agenda/hold/", booking(tilleuls, "09:00"), headers=HTMX)
    day = "/agenda/times/?date=2026-11-23"
    held = [one for one in at_desk(zoe).get(day).json()["closed"] if one["kind"] == "held"]
    assert [(one["start"], one["words"]) for one in held] == [
        ("2026-11-23T09:00", "Tenu par Alice")
    ]
    mine = at_desk(alice).get(day).json()["closed"]
    assert not [one for one in mine if one["kind"] == "held"]


def test_the_pulse_of_the_other_desks_beats_when_a_time_is_held_and_when_it_is_let_go(
    tilleuls: House, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    def beats() -> tuple[bytes, bytes]:
        return at_desk(alice).get("/pulse/").content, at_desk(zoe).get("/pulse/").content

    mine, rest = beats()
    form = booking(tilleuls, "09:00")
    at_desk(alice).post("/agenda/hold/", form, headers=HTMX)
    assert beats()[0] == mine
    held = beats()[1]
    assert held != rest
    at_desk(alice).post("/agenda/hold/", form, headers=HTMX)
    assert beats() == (mine, held)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert beats() == (mine, rest)


def test_a_closed_sheet_lets_its_time_go(
    tilleuls: House, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    form = booking(tilleuls, "10:00")
    desk = at_desk(alice)
    desk.post("/agenda/hold/", form, headers=HTMX)
    desk.post("/agenda/hold/release/", {"form_token": form["form_token"]})
    answer = at_desk(zoe).post("/agenda/book/", booking(tilleuls, "10:00"), headers=HTMX)
    assert answer.status_code == 204


def test_a_dead_desk_lets_its_time_go_after_five_minutes(
    tilleuls: House, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    at_desk(alice).post("/agenda/hold/", booking(tilleuls, "10:00"), headers=HTMX)
    with time_machine.travel(NOW + timedelta(minutes=5, seconds=1), tick=False):
        answer = at_desk(zoe).post("/agenda/book/", booking(tilleuls, "10:00"), headers=HTMX)
    assert answer.status_code == 204
    assert Appointment.objects.count() == 1


def test_what_cannot_be_held_says_nothing(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    desk = at_desk(alice)
    for clock in ("12:30", "", "99:99"):
        answer = desk.post("/agenda/hold/", booking(tilleuls, clock), headers=HTMX)
        assert (answer.status_code, answer.content) == (200, b"")
    broken = booking(tilleuls, "10:00", form_token="no")
    assert desk.post("/agenda/hold/", broken, headers=HTMX).content == b""
    assert desk.post("/agenda/hold/release/", {"form_token": "no"}).status_code == 204
    assert not Hold.objects.exists()


def test_someone_never_seen_is_told_and_held_the_time_of_a_first_visit(
    tilleuls: House, alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    reason = tilleuls.reasons["Consultation"]
    reason.first_minutes = 30
    reason.save()
    ida = patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Sapin", given_names="Ida",
        birth_date=date(1961, 2, 3), sex="F",
    )  # fmt: skip
    form = booking(tilleuls, "10:00", patient=ida.pk)
    said = at_desk(alice).get("/agenda/why/", form, headers=HTMX).content.decode()
    assert "Libre pour 30 min" in unescape(said)
    at_desk(alice).post("/agenda/hold/", form, headers=HTMX)
    held = Hold.objects.get()
    assert held.ends_at - held.starts_at == timedelta(minutes=30)
    assert at_desk(alice).post("/agenda/book/", form, headers=HTMX).status_code == 204
    visit = Appointment.objects.get()
    assert visit.ends_at - visit.starts_at == timedelta(minutes=30)
