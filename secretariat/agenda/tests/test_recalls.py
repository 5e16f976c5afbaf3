"""Who is to be seen again is reached, or settled; a visit given closes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from secretariat.agenda import waiting_notices
from secretariat.agenda.actions import cancel, restore
from secretariat.agenda.actions.recalls import (
    Due,
    RecalledAlready,
    RecallSettled,
    Silent,
    attempt,
    close,
    lift_silence,
    put_off,
    recall,
    reopen,
    retire,
    silence,
    start_campaign,
    write_to,
)
from secretariat.agenda.models import Recall, RecallTry
from secretariat.agenda.queries import recalls as queries
from secretariat.agenda.recall_criteria import Criteria
from secretariat.agenda.tests.waiting_scene import given, person
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.notices.actions import carry
from secretariat.notices.actions.hearing import stop
from secretariat.notices.models import Notice
from secretariat.notices.tests.test_carrying import Recorder
from secretariat.outbox import opening
from secretariat.outbox.channels import Outcome, Receipt
from secretariat.outbox.dispatching import dispatch
from secretariat.patients.models import Household, Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, TODAY, House

Paris = Callable[..., datetime]
THIS_MONTH, NEXT_MONTH = date(2026, 11, 1), date(2026, 12, 1)


def to_see(
    house: House, patient: Patient, on: date = TODAY, reason: str = "Consultation"
) -> Recall:
    return recall(
        patient=patient, reason=house.reasons[reason], due=Due(on), by=house.staff["Alice"],
        at=NOW,
    )  # fmt: skip


def listed(house: House, month: date = THIS_MONTH) -> list[str]:
    found = queries.worklist(house.practice.pk, queries.Wanted(month), NOW)
    return [one.patient.birth_name for one in found]


def test_a_month_is_enough(tilleuls: House, alice: Staff) -> None:
    one = recall(
        patient=person(tilleuls, "ARNAUD"), reason=tilleuls.reasons["Consultation"],
        due=Due(date(2027, 2, 23), by_month=True), by=alice, at=NOW,
    )  # fmt: skip
    assert (one.due_on, one.by_month) == (date(2027, 2, 1), True)
    assert Entry.objects.latest("number").verb == "recalls.add"


def test_the_list_shows_the_month_and_what_is_overdue(tilleuls: House) -> None:
    to_see(tilleuls, person(tilleuls, "ARNAUD"), TODAY - timedelta(days=90))
    to_see(tilleuls, person(tilleuls, "BERGER"), TODAY)
    to_see(tilleuls, person(tilleuls, "COLIN"), NEXT_MONTH)
    assert listed(tilleuls) == ["ARNAUD", "BERGER"]
    assert listed(tilleuls, NEXT_MONTH) == ["ARNAUD", "BERGER", "COLIN"]


def test_one_recall_for_a_reason(tilleuls: House) -> None:
    patient = person(tilleuls, "ARNAUD")
    to_see(tilleuls, patient)
    with pytest.raises(RecalledAlready):
        to_see(tilleuls, patient, NEXT_MONTH)
    to_see(tilleuls, patient, NEXT_MONTH, "Urgence")


def test_a_visit_given_closes_it_and_its_cancelling_opens_it_again(
    tilleuls: House, alice: Staff, paris: Paris
) -> None:
    patient = person(tilleuls, "ARNAUD")
    one = to_see(tilleuls, patient)
    other = to_see(tilleuls, patient, reason="Urgence")
    visit = given(tilleuls, patient, paris(11))
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.outcome, one.appointment_id, one.closed_by_id) == ("booked", visit.pk, alice.pk)
    assert other.closed_at is None
    gone = cancel(
        appointment=visit, version=1, wanted_by="patient", why="", by=alice, at=NOW
    )  # fmt: skip
    one.refresh_from_db()
    assert (one.closed_at, one.appointment_id) == (None, None)
    restore(appointment=gone, by=alice, at=NOW)
    one.refresh_from_db()
    assert one.outcome == "booked"


def test_a_visit_much_too_early_does_not_close_it(tilleuls: House, paris: Paris) -> None:
    patient = person(tilleuls, "ARNAUD")
    one = to_see(tilleuls, patient, TODAY + timedelta(days=180))
    given(tilleuls, patient, paris(11))
    one.refresh_from_db()
    assert one.closed_at is None


def test_one_call_serves_a_household(tilleuls: House, alice: Staff) -> None:
    home = Household.objects.create(practice=tilleuls.practice)
    for name in ("ARNAUD", "BERGER"):
        patient = person(tilleuls, name)
        patient.household = home
        patient.save()
        to_see(tilleuls, patient)
    first = Recall.objects.get(patient__birth_name="ARNAUD")
    family = queries.of_household(first, TODAY)
    assert len(family) == 2
    attempt(recalls=family, how="phone", outcome="voicemail", by=alice, at=NOW)
    assert set(Recall.objects.values_list("tries", flat=True)) == {1}
    assert RecallTry.objects.count() == 2


def test_messages_are_promised_once_a_day_and_say_no_reason(
    tilleuls: House, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_openers", {"sms": lambda _pk: Recorder()})
    one = to_see(tilleuls, person(tilleuls, "ARNAUD", mobile="0639980001"))
    assert write_to(recalls=[one], by=alice, at=NOW) == 1
    assert write_to(recalls=[one], by=alice, at=NOW) == 0
    notice = Notice.objects.get(kind=waiting_notices.RECALL)
    [kind] = [kind for kind in waiting_notices.KINDS if kind.key == waiting_notices.RECALL]
    assert kind.facts([notice])[notice.pk].place == "Cabinet des Tilleuls"
    close(recall=one, outcome="elsewhere", by=alice, at=NOW)
    assert kind.facts([notice]) == {}


def test_whom_no_message_can_reach_was_not_tried(
    tilleuls: House, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three messages that never left would take them off the list without a call."""
    monkeypatch.setattr(opening, "_openers", {"sms": lambda _pk: Recorder()})
    stopped = to_see(tilleuls, person(tilleuls, "ARNAUD", mobile="0639980001"))
    stop(practice_id=alice.practice_id, address="+33639980001", at=NOW, by=alice)
    without = to_see(tilleuls, person(tilleuls, "BERGER"))
    assert write_to(recalls=[stopped, without], by=alice, at=NOW) == 0
    assert set(Recall.objects.values_list("tries", flat=True)) == {0}


def test_a_message_that_comes_back_was_not_a_try(
    tilleuls: House, alice: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number is another person's: three such messages would take the patient off the list."""
    sms = Recorder([], [Receipt(Outcome.REFUSED, detail="Numéro inconnu.")])
    monkeypatch.setattr(opening, "_openers", {"sms": lambda _pk: sms})
    monkeypatch.setattr(opening, "_limits", [])
    one = to_see(tilleuls, person(tilleuls, "ARNAUD", mobile="0639980001"))
    attempt(recalls=[one], how="phone", outcome="no_answer", by=alice, at=NOW - timedelta(days=2))
    write_to(recalls=[one], by=alice, at=NOW)
    for minutes in range(2):
        at = NOW + timedelta(minutes=minutes)
        carry(practice_id=tilleuls.practice.pk, at=at)
        dispatch(lambda: at)  # noqa: B023
    one.refresh_from_db()
    assert (one.tries, one.tried_at) == (1, NOW - timedelta(days=2))
    last = RecallTry.objects.order_by("pk")[1]
    assert last.get_outcome_display() == "Message non remis"
    # The number is corrected: they are written to again the same day.
    assert write_to(recalls=[one], by=alice, at=NOW + timedelta(hours=1)) == 1
    carry(practice_id=tilleuls.practice.pk, at=NOW + timedelta(hours=1))
    dispatch(lambda: NOW + timedelta(hours=1))
    one.refresh_from_db()
    assert (len(sms.sent), one.tries) == (2, 2)


def test_after_three_tries_and_a_month_they_leave_the_list(tilleuls: House, alice: Staff) -> None:
    one = to_see(tilleuls, person(tilleuls, "ARNAUD"))
    for day in range(3):
        at = NOW + timedelta(days=day)
        attempt(recalls=[one], how="phone", outcome="no_answer", by=alice, at=at)
    assert retire(practice_id=tilleuls.practice.pk, by=alice, at=NOW + timedelta(days=20)) == 0
    assert retire(practice_id=tilleuls.practice.pk, by=alice, at=NOW + timedelta(days=40)) == 1
    one.refresh_from_db()
    assert one.outcome == "unreachable"


def test_who_does_not_want_to_be_recalled(tilleuls: House, alice: Staff) -> None:
    patient = person(tilleuls, "ARNAUD")
    to_see(tilleuls, patient)
    with pytest.raises(BadInput):
        silence(patient=patient, why=" ", by=alice, at=NOW)
    silence(patient=patient, why="L’a demandé", by=alice, at=NOW)
    assert listed(tilleuls) == []
    with pytest.raises(Silent):
        to_see(tilleuls, patient)
    lift_silence(patient=patient, by=alice, at=NOW)
    to_see(tilleuls, patient)
    assert listed(tilleuls) == ["ARNAUD"]


def test_what_is_settled_is_not_settled_twice(tilleuls: House, alice: Staff) -> None:
    one = to_see(tilleuls, person(tilleuls, "ARNAUD"))
    close(recall=one, outcome="refused", by=alice, at=NOW)
    with pytest.raises(RecallSettled):
        put_off(recall=one, due=Due(NEXT_MONTH), by=alice, at=NOW)
    assert reopen(recall=one, by=alice, at=NOW).closed_at is None
    assert put_off(recall=one, due=Due(NEXT_MONTH), by=alice, at=NOW).due_on == NEXT_MONTH


def campaign(house: House, criteria: Criteria, by: str = "Alice") -> list[str]:
    made = start_campaign(
        name="Grippe", reason=house.reasons["Consultation"], criteria=criteria, due=Due(TODAY),
        by=house.staff[by], at=NOW,
    )  # fmt: skip
    chosen = Recall.objects.filter(campaign=made).order_by("patient__birth_name")
    names = list(chosen.values_list("patient__birth_name", flat=True))
    assert made.count == len(names)
    return names


def test_a_campaign_recalls_those_it_counts_and_nobody_else(
    tilleuls: House, alice: Staff, paris: Paris
) -> None:
    people = {name: person(tilleuls, name) for name in "ABCDEFG"}
    people["A"].deceased_on = TODAY
    people["A"].save()
    silence(patient=people["B"], why="L’a demandé", by=alice, at=NOW)
    given(tilleuls, people["C"], paris(11))
    to_see(tilleuls, people["D"], NEXT_MONTH)
    people["E"].birth_date = date(2020, 1, 1)
    people["E"].save()
    people["F"].usual_practitioner = tilleuls.practitioners["Moreau"]
    people["F"].save()
    reason = tilleuls.reasons["Consultation"]
    criteria = Criteria(age_from=18, sex="F")
    assert queries.count(tilleuls.practice.pk, reason, criteria, TODAY, NOW) == 2
    assert campaign(tilleuls, criteria) == ["F", "G"]
    assert Recall.objects.get(patient=people["F"], campaign__isnull=False).practitioner_id
    with pytest.raises(BadInput, match="Aucun patient"):
        campaign(tilleuls, criteria)


def test_a_campaign_by_what_was_done_and_when(tilleuls: House, paris: Paris) -> None:
    seen, new = person(tilleuls, "ARNAUD"), person(tilleuls, "BERGER")
    visit = given(tilleuls, seen, paris(11), reason="Urgence")
    type(visit).objects.filter(pk=visit.pk).update(
        starts_at=paris(11) - timedelta(days=400), ends_at=paris(11, 10) - timedelta(days=400)
    )
    urgent = tilleuls.reasons["Urgence"].pk
    year_ago = TODAY - timedelta(days=365)
    came = Criteria(visited=urgent, not_since=year_ago, came_before=True)
    assert campaign(tilleuls, came) == ["ARNAUD"]
    assert campaign(tilleuls, Criteria(visited=urgent, not_since=year_ago)) == ["BERGER"]
    assert new


def test_the_remote_secretary_starts_no_campaign(tilleuls: House) -> None:
    person(tilleuls, "ARNAUD")
    with pytest.raises(NotAllowed):
        campaign(tilleuls, Criteria(), by="Zoé")
