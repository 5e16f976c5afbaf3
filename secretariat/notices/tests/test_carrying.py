"""From a promise to the moment a patient knows, through a recording channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from secretariat.core.refusal import BadInput
from secretariat.notices import actions, kinds
from secretariat.notices.actions.carrying import without_answer, without_news
from secretariat.notices.actions.texts import check
from secretariat.notices.kinds import Facts, Kind, Wording
from secretariat.notices.models import Notice
from secretariat.outbox import opening
from secretariat.outbox.channels import Letter, Outcome, Receipt
from secretariat.outbox.dispatching import dispatch
from secretariat.outbox.models import Message
from secretariat.patients.actions import NewContactPoint, register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW

VISIT = NOW + timedelta(days=2)


@dataclass
class Recorder:
    """A channel that remembers what it was handed, and answers what the test wants."""

    sent: list[Letter] = field(default_factory=list)
    answers: list[Receipt] = field(default_factory=list)
    confirms: bool = False

    def send(self, letter: Letter) -> Receipt:
        self.sent.append(letter)
        return self.answers.pop(0) if self.answers else Receipt(Outcome.ACCEPTED, reference="r")

    def cents(self, body: str) -> int:
        return 6

    def close(self) -> None:
        pass


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The practice sends SMS, and e-mails, by this channel; « test.visit » is a kind of notice."""
    recorder = Recorder()
    monkeypatch.setattr(opening, "_openers", dict.fromkeys(("sms", "email"), lambda _pk: recorder))
    monkeypatch.setattr(opening, "_limits", [])
    words = Wording("Votre rendez-vous", "Rendez-vous {rendezvous}, {lieu}.\nRépondre : {lien}")
    kind = Kind(
        "test.visit", "Rendez-vous", _facts, {("sms", "fr"): words, ("email", "fr"): words}
    )  # fmt: skip
    monkeypatch.setattr(opening, "_limits", [])
    monkeypatch.setattr(kinds, "_declared", {"test.visit": kind})
    return recorder


def _facts(notices: object) -> dict[int, Facts]:
    return {
        notice.pk: Facts(when=notice.about_at, place=notice.detail.get("place", "Ville-Invention"))
        for notice in notices  # type: ignore[attr-defined]
        if not notice.detail.get("gone")
    }


def person(alice: Staff, name: str, *points: NewContactPoint) -> Patient:
    return register(
        practice=alice.practice, by=alice, at=NOW, birth_name=name, given_names="Anne",
        birth_date=date(1980, 5, 4), sex="F", contact_points=list(points),
    )  # fmt: skip


def mobile(number: str = "0639981234") -> NewContactPoint:
    return NewContactPoint(number, accepts_messages=True)


def promised(patient: Patient, cause: str, when: datetime = VISIT, **more: object) -> Notice:
    notice = actions.promise(
        practice_id=patient.practice_id, kind="test.visit", cause=cause, patient_id=patient.pk,
        about_id=1, about_at=when, by=None, at=NOW, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    assert notice is not None
    return notice


def carry_and_send(alice: Staff, at: datetime = NOW) -> None:
    actions.carry(practice_id=alice.practice_id, at=at)
    dispatch(lambda: at)


def test_what_is_promised_leaves_and_is_known(alice: Staff, sms: Recorder) -> None:
    notice = promised(person(alice, "MARTIN", mobile()), "visit:1")
    carry_and_send(alice)
    [letter] = sms.sent
    assert letter.to == "+33639981234"
    assert letter.body == "Rendez-vous mercredi 25 novembre à 8 h 00, Ville-Invention."
    notice.refresh_from_db()
    assert (notice.state, notice.told_how) == (Notice.State.TOLD, "sms")


def test_a_cause_is_promised_once_however_often_it_is_asked(alice: Staff, sms: Recorder) -> None:
    patient = person(alice, "MARTIN", mobile())
    promised(patient, "visit:1")
    again = actions.promise(
        practice_id=patient.practice_id, kind="test.visit", cause="visit:1",
        patient_id=patient.pk, by=None, at=NOW,
    )  # fmt: skip
    assert again is None
    for _time in range(3):
        carry_and_send(alice)
    assert len(sms.sent) == 1


def test_three_children_on_one_phone_get_one_message_that_names_nobody(
    alice: Staff, sms: Recorder
) -> None:
    for number, name in enumerate(("MARTIN", "MARTINET", "MARTINEAU")):
        when = VISIT + timedelta(minutes=15 * number)
        promised(person(alice, name, mobile()), f"visit:{number}", when)
    carry_and_send(alice)
    [letter] = sms.sent
    assert "8 h 00, 8 h 15 et 8 h 30" in letter.body
    assert "MARTIN" not in letter.body.upper()
    assert Notice.objects.filter(state=Notice.State.TOLD).count() == 3


def test_one_message_for_two_places_says_where_each_visit_is(alice: Staff, sms: Recorder) -> None:
    patient = person(alice, "MARTIN", mobile())
    promised(patient, "visit:1", VISIT + timedelta(hours=2), detail={"place": "Le Port"})
    promised(patient, "visit:2")
    carry_and_send(alice)
    [letter] = sms.sent
    first, second = "8 h 00 (Ville-Invention)", "10 h 00 (Le Port)"
    assert first in letter.body
    assert second in letter.body
    assert letter.body.endswith(", Le Port et Ville-Invention.")


def test_who_has_no_way_to_be_written_to_is_to_be_called(alice: Staff, sms: Recorder) -> None:
    must = promised(person(alice, "MARTIN", NewContactPoint("0639981234")), "visit:1")
    courtesy = promised(person(alice, "DURAND"), "visit:2", must=False)
    carry_and_send(alice)
    must.refresh_from_db()
    courtesy.refresh_from_db()
    assert (must.state, must.why) == (
        Notice.State.UNREACHED,
        "N’a pas accepté de recevoir des messages.",
    )
    assert courtesy.state == Notice.State.CLOSED


def test_a_refused_sms_is_followed_by_an_email_then_by_a_person(
    alice: Staff, sms: Recorder
) -> None:
    mail = NewContactPoint("anne@example.org", system="email", accepts_messages=True)
    notice = promised(person(alice, "MARTIN", mobile(), mail), "visit:1")
    no = Receipt(Outcome.REFUSED, detail="Ce numéro n’existe pas.")
    sms.answers = [no, Receipt(Outcome.REFUSED, detail="Boîte inconnue.")]
    carry_and_send(alice)
    carry_and_send(alice)
    carry_and_send(alice)
    assert [letter.to for letter in sms.sent] == ["+33639981234", "anne@example.org"]
    notice.refresh_from_db()
    assert (notice.state, notice.why) == (
        Notice.State.UNREACHED,
        "Les messages n’ont pas pu lui être remis.",
    )


def test_a_gateway_that_is_down_is_tried_again_and_loses_nothing(
    alice: Staff, sms: Recorder
) -> None:
    promised(person(alice, "MARTIN", mobile()), "visit:1")
    sms.answers = [Receipt(Outcome.LATER, detail="La passerelle ne répond pas.", everyone=True)]
    carry_and_send(alice)
    carry_and_send(alice, NOW + timedelta(seconds=30))
    assert len(sms.sent) == 1
    carry_and_send(alice, NOW + timedelta(minutes=2))
    first, second = sms.sent
    assert first.stable_id == second.stable_id
    assert Message.objects.get().state == Message.State.SENT


def test_a_visit_that_is_no_more_says_nothing(alice: Staff, sms: Recorder) -> None:
    notice = promised(person(alice, "MARTIN", mobile()), "visit:1", detail={"gone": True})
    carry_and_send(alice)
    notice.refresh_from_db()
    assert (sms.sent, notice.state) == ([], Notice.State.WITHDRAWN)


def test_what_was_taken_back_before_it_left_does_not_leave(alice: Staff, sms: Recorder) -> None:
    notice = promised(person(alice, "MARTIN", mobile()), "visit:1")
    actions.carry(practice_id=alice.practice_id, at=NOW)
    gone = actions.withdraw(practice_id=alice.practice_id, kinds=("test.",), about_ids=[1], at=NOW)
    dispatch(lambda: NOW)
    notice.refresh_from_db()
    assert (gone, sms.sent, notice.state) == ([], [], Notice.State.WITHDRAWN)


def test_at_night_nothing_leaves_before_the_morning(alice: Staff, sms: Recorder) -> None:
    promised(person(alice, "MARTIN", mobile()), "visit:1")
    night = NOW + timedelta(hours=13)
    carry_and_send(alice, night)
    assert sms.sent == []
    carry_and_send(alice, NOW + timedelta(hours=23))
    assert len(sms.sent) == 1


def test_told_by_telephone_withdraws_the_message(alice: Staff, sms: Recorder) -> None:
    notice = promised(person(alice, "MARTIN", mobile()), "visit:1")
    actions.carry(practice_id=alice.practice_id, at=NOW)
    actions.told(notice=notice, how="phone", by=alice, at=NOW)
    dispatch(lambda: NOW)
    assert sms.sent == []


def test_who_does_not_answer_in_time_is_to_be_called(alice: Staff, sms: Recorder) -> None:
    notice = promised(
        person(alice, "MARTIN", mobile()), "visit:1", answer_by=NOW + timedelta(hours=4)
    )
    carry_and_send(alice)
    without_answer(practice_id=alice.practice_id, at=NOW + timedelta(hours=5))
    notice.refresh_from_db()
    assert (notice.state, notice.why) == (Notice.State.UNREACHED, "N’a pas répondu au message.")


def test_a_message_whose_arrival_is_never_confirmed_becomes_a_call(
    alice: Staff, sms: Recorder
) -> None:
    sms.confirms = True
    notice = promised(person(alice, "MARTIN", mobile()), "visit:1")
    carry_and_send(alice)
    notice.refresh_from_db()
    assert notice.state == Notice.State.CARRIED
    for hours in (3, 5):
        without_news(practice_id=alice.practice_id, at=NOW + timedelta(hours=hours))
        notice.refresh_from_db()
        assert (notice.state == Notice.State.UNREACHED) == (hours == 5)


def test_who_needs_an_interpreter_of_english_is_written_to_in_english(
    alice: Staff, sms: Recorder
) -> None:
    patient = person(alice, "SMITH", mobile())
    patient.needs_interpreter = "Anglais"
    patient.save()
    promised(patient, "visit:1")
    carry_and_send(alice)
    assert "Wednesday 25 November at 08:00" in sms.sent[0].body


@pytest.fixture(autouse=True)
def _desk(tilleuls: object) -> Iterator[None]:
    """The Tilleuls are in scope."""
    yield


def test_written_again_after_a_failure_it_leaves_again(alice: Staff, sms: Recorder) -> None:
    notice = promised(person(alice, "MARTIN", mobile()), "visit:1")
    sms.answers = [Receipt(Outcome.REFUSED, detail="Ce numéro n’existe pas.")]
    carry_and_send(alice)
    carry_and_send(alice)
    notice.refresh_from_db()
    assert notice.state == Notice.State.UNREACHED
    actions.write_again(notice=notice, by=alice, at=NOW)
    carry_and_send(alice)
    notice.refresh_from_db()
    assert (len(sms.sent), notice.state) == (2, Notice.State.TOLD)
    assert len(notice.detail["messages"]) == 1


def test_a_stop_holds_back_what_was_about_to_leave(alice: Staff, sms: Recorder) -> None:
    from secretariat.notices.actions.hearing import stop

    notice = promised(person(alice, "MARTIN", mobile()), "visit:1")
    actions.carry(practice_id=alice.practice_id, at=NOW)
    stop(practice_id=alice.practice_id, address="+33639981234", at=NOW, by=alice)
    carry_and_send(alice)
    notice.refresh_from_db()
    assert (sms.sent, notice.state) == ([], Notice.State.UNREACHED)
    assert "STOP" in notice.why


def test_on_saturday_night_monday_s_first_patient_is_told_at_once(
    alice: Staff, sms: Recorder
) -> None:
    """Sunday is quiet: waiting for Monday 8:00 would be waiting for the visit."""
    saturday = NOW + timedelta(days=5, hours=14)
    assert saturday.weekday() == 5
    monday = saturday + timedelta(hours=34)  # 9:00 in Paris
    for number, name, when, must in (
        (1, "MARTIN", monday, True),
        (2, "DURAND", monday, False),
        (3, "PETIT", monday + timedelta(hours=9), True),
    ):
        patient = person(alice, name, mobile(f"063998123{number}"))
        promised(patient, f"visit:{number}", when, due_at=saturday, must=must)
    carry_and_send(alice, saturday)
    assert [letter.to for letter in sms.sent] == ["+33639981231"]


@pytest.mark.parametrize("subject,body", [("Objet\nBcc: x", "Bonjour"), ("", "Bon\u202ejour")])
def test_a_text_hides_nothing_in_what_is_not_seen(subject: str, body: str) -> None:
    with pytest.raises(BadInput):
        check(subject, body, ())
