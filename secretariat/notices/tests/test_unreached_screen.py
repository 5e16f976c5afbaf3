"""« Non joints », as the desk sees it: who, before when, why, which number, one key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secretariat.core import clock
from secretariat.notices import actions, kinds
from secretariat.notices.kinds import Facts, Kind, Wording
from secretariat.notices.models import Attempt, Notice
from secretariat.outbox import opening
from secretariat.outbox.models import Message
from secretariat.patients.actions import NewContactPoint, join_household, register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

AtDesk = Callable[[Staff], Client]
HX = {"HX-Request": "true"}
LIST = "/unreached/?part=list"


@pytest.fixture(autouse=True)
def _desk(tilleuls: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The practice sends nothing: everyone is to be called. « test.visit » is a kind of notice."""
    monkeypatch.setattr(opening, "_openers", {})
    words = Wording("", "Rendez-vous {rendezvous}")
    kind = Kind(
        "test.visit", "Rendez-vous annulé", lambda ones: {one.pk: Facts() for one in ones},
        {("sms", "fr"): words, ("letter", "fr"): words},
    )  # fmt: skip
    monkeypatch.setattr(kinds, "_declared", {"test.visit": kind})
    with time_machine.travel(NOW, tick=False):
        yield


def person(alice: Staff, name: str, *numbers: str, given: str = "Anne", **more: object) -> Patient:
    return register(
        practice=alice.practice, by=alice, at=NOW, birth_name=name, given_names=given,
        birth_date=date(1980, 5, 4), sex="F", despite_duplicates=True,
        contact_points=[NewContactPoint(number) for number in numbers], **more,  # type: ignore[arg-type]
    )  # fmt: skip


def to_tell(patient: Patient, hours: float = 30, kind: str = "test.visit") -> Notice:
    """A notice that no message could carry."""
    when = NOW + timedelta(hours=hours)
    notice = actions.promise(
        practice_id=patient.practice_id, kind=kind, cause=f"{patient.pk}:{hours}",
        patient_id=patient.pk, about_at=when, by=None, at=NOW,
    )  # fmt: skip
    assert notice
    actions.carry(practice_id=patient.practice_id, at=NOW)
    notice.refresh_from_db()
    return notice


def read(desk: Client, address: str = LIST) -> str:
    answer = desk.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def press(desk: Client, address: str, *notices: Notice, **more: str) -> dict[str, object]:
    answer = desk.post(address, {"notice": [n.pk for n in notices], **more}, headers=HX)
    assert answer.status_code == 204, answer.content.decode()
    told: dict[str, object] = json.loads(answer["HX-Trigger"])
    assert "changed" in told
    return told


def undo(desk: Client, told: dict[str, object]) -> None:
    address = told["notice"]["undo"]  # type: ignore[index]
    assert desk.post(address, headers=HX).status_code == 204


def state(notice: Notice) -> str:
    notice.refresh_from_db()
    return notice.state


def test_each_line_says_who_what_before_when_why_and_which_number(
    alice: Staff, at_desk: AtDesk
) -> None:
    to_tell(person(alice, "MARTIN", "06 39 98 12 34"))
    said = read(at_desk(alice))
    assert "MARTIN Anne" in said
    assert "Rendez-vous annulé · mardi 24 novembre, 15:00" in said
    assert "avant mar 24, 15:00" in said
    assert "N’a pas accepté de recevoir des messages." in said
    assert "06 39 98 12 34" in said


def test_the_most_pressing_comes_first_and_what_is_over_last(alice: Staff, at_desk: AtDesk) -> None:
    for name, hours in (("DEMAIN", 30.0), ("PASSE", -2.0), ("BIENTOT", 1.0)):
        to_tell(person(alice, name), hours)
    said = read(at_desk(alice))
    assert said.index("BIENTOT") < said.index("DEMAIN") < said.index("PASSE")
    assert "trop tard" in said


def test_nobody_to_reach_is_said(alice: Staff, at_desk: AtDesk) -> None:
    assert "Tout le monde est prévenu" in read(at_desk(alice))


def test_one_number_for_three_children_is_one_call(alice: Staff, at_desk: AtDesk) -> None:
    notices = [to_tell(person(alice, "MARTIN", "0639981234", given=one)) for one in ("Zoé", "Léo")]
    mother = person(alice, "DURAND", "0639985678")
    child = person(alice, "DURAND", given="Ilan")
    join_household(patient=child, version=child.version, other=mother, by=alice, at=NOW)
    to_tell(child)
    desk = at_desk(alice)
    said = read(desk)
    assert said.count("06 39 98 12 34") == 1
    assert "un appel pour 2" in said
    assert "06 39 98 56 78 foyer : DURAND Anne" in said
    press(desk, "/unreached/tries/", *notices, outcome="told", number="+33639981234")
    assert {state(one) for one in notices} == {Notice.State.TOLD}


def test_what_an_adult_must_know_is_not_said_to_another_of_the_home(
    alice: Staff, at_desk: AtDesk
) -> None:
    one, other = (person(alice, "MARTIN", number, given=given) for number, given in (
        ("0639981234", "Zoé"), ("0639985678", "Max")))  # fmt: skip
    join_household(patient=one, version=one.version, other=other, by=alice, at=NOW)
    for each in (one, other):
        to_tell(each)
    assert "un appel pour" not in read(at_desk(alice))


def test_told_by_telephone_leaves_the_list_and_undo_brings_back(
    alice: Staff, at_desk: AtDesk
) -> None:
    notice = to_tell(person(alice, "MARTIN", "0639981234"))
    desk = at_desk(alice)
    told = press(desk, "/unreached/tries/", notice, outcome="told", number="+33639981234")
    assert state(notice) == Notice.State.TOLD
    assert (notice.told_by, notice.told_how) == (alice, "phone")
    assert "MARTIN" not in read(desk)
    assert "MARTIN Anne" in read(desk, "/unreached/?tab=told")
    undo(desk, told)
    assert state(notice) == Notice.State.UNREACHED
    assert not Attempt.objects.exists()


def test_a_voicemail_stays_to_be_reached_with_who_tried_and_when(
    alice: Staff, at_desk: AtDesk
) -> None:
    notice = to_tell(person(alice, "MARTIN", "0639981234"))
    desk = at_desk(alice)
    press(desk, "/unreached/tries/", notice, outcome="voicemail", number="+33639981234")
    assert state(notice) == Notice.State.UNREACHED
    assert "23/11 09:00 Téléphone 06 39 98 12 34 : message sur répondeur" in read(desk)


def test_who_does_not_answer_stays_with_the_number_of_tries_and_the_last_one(
    at_desk: AtDesk, alice: Staff
) -> None:
    desk = at_desk(alice)
    notice = to_tell(person(alice, "MARTIN", "0639981234"))
    for minutes in (0, 2):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            press(desk, "/unreached/tries/", notice, outcome="no_answer", number="+33639981234")
    shown = desk.get(LIST).text
    last = clock.local(NOW + timedelta(minutes=2), "Europe/Paris")
    assert "MARTIN" in shown and "(2 essais)" in shown
    assert f"{last:%d/%m %H:%M}" in shown and "ne répond pas" in shown


def test_a_wrong_number_is_not_rung_again(alice: Staff, at_desk: AtDesk) -> None:
    notice = to_tell(person(alice, "MARTIN", "0639981234", "0139987654"))
    desk = at_desk(alice)
    press(desk, "/unreached/tries/", notice, outcome="wrong_number", number="+33639981234")
    page = desk.get(LIST).content.decode()
    assert "faux numéro" in page
    assert "phone=%2B33139987654" in page  # the call sheet takes the other one
    assert 'href="tel:+33639981234"' not in page


def test_what_another_desk_told_is_not_told_twice(
    alice: Staff, zoe: Staff, at_desk: AtDesk
) -> None:
    notice = to_tell(person(alice, "MARTIN", "0639981234"))
    press(at_desk(zoe), "/unreached/tries/", notice, outcome="told")
    answer = at_desk(alice).post(
        "/unreached/tries/", {"notice": notice.pk, "outcome": "no_answer"}, headers=HX
    )
    assert answer.status_code == 409
    assert "Un autre poste s’en est déjà occupé" in answer.content.decode()
    notice.refresh_from_db()
    assert notice.told_by == zoe


def test_written_again_waits_a_moment_and_can_be_held_back(alice: Staff, at_desk: AtDesk) -> None:
    notice = to_tell(person(alice, "MARTIN", "0639981234"))
    desk = at_desk(alice)
    told = press(desk, "/unreached/messages/", notice)
    assert state(notice) == Notice.State.PROMISED
    assert notice.due_at == NOW + timedelta(seconds=20)
    assert "MARTIN Anne" in read(desk, "/unreached/?tab=under-way")
    undo(desk, told)
    assert state(notice) == Notice.State.UNREACHED


def test_a_letter_joins_those_to_print_and_can_be_held_back(alice: Staff, at_desk: AtDesk) -> None:
    notice = to_tell(person(alice, "MARTIN", address="1 rue Inventée", town="Ville-Invention"))
    desk = at_desk(alice)
    told = press(desk, "/unreached/letters/", notice)
    assert state(notice) == Notice.State.CARRIED
    assert "à imprimer" in read(desk, "/unreached/?tab=under-way")
    undo(desk, told)
    assert state(notice) == Notice.State.UNREACHED
    assert Message.objects.get().state == Message.State.WITHDRAWN
    press(desk, "/unreached/letters/", notice)
    assert Message.objects.filter(state=Message.State.WAITING).count() == 1


def test_no_letter_without_an_address(alice: Staff, at_desk: AtDesk) -> None:
    notice = to_tell(person(alice, "MARTIN"))
    answer = at_desk(alice).post("/unreached/letters/", {"notice": notice.pk}, headers=HX)
    assert answer.status_code == 409
    assert "n’a pas d’adresse" in answer.content.decode()
    assert state(notice) == Notice.State.UNREACHED


def test_what_has_no_text_for_a_letter_is_said_by_telephone(
    alice: Staff, at_desk: AtDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = to_tell(person(alice, "MARTIN", town="Ville-Invention"))
    known = kinds.kind_of("test.visit")
    monkeypatch.setitem(kinds._declared, "test.visit", replace(known, texts={}))
    answer = at_desk(alice).post("/unreached/letters/", {"notice": notice.pk}, headers=HX)
    assert answer.status_code == 409
    assert "ne se dit pas par courrier" in answer.content.decode()


def test_nobody_is_given_up_without_a_reason(alice: Staff, at_desk: AtDesk) -> None:
    notice = to_tell(person(alice, "MARTIN"))
    desk = at_desk(alice)
    assert "MARTIN Anne" in read(desk, f"/unreached/closing/?notice={notice.pk}")
    asked = {"notice": notice.pk, "reason": "", "words": ""}
    assert desk.post("/unreached/closing/", asked, headers=HX).status_code == 422
    told = press(desk, "/unreached/closing/", notice, reason="Un proche s’en charge.")
    assert state(notice) == Notice.State.CLOSED
    assert (notice.why, notice.closed_by) == ("Un proche s’en charge.", alice)
    undo(desk, told)
    assert state(notice) == Notice.State.UNREACHED


def test_who_falls_on_the_list_moves_the_pulse_of_every_desk(alice: Staff, at_desk: AtDesk) -> None:
    desk = at_desk(alice)
    before = desk.get("/pulse/").content
    to_tell(person(alice, "MARTIN"))
    registered = Entry.objects.order_by("number").values_list("verb", flat=True)
    assert list(registered)[-1] == "notices.unreached"
    assert desk.get("/pulse/").content != before


def test_the_rail_counts_the_people_to_reach(alice: Staff, at_desk: AtDesk) -> None:
    patient = person(alice, "MARTIN")
    to_tell(patient, 30)
    to_tell(patient, 31)
    assert "Non joints 1" in read(at_desk(alice), "/rail/")


def test_the_call_sheet_opens_filled(alice: Staff, at_desk: AtDesk) -> None:
    to_tell(person(alice, "MARTIN", "0639981234"))
    desk = at_desk(alice)
    [address] = re.findall(r'href="(/calls/new/[^"]+)"', desk.get(LIST).content.decode())
    sheet = desk.get(address.replace("&amp;", "&")).content.decode()
    assert 'value="06 39 98 12 34"' in sheet
    assert 'value="MARTIN Anne"' in sheet
    assert "À prévenir : rendez-vous annulé" in sheet


def test_a_doctor_reads_the_list_and_does_nothing(
    alice: Staff, lefevre: Staff, at_desk: AtDesk
) -> None:
    notice = to_tell(person(alice, "MARTIN", "0639981234"))
    desk = at_desk(lefevre)
    page = desk.get(LIST).content.decode()
    assert "MARTIN" in page
    assert "data-row-key" not in page
    asked = {"notice": notice.pk, "outcome": "told"}
    assert desk.post("/unreached/tries/", asked, headers=HX).status_code == 404


def test_two_hundred_lines_cost_no_more_statements_than_one(alice: Staff, at_desk: AtDesk) -> None:
    counts = []
    desk = at_desk(alice)
    desk.get(LIST)
    for number in range(5):
        patient = person(alice, f"MARTIN{'ABCDE'[number]}", f"06399812{number:02}")
        notice = to_tell(patient, 30 + number)
        for _time in range(2):
            actions.attempt(
                notices=[notice], how="phone", number="", outcome="busy", by=alice, at=NOW
            )
        if number in (0, 4):
            with CaptureQueriesContext(connection) as seen:
                desk.get(LIST)
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_list_that_would_look_the_same_is_not_sent_again(alice: Staff, at_desk: AtDesk) -> None:
    notice = to_tell(person(alice, "MARTIN"), 5)
    desk = at_desk(alice)
    [seen] = re.findall(r'name="seen" value="(\w+)"', desk.get("/unreached/").content.decode())
    assert desk.get(f"{LIST}&seen={seen}").status_code == 204
    actions.attempt(notices=[notice], how="phone", number="", outcome="busy", by=alice, at=NOW)
    assert desk.get(f"{LIST}&seen={seen}").status_code == 200
    [seen] = re.findall(r'name="seen" value="(\w+)"', desk.get("/unreached/").content.decode())
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):  # it has become pressing
        desk = at_desk(alice)
        assert desk.get(f"{LIST}&seen={seen}").status_code == 200


def test_who_left_the_list_is_not_someone_elses(
    alice: Staff, charlie: Staff, at_desk: AtDesk
) -> None:
    notice = to_tell(person(alice, "MARTIN"))
    desk = at_desk(charlie)
    assert "MARTIN" not in desk.get("/unreached/").content.decode()
    for address in ("/unreached/tries/", "/unreached/messages/", "/unreached/letters/"):
        asked = {"notice": notice.pk, "outcome": "told"}
        assert desk.post(address, asked, headers=HX).status_code == 404
    assert state(notice) == Notice.State.UNREACHED


def test_a_plain_form_works_without_a_script(alice: Staff, at_desk: AtDesk) -> None:
    notice = to_tell(person(alice, "MARTIN"))
    desk = at_desk(alice)
    answer = desk.post("/unreached/tries/", {"notice": notice.pk, "outcome": "told"})
    assert (answer.status_code, answer["Location"]) == (302, "/unreached/")
    assert "MARTIN Anne : prévenu." in desk.get("/unreached/").content.decode()


def test_datetime_is_the_practice_s(alice: Staff, at_desk: AtDesk) -> None:
    """A day of told ends at midnight on the practice's clock."""
    notice = to_tell(person(alice, "MARTIN"))
    actions.told(
        notice=notice, how="desk", by=alice, at=datetime(2026, 11, 22, 22, 59, tzinfo=NOW.tzinfo)
    )
    assert "MARTIN" not in read(at_desk(alice), "/unreached/?tab=told")
