"""A time that comes back goes to who fits, best first, and to one person only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from secretariat.agenda.actions import OutsideHours, book, cancel, move
from secretariat.agenda.actions.accepting import OfferOver, accept, by_phone, refuse
from secretariat.agenda.actions.offering import (
    NobodyToAsk,
    begin,
    choose_time,
    leave_free,
    pass_on,
    write_to,
)
from secretariat.agenda.actions.quotas import set_quota
from secretariat.agenda.actions.waiting import leave, set_rules
from secretariat.agenda.models import Appointment, FreedTime, Hold, Waiting, WaitingOffer
from secretariat.agenda.queries.waiting_fits import Place, fits
from secretariat.agenda.tests.waiting_scene import given, person, the_freed_time, waits
from secretariat.agenda.waiting_tasks import offer_all
from secretariat.core import scope
from secretariat.notices.models import Notice
from secretariat.practice.actions import automatic_post
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Paris = Callable[..., datetime]
HOUR = timedelta(hours=1)


def cancelled(house: House, visit: Appointment) -> None:
    cancel(
        appointment=visit, version=visit.version, wanted_by="patient", why="",
        by=house.staff["Alice"], at=NOW,
    )  # fmt: skip


def names(
    house: House, starts_at: datetime, minutes: int = 15, doctor: str = "Lefèvre"
) -> list[str]:
    ends_at = starts_at + timedelta(minutes=minutes)
    found = fits(Place(house.agenda(doctor), starts_at, ends_at), NOW)
    return [one.waiting.patient.birth_name for one in found]


def link(house: House) -> Staff:
    return automatic_post(practice_id=house.practice.pk, role_key="patient_link", at=NOW)


@pytest.fixture
def three(tilleuls: House, paris: Paris) -> list[Waiting]:
    """Three who wait, with a mobile each, and a visit just cancelled at 11:00."""
    found = [
        waits(tilleuls, person(tilleuls, name, mobile=f"06399800{n:02d}"), NOW + n * HOUR / 60)
        for n, name in enumerate(("ARNAUD", "BERGER", "COLIN"))
    ]
    cancelled(tilleuls, given(tilleuls, person(tilleuls, "DUPONT"), paris(11)))
    return found


def test_a_move_that_is_undone_frees_nothing(tilleuls: House, alice: Staff, paris: Paris) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD"), NOW)
    visit = given(tilleuls, person(tilleuls, "DUPONT"), paris(11))
    moved = move(appointment=visit, version=visit.version, starts_at=paris(15), by=alice, at=NOW)
    move(appointment=moved, version=moved.version, starts_at=paris(11), back=True, by=alice, at=NOW)
    left = FreedTime.objects.filter(starts_at=paris(15))
    assert not left.exists(), "15:00 was free all the time"


def test_a_cancelled_time_is_proposed_when_someone_waits(three: list[Waiting]) -> None:
    freed = the_freed_time()
    assert (freed.why, freed.state) == ("cancelled", "open")


def test_nothing_is_kept_when_nobody_waits(tilleuls: House, paris: Paris) -> None:
    cancelled(tilleuls, given(tilleuls, person(tilleuls, "DUPONT"), paris(11)))
    assert not FreedTime.objects.exists()


def test_a_visit_moved_frees_its_time(tilleuls: House, alice: Staff, paris: Paris) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD"))
    visit = given(tilleuls, person(tilleuls, "DUPONT"), paris(11))
    move(appointment=visit, version=1, starts_at=paris(15), by=alice, at=NOW)
    assert the_freed_time().starts_at == paris(11)


def test_the_urgent_then_the_longest_wait(tilleuls: House, paris: Paris) -> None:
    lefevre = tilleuls.practitioners["Lefèvre"]
    waits(tilleuls, person(tilleuls, "ARNAUD"), NOW + HOUR)
    waits(tilleuls, person(tilleuls, "BERGER"), NOW)
    waits(
        tilleuls, person(tilleuls, "COLIN"), NOW + 2 * HOUR, priority=1, priority_by=lefevre,
        priority_on=NOW.date(),
    )  # fmt: skip
    assert names(tilleuls, paris(11)) == ["COLIN", "BERGER", "ARNAUD"]


@pytest.mark.parametrize(
    "terms",
    [
        {"weekdays": 0b10},
        {"from_time": time(14)},
        {"to_time": time(10, 50)},
        {"from_date": NOW.date() + timedelta(days=1)},
        {"notice_minutes": 240},
    ],
)
def test_who_cannot_come_is_not_proposed(
    tilleuls: House, paris: Paris, terms: dict[str, Any]
) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD"), **terms)
    assert names(tilleuls, paris(11)) == []


def test_doctors_who_are_not_wanted_are_not_proposed(tilleuls: House, paris: Paris) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD"), doctors=(tilleuls.practitioners["Moreau"],))
    assert names(tilleuls, paris(11)) == []
    assert names(tilleuls, paris(11), doctor="Moreau") == ["ARNAUD"]


def test_a_longer_visit_needs_room_beside_the_freed_time(tilleuls: House, paris: Paris) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD"), reason="Première consultation")
    assert names(tilleuls, paris(11)) == ["ARNAUD"]
    given(tilleuls, person(tilleuls, "DUPONT"), paris(10, 45))
    given(tilleuls, person(tilleuls, "EDMOND"), paris(11, 15))
    assert names(tilleuls, paris(11)) == []


def test_a_time_kept_for_others_is_proposed_to_nobody_else(
    tilleuls: House, alice: Staff, paris: Paris
) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD"))
    waits(tilleuls, person(tilleuls, "BERGER"), NOW + HOUR, reason="Urgence")
    # As many times kept as the morning holds: all of it is the urgent patients'.
    set_quota(
        agenda=tilleuls.agenda("Lefèvre"), kind="keep", amount=12, minutes=15, part="morning",
        release="never", reasons=[tilleuls.reasons["Urgence"]], from_date=NOW.date(), by=alice,
        at=NOW,
    )  # fmt: skip
    assert names(tilleuls, paris(11)) == ["BERGER"]


def test_nobody_is_proposed_two_places_at_once(tilleuls: House, paris: Paris) -> None:
    patient = person(tilleuls, "ARNAUD")
    given(tilleuls, patient, paris(11), doctor="Moreau", reason="Urgence")
    waits(tilleuls, patient)
    assert names(tilleuls, paris(11)) == []


def test_only_something_sooner_is_proposed_to_who_has_a_visit(
    tilleuls: House, paris: Paris
) -> None:
    patient = person(tilleuls, "ARNAUD")
    waits(tilleuls, patient, visit=given(tilleuls, patient, paris(11, 30)))
    assert names(tilleuls, paris(14)) == []
    assert names(tilleuls, paris(11)) == ["ARNAUD"]


def test_the_dead_are_not_proposed(tilleuls: House, paris: Paris) -> None:
    patient = person(tilleuls, "ARNAUD")
    waits(tilleuls, patient)
    patient.deceased_on = NOW.date()
    patient.save()
    assert names(tilleuls, paris(11)) == []


def test_offers_hold_the_time_and_promise_a_message(
    tilleuls: House, alice: Staff, three: list[Waiting], paris: Paris
) -> None:
    offers = write_to(freed=the_freed_time(), by=alice, at=NOW)
    assert {offer.waiting_id for offer in offers} == {one.pk for one in three}
    assert {offer.expires_at for offer in offers} == {NOW + HOUR}
    assert Notice.objects.filter(kind="waiting.offer", state="promised").count() == 3
    with pytest.raises(OutsideHours, match="Envois automatiques"):
        book(
            agenda=tilleuls.agenda("Lefèvre"), patient=person(tilleuls, "ZOLA"), by=alice, at=NOW,
            reason=tilleuls.reasons["Consultation"], starts_at=paris(11),
        )  # fmt: skip


def test_asked_a_hundred_times_it_is_proposed_once(
    tilleuls: House, alice: Staff, three: list[Waiting]
) -> None:
    freed = the_freed_time()
    write_to(freed=freed, by=alice, at=NOW)
    for _time in range(100):
        assert write_to(freed=freed, by=alice, at=NOW) == []
        assert pass_on(freed=freed, at=NOW + timedelta(minutes=1)) == []
    assert WaitingOffer.objects.count() == 3
    assert Notice.objects.filter(kind="waiting.offer").count() == 3


def test_the_first_acceptance_has_it_and_the_others_are_told(
    tilleuls: House, alice: Staff, three: list[Waiting], paris: Paris
) -> None:
    first, second, third = write_to(freed=the_freed_time(), by=alice, at=NOW)
    told = Notice.objects.get(about_id=first.pk, kind="waiting.offer")
    told.state, told.told_at, told.told_how = "told", NOW, "sms"
    told.save()
    done = accept(offer=second, by=link(tilleuls), at=NOW)
    assert done.appointment is not None
    assert done.appointment.starts_at == paris(11)
    assert done.appointment.patient_id == three[1].patient_id
    first.refresh_from_db()
    third.refresh_from_db()
    assert {first.state, third.state} == {"taken"}
    # Only the one whose message had left is corrected; the other's never leaves.
    assert [one.about_id for one in Notice.objects.filter(kind="waiting.gone")] == [first.pk]
    assert Notice.objects.get(about_id=third.pk, kind="waiting.offer").state == "withdrawn"
    three[1].refresh_from_db()
    assert three[1].outcome == "booked"
    assert FreedTime.objects.get().state == "filled"
    assert not Hold.objects.exists()
    with pytest.raises(OfferOver, match="autre personne"):
        accept(offer=first, by=link(tilleuls), at=NOW)


def test_accepted_twice_it_is_given_once(
    tilleuls: House, alice: Staff, three: list[Waiting]
) -> None:
    offer, *_others = write_to(freed=the_freed_time(), by=alice, at=NOW)
    once = accept(offer=offer, by=link(tilleuls), at=NOW)
    again = accept(offer=offer, by=link(tilleuls), at=NOW)
    assert once.appointment_id == again.appointment_id
    assert Appointment.objects.filter(cancelled_at=None).count() == 1


def test_who_does_not_answer_leaves_it_to_the_next(
    tilleuls: House, keller: Staff, three: list[Waiting]
) -> None:
    set_rules(automatic=False, at_once=1, answer_minutes=30, by=keller, at=NOW)
    freed = the_freed_time()
    [first] = write_to(freed=freed, by=keller, at=NOW)
    later = NOW + timedelta(minutes=31)
    [second] = pass_on(freed=freed, at=later)
    assert pass_on(freed=freed, at=later) == []
    assert (first.waiting_id, second.waiting_id) == (three[0].pk, three[1].pk)
    with pytest.raises(OfferOver, match="trop tard"):
        accept(offer=first, by=link(tilleuls), at=later)
    refuse(offer=second, by=link(tilleuls), at=later)
    third = WaitingOffer.objects.get(state="open")
    assert third.waiting_id == three[2].pk
    refuse(offer=third, by=link(tilleuls), at=later)
    freed.refresh_from_db()
    assert (freed.state, freed.passes_on) == ("open", False)
    assert not Hold.objects.exists()


def test_a_message_that_finds_no_way_passes_to_the_next(
    tilleuls: House, keller: Staff, three: list[Waiting]
) -> None:
    set_rules(automatic=False, at_once=1, answer_minutes=30, by=keller, at=NOW)
    freed = the_freed_time()
    [first] = write_to(freed=freed, by=keller, at=NOW)
    Notice.objects.filter(about_id=first.pk).update(state="closed", why="Aucun numéro.")
    [second] = pass_on(freed=freed, at=NOW)
    first.refresh_from_db()
    assert (first.state, second.waiting_id) == ("unreached", three[1].pk)


def test_who_leaves_the_list_leaves_the_time_to_the_next(
    tilleuls: House, keller: Staff, three: list[Waiting]
) -> None:
    set_rules(automatic=False, at_once=1, answer_minutes=30, by=keller, at=NOW)
    write_to(freed=the_freed_time(), by=keller, at=NOW)
    assert offer_all(lambda: NOW) == 0
    scope.apply([tilleuls.practice.pk])
    leave(waiting=three[0], version=1, outcome="elsewhere", by=keller, at=NOW)
    assert offer_all(lambda: NOW) == 1
    scope.apply([tilleuls.practice.pk])
    assert WaitingOffer.objects.get(state="open").waiting_id == three[1].pk


def test_a_visit_moved_earlier_frees_its_own_time(
    tilleuls: House, alice: Staff, paris: Paris
) -> None:
    patient = person(tilleuls, "ARNAUD", mobile="0639980001")
    later = given(tilleuls, patient, paris(16))
    waits(tilleuls, patient, visit=later)
    waits(tilleuls, person(tilleuls, "BERGER", mobile="0639980002"), NOW + HOUR)
    cancelled(tilleuls, given(tilleuls, person(tilleuls, "DUPONT"), paris(11)))
    first, _second = write_to(freed=the_freed_time(), by=alice, at=NOW)
    done = accept(offer=first, by=link(tilleuls), at=NOW)
    assert done.appointment_id == later.pk
    later.refresh_from_db()
    assert later.starts_at == paris(11)
    freed = the_freed_time()
    assert (freed.starts_at, freed.why) == (paris(16), "moved")
    [offer] = write_to(freed=freed, by=alice, at=NOW)
    assert offer.waiting.patient.birth_name == "BERGER"


def test_said_on_the_telephone(
    tilleuls: House, alice: Staff, three: list[Waiting], paris: Paris
) -> None:
    freed = the_freed_time()
    by_phone(freed=freed, waiting=three[0], answer="refused", by=alice, at=NOW)
    by_phone(freed=freed, waiting=three[1], answer="no_answer", by=alice, at=NOW)
    done = by_phone(freed=freed, waiting=three[2], answer="accepted", by=alice, at=NOW)
    assert done.appointment is not None and done.appointment.created_by_id == alice.pk
    states = WaitingOffer.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["refused", "no_answer", "accepted"]
    assert not Notice.objects.filter(kind__startswith="waiting.").exists()


def test_who_did_not_answer_may_call_back(
    tilleuls: House, alice: Staff, three: list[Waiting]
) -> None:
    freed = the_freed_time()
    by_phone(freed=freed, waiting=three[0], answer="no_answer", by=alice, at=NOW)
    done = by_phone(freed=freed, waiting=three[0], answer="accepted", by=alice, at=NOW)
    assert done.state == "accepted"


def test_a_time_taken_meanwhile_is_told_to_the_patient_and_refused_at_the_desk(
    tilleuls: House, alice: Staff, three: list[Waiting], paris: Paris
) -> None:
    freed = the_freed_time()
    offer, *_others = write_to(freed=freed, by=alice, at=NOW)
    book(
        agenda=tilleuls.agenda("Lefèvre"), patient=person(tilleuls, "ZOLA"), by=alice, at=NOW,
        reason=tilleuls.reasons["Consultation"], starts_at=paris(11), force=True,
    )  # fmt: skip
    assert accept(offer=offer, by=link(tilleuls), at=NOW).state == "taken"
    three[0].refresh_from_db()
    assert three[0].ended_at is None
    with pytest.raises(NobodyToAsk):
        by_phone(freed=freed, waiting=waits(tilleuls, person(tilleuls, "HUGO")),
                 answer="accepted", by=alice, at=NOW)  # fmt: skip


def test_a_chosen_time_is_proposed_too(tilleuls: House, alice: Staff, paris: Paris) -> None:
    waits(tilleuls, person(tilleuls, "ARNAUD", mobile="0639980001"))
    span = {"starts_at": paris(11), "ends_at": paris(11, 15)}
    freed = choose_time(agenda=tilleuls.agenda("Lefèvre"), by=alice, at=NOW, **span)
    assert choose_time(agenda=tilleuls.agenda("Lefèvre"), by=alice, at=NOW, **span) == freed
    assert len(write_to(freed=freed, by=alice, at=NOW)) == 1
    leave_free(freed=freed, by=alice, at=NOW)
    assert WaitingOffer.objects.get().state == "taken"
    assert not Hold.objects.exists()


def test_proposed_on_saturday_night_it_is_answered_on_monday(
    tilleuls: House, alice: Staff, paris: Paris, three: list[Waiting]
) -> None:
    """The messages wait for Monday at 8:00: nobody loses the time before they have read it."""
    saturday, tuesday = paris(20, 30, day=date(2026, 11, 28)), paris(11, day=date(2026, 12, 1))
    span = {"starts_at": tuesday, "ends_at": tuesday + HOUR / 4}
    freed = choose_time(agenda=tilleuls.agenda("Lefèvre"), by=alice, at=saturday, **span)
    offers = write_to(freed=freed, by=alice, at=saturday)
    assert {one.expires_at for one in offers} == {paris(9, day=date(2026, 11, 30))}


def test_by_itself_an_urgent_patient_to_call_is_never_passed_by(
    tilleuls: House, three: list[Waiting]
) -> None:
    waits(
        tilleuls, person(tilleuls, "DURAND"), NOW, priority=1, priority_on=NOW.date(),
        priority_by=tilleuls.practitioners["Lefèvre"],
    )  # fmt: skip
    assert begin(freed=the_freed_time(), at=NOW) == []
    leave(
        waiting=Waiting.objects.get(priority=1), version=1, outcome="elsewhere",
        by=tilleuls.staff["Alice"], at=NOW,
    )  # fmt: skip
    assert len(begin(freed=the_freed_time(), at=NOW)) == 3
    assert begin(freed=the_freed_time(), at=NOW) == []


def test_by_itself_it_waits_for_an_undo_then_is_proposed_once(
    tilleuls: House, keller: Staff, three: list[Waiting]
) -> None:
    set_rules(automatic=True, at_once=2, answer_minutes=30, by=keller, at=NOW)
    assert offer_all(lambda: NOW + timedelta(minutes=1)) == 0
    assert offer_all(lambda: NOW + timedelta(minutes=3)) == 2
    for _run in range(4):
        assert offer_all(lambda: NOW + timedelta(minutes=4)) == 0
    assert offer_all(lambda: NOW + timedelta(minutes=34)) == 1
    assert offer_all(lambda: NOW + timedelta(minutes=90)) == 0
    scope.apply([tilleuls.practice.pk])
    assert the_freed_time().state == "open"


def test_each_deed_leaves_its_line(tilleuls: House, alice: Staff, three: list[Waiting]) -> None:
    before = Entry.objects.count()
    write_to(freed=the_freed_time(), by=alice, at=NOW)
    assert Entry.objects.filter(verb="waiting.offer").count() == 1
    assert Entry.objects.filter(verb="waiting.enter").count() == 3
    assert Entry.objects.count() - before <= 2  # the post of the machine is made once
