"""« À revoir » on screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import unescape

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions.recalls import Due, recall
from secretariat.agenda.models import Recall, RecallCampaign
from secretariat.agenda.tests.desk_forms import HTMX
from secretariat.agenda.tests.waiting_scene import given, person
from secretariat.agenda.views.campaigns import safe
from secretariat.notices.tests.test_carrying import Recorder
from secretariat.outbox import opening
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Desk = Callable[[Staff], Client]
Paris = Callable[..., datetime]
URL = "/agenda/waiting/recalls/"


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def to_see(house: House, patient: Patient, on: date = TODAY) -> Recall:
    return recall(
        patient=patient, reason=house.reasons["Consultation"], due=Due(on),
        by=house.staff["Alice"], at=NOW,
    )  # fmt: skip


def test_in_three_months_from_a_visit(
    tilleuls: House, alice: Staff, at_desk: Desk, paris: Paris
) -> None:
    visit, desk = given(tilleuls, person(tilleuls, "ARNAUD"), paris(11)), at_desk(alice)
    assert "Contrôle dans…" in read(desk, f"/agenda/appointments/{visit.pk}/")
    assert "ARNAUD" in read(desk, f"{URL}new/?visit={visit.pk}")
    typed = {
        "patient": visit.patient_id, "reason": visit.reason_id, "months": 3, "tolerance_days": 30,
        "practitioner": visit.agenda.practitioner_id,
    }  # fmt: skip
    assert desk.post(f"{URL}new/", typed, headers=HTMX).status_code == 204
    made = Recall.objects.get()
    assert (made.due_on, made.by_month) == (date(2027, 2, 1), True)
    assert "ARNAUD" not in read(desk, URL)
    assert "en février 2027" in read(desk, f"{URL}?month=2027-02")
    assert "À revoir en février 2027" in read(desk, f"/patients/{visit.patient_id}/")


def test_a_time_is_looked_for_when_and_with_whom_it_was_said(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    recall(
        patient=person(tilleuls, "ARNAUD"), reason=tilleuls.reasons["Consultation"],
        due=Due(date(2027, 2, 1), by_month=True), by=alice, at=NOW,
        practitioner=tilleuls.practitioners["Moreau"],
    )  # fmt: skip
    worklist = read(at_desk(alice), f"{URL}?month=2027-02")
    assert f"&from=2027-02-01&agenda={tilleuls.agendas['Moreau'].pk}" in worklist


def test_without_a_date_nothing_is_written(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    typed = {
        "patient": person(tilleuls, "ARNAUD").pk, "reason": tilleuls.reasons["Consultation"].pk
    }  # fmt: skip
    answer = at_desk(alice).post(f"{URL}new/", typed, headers=HTMX)
    assert answer.status_code == 422
    assert "Dites dans combien de mois" in unescape(answer.content.decode())


def test_a_recall_is_called_put_off_and_settled(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    one, desk = to_see(tilleuls, person(tilleuls, "ARNAUD", mobile="0639980001")), at_desk(alice)
    assert "06 39 98 00 01" in read(desk, URL).replace("\N{NO-BREAK SPACE}", " ")
    called = desk.post(f"{URL}{one.pk}/calls/", {"outcome": "voicemail"}, headers=HTMX)
    assert called.status_code == 204
    assert "message sur répondeur" in read(desk, f"{URL}{one.pk}/")
    assert desk.post(f"{URL}{one.pk}/", {"months": 6}, headers=HTMX).status_code == 204
    assert "Personne à revoir" in read(desk, URL)
    closed = desk.post(f"{URL}{one.pk}/closing/", {"outcome": "refused"}, headers=HTMX)
    assert closed.status_code == 204
    assert "Ne souhaite pas" in read(desk, f"{URL}?over=1&month=2027-05")
    assert desk.post(f"{URL}{one.pk}/opening/", headers=HTMX).status_code == 204


def test_messages_go_to_those_who_were_ticked(
    tilleuls: House, alice: Staff, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_openers", {"sms": lambda _pk: Recorder()})
    one = to_see(tilleuls, person(tilleuls, "ARNAUD", mobile="0639980001"))
    to_see(tilleuls, person(tilleuls, "BERGER", mobile="0639980002"))
    desk = at_desk(alice)
    answer = desk.post(f"{URL}messages/", {"recall": [one.pk]}, headers=HTMX)
    assert "1 message \\u00e0 envoyer" in answer.headers["HX-Trigger"]
    assert list(Recall.objects.order_by("pk").values_list("tries", flat=True)) == [1, 0]


def test_who_is_left_in_peace(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    patient, desk = person(tilleuls, "ARNAUD"), at_desk(alice)
    to_see(tilleuls, patient)
    url = f"{URL}silence/{patient.pk}/"
    assert desk.post(url, {"why": ""}, headers=HTMX).status_code == 400
    assert desk.post(url, {"why": "L’a demandé"}, headers=HTMX).status_code == 204
    assert "Ne plus relancer" in read(desk, f"/patients/{patient.pk}/")
    assert "Personne à revoir" in read(desk, URL)
    assert desk.post(url, {"lift": "1"}, headers=HTMX).status_code == 204


def test_a_campaign_is_counted_then_created_then_exported(
    tilleuls: House, alice: Staff, at_desk: Desk, zoe: Staff
) -> None:
    person(tilleuls, "ARNAUD")
    desk, url = at_desk(alice), f"{URL}campaigns/"
    typed = {
        "name": "Grippe", "reason": tilleuls.reasons["Consultation"].pk, "day": "2026-12-01",
        "age_from": 18, "sex": "F",
    }  # fmt: skip
    counted = desk.post(url, typed | {"count": "1"}, headers=HTMX)
    assert "1 patient répond" in unescape(counted.content.decode())
    assert not Recall.objects.exists()
    assert desk.post(url, typed, headers=HTMX).status_code == 204
    made = RecallCampaign.objects.get()
    table = desk.get(f"{url}{made.pk}/export/").content.decode()
    assert "ARNAUD;ANNE;04/05/1980;le 01/12/2026;0;" in table
    assert "Grippe" in read(desk, url)
    assert at_desk(zoe).get(url).status_code == 404
    assert desk.get(f"{url}{made.pk + 1}/export/").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe("MARTIN") == "MARTIN"
