"""What a patient was told, on their page and on the visit; addresses that said STOP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from secretariat.agenda import actions as agenda
from secretariat.agenda.models import Appointment
from secretariat.notices import actions
from secretariat.notices.models import Notice, Stop
from secretariat.outbox import opening
from secretariat.outbox.channels import Letter, Outcome, Receipt
from secretariat.outbox.dispatching import dispatch
from secretariat.outbox.models import Message
from secretariat.patients.actions import NewContactPoint, register
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, House

AtDesk = Callable[[Staff], Client]
HX = {"HX-Request": "true"}
LATER = NOW + timedelta(minutes=2)
MOBILE, MAIL = "0639981234", "anne@example.org"


class Gateway:
    """Takes what is sent; refuses what is sent to the numbers it does not know."""

    confirms = False

    def __init__(self) -> None:
        self.unknown: set[str] = set()

    def send(self, letter: Letter) -> Receipt:
        if letter.to in self.unknown:
            return Receipt(Outcome.REFUSED, detail="Ce numéro n’existe pas.")
        return Receipt(Outcome.ACCEPTED, reference="r")

    def cents(self, body: str) -> int:
        return 6

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def gateway(tilleuls: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """The practice sends SMS and e-mails through it."""
    found = Gateway()
    monkeypatch.setattr(opening, "_openers", dict.fromkeys(("sms", "email"), lambda _pk: found))
    monkeypatch.setattr(opening, "_limits", [])
    with time_machine.travel(NOW, tick=False):
        yield found


def person(alice: Staff, *points: NewContactPoint, name: str = "MARTIN") -> Patient:
    return register(
        practice=alice.practice, by=alice, at=NOW, birth_name=name, given_names="Anne",
        birth_date=date(1980, 5, 4), sex="F", despite_duplicates=True, contact_points=list(points),
    )  # fmt: skip


def mobile(*, accepts: bool = True) -> NewContactPoint:
    return NewContactPoint(MOBILE, accepts_messages=accepts)


def given(house: House, alice: Staff, patient: Patient, hours: int = 50) -> Appointment:
    """A visit that the practice gave, and what was told of it."""
    visit = agenda.book(
        agenda=house.agenda("Lefèvre"), patient=patient, reason=house.reasons["Consultation"],
        starts_at=NOW + timedelta(hours=hours), by=alice, at=NOW,
    )  # fmt: skip
    for _time in range(2):
        actions.carry(practice_id=alice.practice_id, at=LATER)
        dispatch(lambda: LATER)
    return visit


def read(desk: Client, address: str) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_page_of_a_patient_says_what_was_told_how_and_when(
    tilleuls: House, alice: Staff, at_desk: AtDesk
) -> None:
    patient = person(alice, mobile())
    given(tilleuls, alice, patient)
    said = read(at_desk(alice), f"/patients/{patient.pk}/")
    assert "Confirmation du rendez-vous · 25 novembre, 11:00 Prévenu" in said
    assert "23/11 09:02 SMS 06 39 98 12 34 : envoyé" in said


def test_the_visit_says_each_way_that_failed_and_who_called(
    tilleuls: House, alice: Staff, at_desk: AtDesk, gateway: Gateway
) -> None:
    gateway.unknown = {"+33639981234", MAIL}
    mail = NewContactPoint(MAIL, system="email", accepts_messages=True)
    patient = person(alice, mobile(), mail)
    visit = given(tilleuls, alice, patient)
    Notice.objects.update(state=Notice.State.UNREACHED, unreached_at=NOW, why="Non remis.")
    actions.attempt(
        notices=list(Notice.objects.all()), how="phone", number="+33639981234", outcome="told",
        by=alice, at=LATER,
    )  # fmt: skip
    said = read(at_desk(alice), f"/agenda/appointments/{visit.pk}/")
    assert "SMS 06 39 98 12 34 : non remis · Ce numéro n’existe pas." in said
    assert f"Courriel {MAIL} : non remis" in said
    assert "Téléphone 06 39 98 12 34 : prévenu · Alice" in said


def test_the_text_as_it_left_is_read_on_demand(
    tilleuls: House, alice: Staff, charlie: Staff, at_desk: AtDesk
) -> None:
    patient = person(alice, mobile())
    given(tilleuls, alice, patient)
    message = Message.objects.get()
    page = at_desk(alice).get(f"/patients/{patient.pk}/").content.decode()
    assert message.body not in page
    assert f"/messages/{message.pk}/text/" in page
    said = read(at_desk(alice), f"/messages/{message.pk}/text/")
    assert "mercredi 25 novembre" in said
    assert "Consultation" not in said
    assert at_desk(charlie).get(f"/messages/{message.pk}/text/").status_code == 404


def test_everything_that_was_said_can_be_read(
    tilleuls: House, alice: Staff, at_desk: AtDesk
) -> None:
    patient = person(alice, mobile())
    for hours in (49, 50, 54, 55, 56, 73, 74, 78):
        given(tilleuls, alice, patient, hours)
    desk = at_desk(alice)
    assert read(desk, f"/patients/{patient.pk}/").count("Confirmation du rendez-vous ·") == 6
    whole = read(desk, f"/patients/{patient.pk}/messages/")
    assert whole.count("Confirmation du rendez-vous ·") == 8


def test_who_cannot_be_written_to_is_known_before_the_time_is_given(
    alice: Staff, at_desk: AtDesk
) -> None:
    desk = at_desk(alice)
    for patient, why in (
        (person(alice), "Aucun téléphone ni courriel dans son dossier."),
        (person(alice, NewContactPoint("0139981234", accepts_messages=True)), "Ni mobile ni"),
        (person(alice, mobile(accepts=False)), "N’a pas accepté de recevoir des messages."),
    ):
        said = read(desk, f"/agenda/warnings/?patient={patient.pk}")
        assert why in said
        assert "Dire l’heure de vive voix" in said
    able = person(alice, mobile())
    assert "vive voix" not in read(desk, f"/agenda/warnings/?patient={able.pk}")


def test_stop_is_written_down_by_hand_and_lifted(alice: Staff, at_desk: AtDesk) -> None:
    patient = person(alice, mobile())
    point = ContactPoint.objects.get()
    desk = at_desk(alice)
    assert "Noter STOP" in read(desk, f"/patients/{patient.pk}/")
    answer = desk.post(f"/contact-points/{point.pk}/stop/", headers=HX)
    assert Stop.objects.get().by == alice
    said = read(desk, f"/patients/{patient.pk}/")
    assert "STOP depuis le 23 novembre" in said
    assert "A demandé à ne plus recevoir de messages (STOP)." in said
    desk.post(json.loads(answer["HX-Trigger"])["notice"]["undo"], headers=HX)
    assert not Stop.objects.exists()
    assert "STOP depuis" not in read(desk, f"/patients/{patient.pk}/")


def test_a_stopped_number_gets_nothing_and_a_person_calls(
    tilleuls: House, alice: Staff, at_desk: AtDesk
) -> None:
    patient = person(alice, mobile())
    point = ContactPoint.objects.get()
    at_desk(alice).post(f"/contact-points/{point.pk}/stop/", headers=HX)
    visit = given(tilleuls, alice, patient)
    agenda.cancel(
        appointment=visit, version=visit.version, wanted_by="practice", why="", by=alice, at=LATER
    )  # fmt: skip
    actions.carry(practice_id=alice.practice_id, at=LATER + timedelta(minutes=5))
    assert not Message.objects.exists()
    said = read(at_desk(alice), "/unreached/?part=list")
    assert "Rendez-vous annulé" in said
    assert "STOP" in said
