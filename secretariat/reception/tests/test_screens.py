"""The day and the telephone, as the desk sees them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from secretariat.agenda import actions as agenda
from secretariat.agenda.models import Appointment
from secretariat.patients.actions.registering import register
from secretariat.patients.actions.traits import NewContactPoint
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.reception import actions
from secretariat.reception.forms import promised
from secretariat.reception.models import Call, Visit
from tests.cast import NOW, House

AtDesk = Callable[[Staff], Client]
HX = {"HX-Request": "true"}


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    return register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Mésange", given_names="Jeanne",
        birth_date=date(1980, 5, 4), sex="F",
        contact_points=[NewContactPoint(value="06 39 98 00 01")],
    )  # fmt: skip


def _give(house: House, who: Patient, by: Staff, at: datetime) -> Appointment:
    return agenda.book(
        agenda=house.agenda("Lefèvre"), patient=who, reason=house.reasons["Consultation"],
        starts_at=at, by=by, at=NOW,
    )  # fmt: skip


def test_the_board_and_the_waiting_room_tell_one_truth(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: AtDesk
) -> None:
    visit = _give(tilleuls, jeanne, alice, NOW)
    with time_machine.travel(NOW, tick=False) as clock:
        desk = at_desk(alice)
        assert "MESANGE Jeanne" in desk.get("/day/").content.decode()
        answer = desk.post(f"/visits/{visit.pk}/steps/arrive/", headers=HX)
        told = json.loads(answer["HX-Trigger"])
        assert (answer.status_code, "changed" in told) == (204, True)
        clock.shift(timedelta(minutes=8))
        desk.get("/day/")  # someone is at the keyboard
        clock.shift(timedelta(minutes=8))
        page = desk.get("/day/?part=board").content.decode()
        assert "En attente 16 min" in page
        assert "too-long" in page
        assert "plus de 15 min" in desk.get("/rail/").content.decode()
        desk.post(told["notice"]["undo"], headers=HX)
        assert "En attente" not in desk.get("/day/?part=board").content.decode()


def test_the_board_costs_the_same_with_one_and_ten_visits(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: AtDesk,
) -> None:  # fmt: skip
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(alice)
        desk.get("/day/")
        for number in range(10):
            _give(tilleuls, jeanne, alice, NOW + timedelta(minutes=15 * number))
            if number in (0, 9):
                with CaptureQueriesContext(connection) as seen:
                    desk.get("/day/")
                counts.append(len(seen))
    assert counts[0] == counts[1]


def test_an_unexpected_patient_is_at_once_in_the_waiting_room(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: AtDesk
) -> None:
    _give(tilleuls, jeanne, alice, NOW)  # the time is taken: it is a squeeze
    token = str(uuid4())
    form = {"patient": jeanne.pk, "place": tilleuls.agendas["Lefèvre"].pk, "form_token": token}
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(alice)
        for _ in range(2):  # a double click
            assert desk.post("/walk-ins/new/", form, headers=HX).status_code == 204
    visit = Visit.objects.get()
    assert (visit.unexpected, visit.appointment.squeezed, visit.arrived_at) == (True, True, NOW)


def test_what_is_typed_on_a_call_is_found_again_after_a_crash(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: AtDesk
) -> None:
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(alice)
        page = desk.get("/calls/new/?fiche=abc", headers=HX)
        sheet = page.context["sheet"]
        words = {"caller_name": "Sa fille", "request": "Douleurs", "patient": jeanne.pk}
        kept = desk.post(f"/calls/{sheet}/words/", words, headers=HX)
        assert kept.status_code == 200
        again = desk.get("/calls/new/?fiche=abc", headers=HX).content.decode()
    assert "Sa fille" in again
    assert "Douleurs" in again
    assert Call.objects.get().patient == jeanne


def test_two_sendings_of_an_outcome_make_one_call(alice: Staff, at_desk: AtDesk) -> None:
    sheet = uuid4()
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(alice)
        for _ in range(2):
            answer = desk.post(f"/calls/{sheet}/outcome/", {"outcome": "nothing"}, headers=HX)
            assert answer.status_code == 204
    assert Call.objects.get().outcome == "nothing"


def test_a_pause_that_arrives_after_the_outcome_says_nothing(alice: Staff, at_desk: AtDesk) -> None:
    sheet, words = uuid4(), {"request": "Horaires du cabinet", "patient": ""}
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(alice)
        desk.post(f"/calls/{sheet}/outcome/", {**words, "outcome": "informed"}, headers=HX)
        late = desk.post(f"/calls/{sheet}/words/", words, headers=HX)
        other = desk.post(f"/calls/{sheet}/words/", {**words, "request": "Autre"}, headers=HX)
    assert (late.status_code, other.status_code) == (204, 409)
    assert Call.objects.get().request == "Horaires du cabinet"


def test_nobody_hangs_up_by_enter_alone(alice: Staff, at_desk: AtDesk) -> None:
    with time_machine.travel(NOW, tick=False):
        answer = at_desk(alice).post(f"/calls/{uuid4()}/outcome/", {"request": "x"}, headers=HX)
    assert answer.status_code == 400
    assert "issue" in answer.content.decode()


def test_the_number_names_the_household_and_the_card_says_what_may_be_told(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: AtDesk
) -> None:
    _give(tilleuls, jeanne, alice, NOW + timedelta(days=1))
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(alice)
        known = desk.get("/calls/caller/?caller_phone=0639980001").content.decode()
        card = desk.get(f"/calls/card/?patient={jeanne.pk}").content.decode()
    assert "MESANGE Jeanne" in known
    assert "mardi 24 novembre à 09:00" in card


def test_promises_are_on_the_list_until_someone_keeps_them(
    tilleuls: House, alice: Staff, at_desk: AtDesk
) -> None:
    call = actions.answer(by=alice, at=NOW)
    actions.close(
        call=call, version=1, outcome="informed", call_back_by=NOW + timedelta(minutes=30),
        by=alice, at=NOW,
    )  # fmt: skip
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        desk = at_desk(alice)
        assert "dépassé" in desk.get("/calls/").content.decode()
        told = json.loads(desk.post(f"/calls/{call.pk}/settlement/")["HX-Trigger"])
        assert "dépassé" not in desk.get("/calls/").content.decode()
        desk.post(told["notice"]["undo"])
        assert "dépassé" in desk.get("/calls/").content.decode()


@pytest.mark.parametrize(
    ("word", "hour", "expected"),
    [
        ("", 9, None),
        ("30", 9, (23, 9, 30)),
        ("noon", 9, (23, 12, 0)),
        ("noon", 14, (24, 12, 0)),
        ("evening", 14, (23, 18, 0)),
        ("tomorrow", 9, (24, 12, 0)),
    ],
)
def test_a_promise_is_a_moment(
    word: str, hour: int, expected: tuple[int, int, int] | None, paris: Callable[..., datetime]
) -> None:
    found = promised(word, paris(hour), "Europe/Paris")
    if expected is None:
        assert found is None
        return
    day, hours, minutes = expected
    assert found == paris(hours, minutes, day=date(2026, 11, day))


def test_the_other_practice_sees_no_call_and_moves_no_visit(
    tilleuls: House, alice: Staff, charlie: Staff, jeanne: Patient, at_desk: AtDesk
) -> None:
    call = actions.answer(by=alice, at=NOW)
    visit = _give(tilleuls, jeanne, alice, NOW)
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(charlie)
        assert desk.get(f"/calls/{call.pk}/").status_code == 404
        assert desk.post(f"/visits/{visit.pk}/steps/arrive/").status_code == 404
        assert desk.get(f"/calls/card/?patient={jeanne.pk}").status_code == 404
        assert "MESANGE" not in desk.get("/day/").content.decode()
    assert not Visit.objects.exists()


def test_a_doctor_reads_and_settles_the_messages_addressed_to_them(
    tilleuls: House, alice: Staff, lefevre: Staff, at_desk: AtDesk
) -> None:
    for name, words in (("Lefèvre", "Rappeler la pharmacie"), ("Moreau", "Résultats arrivés")):
        call = actions.jot(
            call=actions.answer(by=alice, at=NOW), version=1, by=alice, at=NOW, message=words
        )
        actions.close(
            call=call, version=2, outcome="message", by=alice, at=NOW,
            message_for=tilleuls.practitioners[name],
        )  # fmt: skip
    theirs, mine = Call.objects.order_by("-pk")
    with time_machine.travel(NOW, tick=False):
        desk = at_desk(lefevre)
        page = desk.get("/day/").content.decode()
        assert "Rappeler la pharmacie" in page
        assert "Résultats arrivés" not in page
        assert desk.post(f"/calls/{theirs.pk}/settlement/", headers=HX).status_code == 404
        assert desk.post(f"/calls/{mine.pk}/settlement/", headers=HX).status_code == 204
        assert "Rappeler la pharmacie" not in desk.get("/day/").content.decode()
