"""The waiting list and the freed times on screen, and the page behind an offer's link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions.offering import choose_time, write_to
from secretariat.agenda.models import Appointment, FreedTime, Hold, Waiting, WaitingOffer
from secretariat.agenda.tests.desk_forms import HTMX
from secretariat.agenda.tests.waiting_scene import given, person, waits
from secretariat.notices import links
from secretariat.notices.models import Notice
from secretariat.outbox import actions as outbox
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Desk = Callable[[Staff], Client]
Paris = Callable[..., datetime]
URL = "/agenda/waiting/"


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def freed(tilleuls: House, alice: Staff, paris: Paris) -> FreedTime:
    """11:00 of Dr Lefèvre, for two who wait; only the first accepts messages."""
    waits(tilleuls, person(tilleuls, "ARNAUD", mobile="0639980001"))
    waits(tilleuls, person(tilleuls, "BERGER"), NOW + timedelta(minutes=1))
    return choose_time(
        agenda=tilleuls.agenda("Lefèvre"), starts_at=paris(11), ends_at=paris(11, 15), by=alice,
        at=NOW,
    )  # fmt: skip


def read(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def test_an_empty_list_says_what_to_do(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    assert "Personne n’attend." in read(at_desk(alice), URL)


def test_someone_is_entered_changed_and_leaves(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    desk, patient = at_desk(alice), person(tilleuls, "ARNAUD")
    reason = tilleuls.reasons["Consultation"]
    assert "ARNAUD" in read(desk, f"{URL}new/?patient={patient.pk}&reason={reason.pk}")
    typed = {"patient": patient.pk, "reason": reason.pk, "weekdays": [0, 3], "from_time": "14:00"}
    assert desk.post(f"{URL}new/", typed, headers=HTMX).status_code == 204
    shown = read(desk, URL)
    assert "lundi, jeudi · après 14 h" in shown.replace("\N{NO-BREAK SPACE}", " ")
    waiting = Waiting.objects.get()
    more = {
        "version": 1, "priority": 1, "priority_by": tilleuls.practitioners["Lefèvre"].pk,
        "doctors": [tilleuls.practitioners["Lefèvre"].pk],
    }  # fmt: skip
    assert desk.post(f"{URL}{waiting.pk}/", more, headers=HTMX).status_code == 204
    waiting.refresh_from_db()
    assert (waiting.priority, waiting.priority_on) == (1, NOW.date())
    assert "Urgente" in read(desk, URL)
    told = desk.post(f"{URL}{waiting.pk}/end/", {"outcome": "elsewhere"}, headers=HTMX)
    assert told.status_code == 204
    assert "Personne n’attend." in read(desk, URL)
    assert "ARNAUD" in read(desk, f"{URL}?over=1")
    assert desk.post(f"{URL}{waiting.pk}/return/", headers=HTMX).status_code == 204
    assert "ARNAUD" in read(desk, URL)


def test_freed_times_that_follow_are_one_line_and_left_free_at_once(
    tilleuls: House, alice: Staff, at_desk: Desk, paris: Paris, freed: FreedTime
) -> None:
    for minute in (15, 30, 45):
        some = paris(11, minute), paris(11, minute) + timedelta(minutes=15)
        choose_time(
            agenda=tilleuls.agenda("Lefèvre"), starts_at=some[0], ends_at=some[1], by=alice, at=NOW
        )
    choose_time(
        agenda=tilleuls.agenda("Moreau"), starts_at=paris(11, 30), ends_at=paris(11, 45), by=alice,
        at=NOW,
    )  # fmt: skip
    desk = at_desk(alice)
    shown = read(desk, URL)
    assert shown.count('<li id="freed-') == 2  # the four in a row, the other doctor’s
    assert "11:00</time> – 12:00" in shown
    write_to(freed=freed, by=alice, at=NOW)
    assert read(desk, URL).count('<li id="freed-') == 3  # the one that someone was asked about
    keys = list(FreedTime.objects.filter(agenda=freed.agenda).values_list("pk", flat=True))
    told = desk.post("/agenda/freed/closing/", {"freed": keys}, headers=HTMX)
    assert "3 cr\\u00e9neaux laiss\\u00e9s libres." in told.headers["HX-Trigger"]
    assert set(FreedTime.objects.filter(closed_at=None)) >= {freed}
    assert FreedTime.objects.filter(closed_at=None).count() == 2


def test_a_priority_without_its_doctor_is_refused(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    patient = person(tilleuls, "ARNAUD")
    typed = {"patient": patient.pk, "reason": tilleuls.reasons["Urgence"].pk, "priority": 1}
    answer = at_desk(alice).post(f"{URL}new/", typed, headers=HTMX)
    assert answer.status_code == 400
    assert "décidée par un médecin" in unescape(answer.content.decode())


def test_the_list_is_filtered(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD"), doctors=(tilleuls.practitioners["Moreau"],))
    waits(tilleuls, person(tilleuls, "BERGER"), reason="Urgence")
    desk = at_desk(alice)
    lefevre = tilleuls.practitioners["Lefèvre"].pk
    assert "ARNAUD" not in (shown := read(desk, f"{URL}?doctor={lefevre}"))
    assert "BERGER" in shown
    assert "BERGER" not in read(desk, f"{URL}?reason={tilleuls.reasons['Consultation'].pk}")
    assert "avec ces critères" in read(desk, f"{URL}?priority=1")


def test_a_search_that_suits_nobody_leads_to_the_list(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    patient = person(tilleuls, "ARNAUD")
    url = f"/agenda/find/?reason={tilleuls.reasons['Consultation'].pk}&patient={patient.pk}"
    assert "inscrire en attente" in read(at_desk(alice), url)


def test_the_search_keeps_the_days_that_suit(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    until = TODAY + timedelta(days=9)
    waits(tilleuls, person(tilleuls, "ARNAUD"), weekdays=0b1010, to_date=until)
    assert f"&until={until}&on=1&on=3" in read(at_desk(alice), URL)


def test_a_visit_may_be_wanted_sooner(
    tilleuls: House, alice: Staff, at_desk: Desk, paris: Paris
) -> None:
    visit = given(tilleuls, person(tilleuls, "ARNAUD"), paris(16))
    desk = at_desk(alice)
    assert "Plus tôt si possible" in read(desk, f"/agenda/appointments/{visit.pk}/")
    sheet = read(desk, f"{URL}new/?visit={visit.pk}")
    assert "seul un temps plus tôt" in sheet
    typed = {"patient": visit.patient_id, "reason": visit.reason_id, "visit": visit.pk}
    assert desk.post(f"{URL}new/", typed, headers=HTMX).status_code == 204
    assert Waiting.objects.get().visit_id == visit.pk
    assert "attend depuis" in read(desk, f"/patients/{visit.patient_id}/")


def test_who_fits_is_shown_before_anything_is_written(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD"))
    agenda = tilleuls.agendas["Lefèvre"].pk
    url = f"{URL}time/?agenda={agenda}&at=2026-11-23T11:00"
    desk = at_desk(alice)
    assert "1 patient pourrait venir" in read(desk, url)
    assert not FreedTime.objects.exists()
    assert "Ne répond pas" in desk.post(url, headers=HTMX).content.decode()
    assert FreedTime.objects.get().why == "chosen"


def test_calls_are_noted_by_key_and_the_time_is_given(
    tilleuls: House, alice: Staff, at_desk: Desk, freed: FreedTime
) -> None:
    desk = at_desk(alice)
    first, second = Waiting.objects.order_by("asked_at")
    sheet = read(desk, f"/agenda/freed/{freed.pk}/")
    assert sheet.index("ARNAUD") < sheet.index("BERGER")
    assert desk.post(f"/agenda/freed/{freed.pk}/hold/", headers=HTMX).status_code == 200
    assert Hold.objects.count() == 1
    calls = f"/agenda/freed/{freed.pk}/calls/"
    assert "Ne répond pas" in (
        desk.post(f"{calls}{first.pk}/", {"answer": "no_answer"}, headers=HTMX).content.decode()
    )
    answer = desk.post(f"{calls}{second.pk}/", {"answer": "accepted"}, headers=HTMX)
    assert answer.status_code == 204
    assert Appointment.objects.get().patient_id == second.patient_id


def test_an_offer_by_message_is_seen_in_the_grid(
    tilleuls: House, alice: Staff, at_desk: Desk, freed: FreedTime
) -> None:
    desk = at_desk(alice)
    answer = desk.post(f"/agenda/freed/{freed.pk}/offer/", {"how": "message"}, headers=HTMX)
    assert "Tenu pour 1 patient" in unescape(answer.content.decode())
    agenda = tilleuls.agendas["Lefèvre"].pk
    grid = desk.get(f"/agenda/times/?agenda={agenda}&date=2026-11-23").json()
    assert "Proposé à ARNAUD Anne" in [one["words"] for one in grid["closed"]]
    assert "proposé à 1 patient" in read(desk, URL)
    assert desk.post(f"/agenda/freed/{freed.pk}/closing/", headers=HTMX).status_code == 204
    assert not Hold.objects.exists()


def linked(house: House, alice: Staff, freed: FreedTime) -> tuple[WaitingOffer, str]:
    """The offer as it stands when its message has left, and its link."""
    [offer] = write_to(freed=freed, by=alice, at=NOW)
    message = outbox.queue(
        practice_id=house.practice.pk, kind="notices.notice", cause="test", channel="sms",
        address="+33639980001", at=NOW,
    )  # fmt: skip
    assert message is not None
    Notice.objects.filter(about_id=offer.pk).update(
        message=message, state="told", told_at=NOW, told_how="sms"
    )
    address = links.address(house.practice.pk, message.pk, "creneau")
    return offer, address[address.index("/creneau/") :]


def test_looking_at_the_link_changes_nothing_and_says_only_when_and_where(
    tilleuls: House, alice: Staff, freed: FreedTime
) -> None:
    offer, url = linked(tilleuls, alice, freed)
    for _time in range(5):
        shown = read(Client(), url)
    assert "Lundi 23 novembre 2026, 11 h 00" in shown
    for secret in ("ARNAUD", "Consultation", "Lefèvre", "Médecine"):
        assert secret not in shown
    offer.refresh_from_db()
    assert offer.state == "open"


def test_a_patient_takes_the_time_by_the_link(
    tilleuls: House, alice: Staff, freed: FreedTime, paris: Paris
) -> None:
    _offer, url = linked(tilleuls, alice, freed)
    patient = Client()
    assert patient.post(f"{url}{_offer.pk}/yes/").status_code == 302
    assert "ce créneau est à vous" in read(patient, url)
    visit = Appointment.objects.get()
    assert (visit.starts_at, visit.created_by.role_key) == (paris(11), "patient_link")
    assert Notice.objects.get(kind="waiting.offer").answer == "confirmed"


def test_a_patient_refuses_by_the_link(tilleuls: House, alice: Staff, freed: FreedTime) -> None:
    offer, url = linked(tilleuls, alice, freed)
    patient = Client()
    assert patient.post(f"{url}{offer.pk}/no/").status_code == 302
    assert "Vous restez sur la liste" in read(patient, url)
    assert patient.post(f"{url}{offer.pk}/maybe/").status_code == 404
    assert patient.post(f"{url}{offer.pk + 1}/yes/").status_code == 404
    late = patient.post(f"{url}{offer.pk}/yes/")
    assert late.status_code == 409


def test_rules_of_offers_are_set_by_those_who_may(
    tilleuls: House, alice: Staff, at_desk: Desk, zoe: Staff
) -> None:
    typed = {"automatic": "on", "at_once": 2, "answer_minutes": 45}
    assert at_desk(alice).post(f"{URL}rules/", typed, headers=HTMX).status_code == 204
    assert at_desk(zoe).post(f"{URL}rules/", typed, headers=HTMX).status_code == 404
    assert "checked" in read(at_desk(alice), URL)
