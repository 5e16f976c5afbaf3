"""« Textes des messages »: the practice's own words, and what they may not say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from secretariat.agenda import actions as agenda
from secretariat.notices import queries
from secretariat.notices.models import Template
from secretariat.patients.actions import register
from secretariat.practice.models import Staff
from tests.cast import NOW, House

AtDesk = Callable[[Staff], Client]
HX = {"HX-Request": "true"}
SMS = "/texts/visit.booked/sms/fr/"
MAIL = "/texts/visit.booked/email/fr/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """The desk has just opened."""
    with time_machine.travel(NOW, tick=False):
        yield


def words(html: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.decode()).split())


def kept(alice: Staff, kind: str = "visit.booked") -> str:
    """What leaves by SMS now, "" when it is our words."""
    found = queries.templates_of([alice.practice_id]).get((kind, "sms", "fr"))
    return found.body if found else ""


def write(desk: Client, body: str, version: int = 0, address: str = SMS) -> tuple[int, str]:
    answer = desk.post(address, {"body": body, "version": version}, headers=HX)
    return answer.status_code, words(answer.content)


def test_every_kind_is_listed_with_its_channels(alice: Staff, at_desk: AtDesk) -> None:
    said = words(at_desk(alice).get("/texts/").content)
    assert "Rappel du rendez-vous SMS" in said
    assert "SMS (anglais)" in said


def test_the_practice_s_words_leave_from_then_on(
    tilleuls: House, alice: Staff, at_desk: AtDesk
) -> None:
    desk = at_desk(alice)
    assert write(desk, "À bientôt {rendezvous}.")[0] == 204
    assert kept(alice) == "À bientôt {rendezvous}."
    assert "le vôtre, Alice, 23 novembre" in words(desk.get("/texts/").content)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("Pour {motif}, {rendezvous}", "« {motif} » n’existe pas"),
        ("Votre première consultation {rendezvous}", "nomme « Première consultation »"),
        ("En dermatologie {rendezvous}", "nomme « Dermatologie »"),
        ("{rendezvous", "Une accolade est seule"),
        ("   ", "Ce texte est vide"),
    ],
)
def test_a_text_that_says_too_much_is_refused_and_says_why(
    alice: Staff, at_desk: AtDesk, body: str, why: str
) -> None:
    desk = at_desk(alice)
    status, said = write(desk, body)
    assert (status, kept(alice)) == (400, "")
    assert why in said
    shown = desk.post(f"{SMS}preview/", {"body": body, "version": 0}, headers=HX)
    assert why in words(shown.content)


def test_a_reason_that_says_nothing_may_be_named(alice: Staff, at_desk: AtDesk) -> None:
    assert write(at_desk(alice), "Votre consultation : {rendezvous}")[0] == 204


def test_the_preview_is_what_leaves_for_the_next_visit(
    tilleuls: House, alice: Staff, at_desk: AtDesk
) -> None:
    desk = at_desk(alice)
    asked = {"body": "Rendez-vous {rendezvous}, à l’étage", "version": 0}
    shown = words(desk.post(f"{SMS}preview/", asked, headers=HX).content)
    assert "Exemple inventé" in shown
    patient = register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="MARTIN", given_names="Anne",
        birth_date=date(1980, 5, 4), sex="F",
    )  # fmt: skip
    agenda.book(
        agenda=tilleuls.agenda("Lefèvre"), patient=patient, starts_at=NOW + timedelta(hours=50),
        reason=tilleuls.reasons["Consultation"], by=alice, at=NOW,
    )  # fmt: skip
    shown = words(desk.post(f"{SMS}preview/", asked, headers=HX).content)
    assert "Rendez-vous mercredi 25 novembre à 11 h 00, à l&#x27;étage" in shown
    assert "1 SMS facturé" in shown
    assert "MARTIN" not in shown
    asked["patient"] = patient.pk
    assert "25 novembre" in words(desk.post(f"{SMS}preview/", asked, headers=HX).content)


def test_two_who_write_the_same_text_do_not_erase_each_other(
    alice: Staff, keller: Staff, at_desk: AtDesk
) -> None:
    assert write(at_desk(keller), "À bientôt {rendezvous}.")[0] == 204
    status, said = write(at_desk(alice), "Rendez-vous {rendezvous}.")
    assert status == 409
    assert "Mme Keller vient de changer ce texte" in said
    assert kept(alice) == "À bientôt {rendezvous}."


def test_back_to_our_words_keeps_the_history(alice: Staff, keller: Staff, at_desk: AtDesk) -> None:
    desk = at_desk(alice)
    write(desk, "À bientôt {rendezvous}.")
    write(at_desk(keller), "À demain {rendezvous}.", 1)
    answer = desk.post(f"{SMS}ours/", {"body": "x", "version": 2}, headers=HX)
    assert "texte d’origine" in json.loads(answer["HX-Trigger"])["notice"]["text"]
    assert kept(alice) == ""
    said = words(desk.get(SMS).content)
    assert "3 · Alice" in said
    assert "retour au texte d’origine" in said
    assert "2 · Mme Keller" in said
    assert "À bientôt {rendezvous}." in said
    assert write(desk, "De nouveau {rendezvous}.", 3)[0] == 204
    assert Template.objects.get().version == 4


def test_a_mail_has_a_subject_which_says_no_more_than_its_text(
    alice: Staff, at_desk: AtDesk
) -> None:
    desk = at_desk(alice)
    asked = {"subject": "Votre rendez-vous de dermatologie", "body": "{rendezvous}", "version": 0}
    assert desk.post(MAIL, asked, headers=HX).status_code == 400
    asked["subject"] = "Votre rendez-vous"
    assert desk.post(MAIL, asked, headers=HX).status_code == 204
    assert Template.objects.get().subject == "Votre rendez-vous"


def test_a_text_kept_from_its_own_page_leads_back_to_the_list(
    alice: Staff, at_desk: AtDesk
) -> None:
    desk, asked = at_desk(alice), {"body": "À bientôt {rendezvous}.", "version": 0}
    beside = HX | {"HX-Current-URL": "http://testserver/texts/"}
    assert "sheetClose" in desk.post(SMS, asked, headers=beside)["HX-Trigger"]
    alone = HX | {"HX-Current-URL": f"http://testserver{SMS}"}
    assert desk.post(SMS, asked | {"version": 1}, headers=alone)["HX-Redirect"] == "/texts/"
    assert "votre texte part désormais" in words(desk.get("/texts/").content)


def test_the_preview_leaves_letters_as_the_sender_does(
    tilleuls: House, alice: Staff, at_desk: AtDesk
) -> None:
    asked = {"body": "À bientôt, ça ira : {rendezvous}", "version": 0}
    shown = words(at_desk(alice).post(f"{SMS}preview/", asked, headers=HX).content)
    assert "A bientot, ca ira" in shown


def test_who_may_not_write_texts_finds_none(zoe: Staff, at_desk: AtDesk) -> None:
    desk = at_desk(zoe)
    assert desk.get("/texts/").status_code == 404
    assert write(desk, "{rendezvous}")[0] == 404


def test_a_text_that_nobody_declared_does_not_exist(alice: Staff, at_desk: AtDesk) -> None:
    assert at_desk(alice).get("/texts/visit.nothing/sms/fr/").status_code == 404
    assert at_desk(alice).get("/texts/visit.booked/sms/de/").status_code == 404
