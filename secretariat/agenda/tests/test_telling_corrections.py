"""What patients believe after a deed was undone, done twice, or crossed a message in flight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from secretariat.agenda import telling
from secretariat.agenda.actions import book, by_patient, cancel, move, restore
from secretariat.agenda.actions.by_patient import give_up
from secretariat.agenda.actions.reminding import remind
from secretariat.agenda.models import Appointment
from secretariat.agenda.queries.by_link import visits
from secretariat.notices.actions import ask_another, carry
from secretariat.notices.models import Notice
from secretariat.notices.tests.test_carrying import Recorder, mobile, person
from secretariat.outbox import opening
from secretariat.outbox.actions import delivered, sending
from secretariat.outbox.dispatching import dispatch
from secretariat.outbox.models import Message
from secretariat.patients.models import Patient
from secretariat.practice.actions import automatic_post
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Moment = Callable[..., datetime]
FRIDAY = date(2026, 11, 27)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The practice's SMS, remembered."""
    recorder = Recorder()
    monkeypatch.setattr(opening, "_openers", {"sms": lambda _pk: recorder})
    monkeypatch.setattr(opening, "_limits", [])
    return recorder


@pytest.fixture
def visit(tilleuls: House, alice: Staff, sms: Recorder, paris: Moment) -> Appointment:
    """Given at 9:30 on Friday, and its patient knows."""
    given = book(
        agenda=tilleuls.agenda("Lefèvre"), patient=person(alice, "MARTIN", mobile()),
        reason=tilleuls.reasons["Consultation"], starts_at=paris(9, 30, FRIDAY),
        by=alice, at=NOW,
    )  # fmt: skip
    leave(tilleuls, NOW + 2 * MINUTE)
    sms.sent.clear()
    return given


def leave(house: House, at: datetime) -> None:
    """The worker passes."""
    carry(practice_id=house.practice.pk, at=at)
    dispatch(lambda: at)


def in_hand(house: House, at: datetime) -> None:
    """A worker has taken what is due in hand, and has not written down that it left."""
    carry(practice_id=house.practice.pk, at=at)
    assert sending.claim(at=at, most=100)


def test_a_message_in_flight_when_the_deed_is_undone_is_corrected(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment
) -> None:
    """The SMS « annulé » is being sent while the cancelling is taken back."""
    gone = cancel(
        appointment=visit, version=visit.version, wanted_by="practice", why="", by=alice,
        at=NOW + HOUR,
    )  # fmt: skip
    in_hand(tilleuls, NOW + HOUR + MINUTE)
    restore(appointment=gone, by=alice, at=NOW + HOUR + MINUTE)
    leave(tilleuls, NOW + HOUR + 3 * MINUTE)
    assert [letter.body[:40] for letter in sms.sent] == ["Rendez-vous vendredi 27 novembre à 9 h 3"]


def test_moved_then_cancelled_by_mistake_then_restored_the_move_is_still_told(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment, paris: Moment
) -> None:
    later = NOW + HOUR
    moved = move(
        appointment=visit, version=visit.version, starts_at=paris(10, 0, FRIDAY), by=alice, at=later
    )
    gone = cancel(
        appointment=moved, version=moved.version, wanted_by="mistake", why="", by=alice, at=later
    )
    restore(appointment=gone, by=alice, at=later)
    leave(tilleuls, later + 2 * MINUTE)
    assert any("10 h 00" in letter.body for letter in sms.sent)


def test_there_and_back_within_a_minute_says_nothing(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment, paris: Moment
) -> None:
    later = NOW + HOUR
    there = move(
        appointment=visit, version=visit.version, starts_at=paris(10, 0, FRIDAY), by=alice, at=later
    )
    move(
        appointment=there, version=there.version, starts_at=paris(9, 30, FRIDAY), by=alice,
        at=later + timedelta(seconds=30),
    )  # fmt: skip
    leave(tilleuls, later + 3 * MINUTE)
    assert sms.sent == []


def test_moved_twice_in_a_minute_the_hour_of_before_is_the_one_they_know(
    tilleuls: House, alice: Staff, visit: Appointment, paris: Moment
) -> None:
    later = NOW + HOUR
    once = move(
        appointment=visit, version=visit.version, starts_at=paris(10, 0, FRIDAY), by=alice, at=later
    )
    move(appointment=once, version=once.version, starts_at=paris(11, 0, FRIDAY), by=alice, at=later)
    [notice] = Notice.objects.filter(kind=telling.MOVED, state=Notice.State.PROMISED)
    assert datetime.fromisoformat(notice.detail["before"]) == paris(9, 30, FRIDAY)


def test_another_place_at_the_same_hour_is_told(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment
) -> None:
    telling.moved(visit, visit.starts_at, alice, NOW + HOUR, site_before=0)
    leave(tilleuls, NOW + HOUR + 2 * MINUTE)
    assert len(sms.sent) == 1


def test_a_reminder_taken_back_with_a_cancelling_is_promised_again(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment, paris: Moment
) -> None:
    ten = paris(10, 0, date(2026, 11, 25))
    assert remind(practice_id=tilleuls.practice.pk, at=ten) == 1
    carry(practice_id=tilleuls.practice.pk, at=ten)
    gone = cancel(
        appointment=visit, version=visit.version, wanted_by="mistake", why="", by=alice, at=ten
    )
    restore(appointment=gone, by=alice, at=ten)
    remind(practice_id=tilleuls.practice.pk, at=ten + MINUTE)
    remind(practice_id=tilleuls.practice.pk, at=ten + MINUTE)
    leave(tilleuls, ten + 2 * MINUTE)
    assert [letter.body[:6] for letter in sms.sent].count("Rappel") == 1


def test_nobody_runs_after_a_visit_that_its_patient_cancelled_by_the_link(
    tilleuls: House, alice: Staff, visit: Appointment, paris: Moment
) -> None:
    moved = move(
        appointment=visit, version=visit.version, starts_at=paris(10, 0, FRIDAY), by=alice,
        at=NOW + HOUR,
    )  # fmt: skip
    Notice.objects.filter(kind=telling.MOVED).update(
        state=Notice.State.UNREACHED, unreached_at=NOW, why="Ne répond pas."
    )
    link = automatic_post(practice_id=tilleuls.practice.pk, role_key="patient_link", at=NOW)
    give_up(appointment=moved, version=moved.version, by=link, at=NOW + 2 * HOUR)
    assert not Notice.objects.filter(state=Notice.State.UNREACHED).exists()


def test_the_dead_are_not_written_to(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment, paris: Moment
) -> None:
    ten = paris(10, 0, date(2026, 11, 25))
    patient = visit.patient
    assert isinstance(patient, Patient)
    remind(practice_id=tilleuls.practice.pk, at=ten)
    carry(practice_id=tilleuls.practice.pk, at=ten)  # on its way when the death is written
    Patient.objects.filter(pk=patient.pk).update(deceased_on=date(2026, 11, 24))
    cancel(appointment=visit, version=visit.version, wanted_by="practice", why="", by=alice, at=ten)
    leave(tilleuls, ten + 2 * MINUTE)
    assert sms.sent == []
    assert not Notice.objects.filter(state=Notice.State.UNREACHED).exists()


def test_a_request_made_by_the_link_outlives_a_late_receipt(
    tilleuls: House, sms: Recorder, visit: Appointment
) -> None:
    """The operator says « delivered » after the patient has asked for another time."""
    notice = Notice.objects.get(kind=telling.BOOKED)
    message = notice.message
    assert message is not None
    Message.objects.update(state=Message.State.SENT, settled_at=None)
    link = automatic_post(practice_id=tilleuls.practice.pk, role_key="patient_link", at=NOW)
    ask_another(notice=notice, wanted="", by=link, at=NOW + HOUR)
    delivered(message=message, at=NOW + HOUR + MINUTE)
    notice.refresh_from_db()
    assert (notice.state, notice.why) == (Notice.State.UNREACHED, "Demande un autre moment.")


def test_one_message_that_cannot_be_written_does_not_stop_the_others(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment, paris: Moment
) -> None:
    later = NOW + HOUR
    for hour, name, number in ((10, "DURAND", "0639981235"), (11, "PETIT", "0639981236")):
        book(
            agenda=tilleuls.agenda("Lefèvre"), patient=person(alice, name, mobile(number)),
            reason=tilleuls.reasons["Consultation"], starts_at=paris(hour, 0, FRIDAY),
            by=alice, at=later,
        )  # fmt: skip
    Notice.objects.filter(about_at=paris(10, 0, FRIDAY)).update(detail={})
    leave(tilleuls, later + 2 * MINUTE)
    assert [letter.to for letter in sms.sent] == ["+33639981236"]
    assert Message.objects.get(address="+33639981235").failure


def test_who_was_given_another_s_visit_by_mistake_neither_sees_nor_hears_of_it(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment, paris: Moment
) -> None:
    """A link that has left opens the visit of its own patient, never of the one after."""
    ten = paris(10, 0, date(2026, 11, 25))
    [told] = Notice.objects.filter(kind=telling.BOOKED)
    remind(practice_id=tilleuls.practice.pk, at=ten)
    Appointment.objects.filter(pk=visit.pk).update(patient=person(alice, "DURAND"))
    leave(tilleuls, ten + 2 * MINUTE)
    assert sms.sent == []
    assert visits([told], ten) == []


def test_a_visit_moved_after_the_moment_of_its_reminder_is_told_once(
    tilleuls: House, alice: Staff, sms: Recorder, visit: Appointment, paris: Moment
) -> None:
    eleven = paris(11, 0, date(2026, 11, 24))
    move(
        appointment=visit, version=visit.version, starts_at=paris(10, 0, date(2026, 11, 26)),
        by=alice, at=eleven,
    )  # fmt: skip
    assert remind(practice_id=tilleuls.practice.pk, at=eleven) == 0
    leave(tilleuls, eleven + 2 * MINUTE)
    assert len(sms.sent) == 1


def test_a_patient_overtaken_by_a_desk_reads_nothing_of_the_agenda(
    tilleuls: House, visit: Appointment, paris: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hour was free when it was looked at, and is not when it is written."""
    monkeypatch.setattr(by_patient, "can_be_taken", lambda *args, **more: True)
    link = automatic_post(practice_id=tilleuls.practice.pk, role_key="patient_link", at=NOW)
    with pytest.raises(by_patient.NotOffered) as refused:
        by_patient.take(
            appointment=visit, version=visit.version, starts_at=paris(12, 30, FRIDAY), by=link,
            at=NOW + HOUR,
        )  # fmt: skip
    assert "Alice" not in refused.value.sentence
