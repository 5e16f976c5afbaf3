"""Rooms, quotas, roads, locums and held times, as they hold when a time is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH

from secretariat.agenda import actions, rule_rows
from secretariat.agenda.actions.holding import hold, let_go
from secretariat.agenda.actions.importing import take_in
from secretariat.agenda.models import (
    HELD_FOR,
    Absence,
    Agenda,
    Appointment,
    Hold,
    LocumLimit,
    OfferedReason,
    OpeningReason,
    OpeningRule,
    Quota,
    QuotaReason,
    ReasonNeed,
    Replacement,
    Resource,
    ResourceUse,
    Travel,
    VisitReason,
)
from secretariat.agenda.tests.desk_forms import book
from secretariat.patients import actions as patients
from secretariat.practice import actions as practice
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Moment = Callable[..., datetime]


@pytest.fixture
def surgery(tilleuls: House) -> VisitReason:
    """Half an hour, ten minutes to prepare the room, five to clean it."""
    reason = VisitReason.objects.create(
        practice=tilleuls.practice, name="Petite chirurgie", minutes=30,
        minutes_before=10, minutes_after=5,
    )  # fmt: skip
    for agenda in tilleuls.agendas.values():
        OfferedReason.objects.create(practice=tilleuls.practice, agenda=agenda, reason=reason)
    return reason


@pytest.fixture
def theatre(tilleuls: House, surgery: VisitReason) -> Resource:
    """The only room where surgery is done."""
    room = Resource.objects.create(
        practice=tilleuls.practice, site=tilleuls.site, name="Salle de chirurgie"
    )
    ReasonNeed.objects.create(practice=tilleuls.practice, reason=surgery, resource=room)
    return room


def _quota(house: House, kind: str, amount: int, *reasons: VisitReason, **more: Any) -> Quota:
    quota = Quota.objects.create(
        practice=house.practice, agenda=house.agendas["Lefèvre"], kind=kind, amount=amount,
        from_date=date(2026, 1, 1), author=house.staff["Alice"], created_at=NOW, **more,
    )  # fmt: skip
    for reason in reasons:
        QuotaReason.objects.create(practice=house.practice, quota=quota, reason=reason)
    return quota


def test_a_room_serves_one_visit_at_a_time_from_preparation_to_cleaning(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason, theatre: Resource
) -> None:
    first = book(tilleuls, alice, paris(10), reason=surgery)
    use = ResourceUse.objects.get(appointment=first)
    assert (use.starts_at, use.ends_at) == (paris(9, 50), paris(10, 35))
    moreau = tilleuls.agenda("Moreau")
    with pytest.raises(actions.OutsideHours, match="Salle de chirurgie"):
        book(tilleuls, alice, paris(10, 40), reason=surgery, agenda=moreau)
    assert book(tilleuls, alice, paris(10, 45), reason=surgery, agenda=moreau).pk


def test_another_room_will_do_when_one_is_taken(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason, theatre: Resource
) -> None:
    other = Resource.objects.create(
        practice=tilleuls.practice, site=tilleuls.site, name="Salle de soins"
    )
    ReasonNeed.objects.create(practice=tilleuls.practice, reason=surgery, resource=other)
    book(tilleuls, alice, paris(10), reason=surgery)
    second = book(tilleuls, alice, paris(10), reason=surgery, agenda=tilleuls.agenda("Moreau"))
    assert ResourceUse.objects.get(appointment=second).resource == other


def test_the_database_refuses_a_room_twice(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason, theatre: Resource
) -> None:
    first = book(tilleuls, alice, paris(10), reason=surgery)
    twin = ResourceUse.objects.get(appointment=first)
    twin.pk, twin.appointment = None, book(tilleuls, alice, paris(15))
    with pytest.raises(IntegrityError, match="no_resource_twice"), transaction.atomic():
        twin.save()


def test_a_room_is_given_back_when_its_visit_moves_or_is_cancelled(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason, theatre: Resource
) -> None:
    visit = book(tilleuls, alice, paris(10), reason=surgery)
    visit = actions.move(
        appointment=visit, version=visit.version, starts_at=paris(15), by=alice, at=NOW
    )
    assert ResourceUse.objects.get(resource=theatre).starts_at == paris(14, 50)
    cancelled = actions.cancel(
        appointment=visit, version=visit.version, wanted_by="patient", why="", by=alice, at=NOW
    )
    assert not ResourceUse.objects.exists()
    other = book(tilleuls, alice, paris(15), reason=surgery, agenda=tilleuls.agenda("Moreau"))
    with pytest.raises(actions.TimeTaken):
        actions.restore(appointment=cancelled, by=alice, at=NOW)
    actions.cancel(
        appointment=other, version=other.version, wanted_by="mistake", why="", by=alice, at=NOW
    )
    actions.restore(appointment=cancelled, by=alice, at=NOW)
    assert ResourceUse.objects.get(resource=theatre).appointment_id == cancelled.pk


def test_a_visit_forced_without_a_room_comes_back_without_one(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason, theatre: Resource
) -> None:
    book(tilleuls, alice, paris(10), reason=surgery)
    forced = book(
        tilleuls, alice, paris(10), reason=surgery, agenda=tilleuls.agenda("Moreau"), force=True
    )
    cancelled = actions.cancel(
        appointment=forced, version=forced.version, wanted_by="mistake", why="", by=alice, at=NOW
    )
    assert actions.restore(appointment=cancelled, by=alice, at=NOW).cancelled_at is None
    assert ResourceUse.objects.count() == 1


def test_a_calendar_that_takes_a_visit_away_gives_its_room_back(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason, theatre: Resource
) -> None:
    visit = book(tilleuls, alice, paris(10), reason=surgery)
    take_in(
        agenda=tilleuls.agenda("Lefèvre"), entries=[], cancelled=[visit.pk], source="agenda.ics",
        by=alice, at=NOW,
    )  # fmt: skip
    assert not ResourceUse.objects.exists()


def test_minutes_around_a_visit_keep_its_neighbours_away(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason
) -> None:
    book(tilleuls, alice, paris(10), reason=surgery)
    with pytest.raises(actions.TimeTaken, match="préparation ou nettoyage") as refused:
        book(tilleuls, alice, paris(9, 40))
    assert refused.value.facts["nearest"][-1] == paris(9, 30)
    assert book(tilleuls, alice, paris(9, 35)).pk
    assert book(tilleuls, alice, paris(10, 35)).pk


def test_times_stay_free_for_emergencies_until_the_day(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    urgent = tilleuls.reasons["Urgence"]
    tomorrow = TODAY + timedelta(days=1)
    _quota(tilleuls, "keep", 2, urgent, part="morning", minutes=10, release="day")
    lefevre = {"agenda": tilleuls.agenda("Lefèvre")}
    for number in range(10):  # 2 h 30 of three
        book(tilleuls, alice, paris(9, 15 * number % 60, day=tomorrow) + timedelta(
            hours=15 * number // 60), **lefevre)  # fmt: skip
    book(tilleuls, alice, paris(11, 30, day=tomorrow), minutes=10)
    with pytest.raises(actions.OutsideHours, match="Urgence") as refused:
        book(tilleuls, alice, paris(11, 40, day=tomorrow), minutes=10)
    assert "Alice" in refused.value.sentence  # who wrote the quota
    assert "libérés le jour même" in refused.value.sentence
    assert book(tilleuls, alice, paris(11, 40, day=tomorrow), reason=urgent).pk
    later = NOW + timedelta(days=1)
    assert book(tilleuls, alice, paris(11, 50, day=tomorrow), minutes=10, at=later).pk


def test_no_more_than_so_many_heavy_visits_in_a_half_day(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason
) -> None:
    _quota(tilleuls, "most", 1, surgery, part="half")
    book(tilleuls, alice, paris(9, 10), reason=surgery)
    with pytest.raises(actions.OutsideHours, match="au plus 1 par demi-journée"):
        book(tilleuls, alice, paris(11), reason=surgery)
    forced = book(tilleuls, alice, paris(11), reason=surgery, force=True)
    assert "au plus 1" in forced.forced_rule
    assert book(tilleuls, alice, paris(15), reason=surgery).pk


def test_first_visits_take_no_more_than_their_share(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    first = tilleuls.reasons["Première consultation"]
    _quota(tilleuls, "share", 20, first, part="morning")
    book(tilleuls, alice, paris(9), reason=first)
    with pytest.raises(actions.OutsideHours, match="au plus 20"):
        book(tilleuls, alice, paris(10), reason=first)


def test_a_range_kept_for_a_reason_refuses_the_others(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason
) -> None:
    kept = OpeningRule.objects.filter(
        agenda=tilleuls.agendas["Lefèvre"], weekday=0, starts=time(9)
    ).get()
    OpeningReason.objects.create(practice=tilleuls.practice, rule=kept, reason=surgery)
    with pytest.raises(actions.OutsideHours, match="gardée pour d’autres motifs"):
        book(tilleuls, alice, paris(9))
    assert book(tilleuls, alice, paris(10), reason=surgery).pk


def test_a_practitioner_is_not_in_two_places_and_needs_time_for_the_road(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    annexe = practice.add_site(practice=tilleuls.practice, name="Annexe", by=None, at=NOW)
    there = Agenda.objects.create(
        practice=tilleuls.practice, practitioner=tilleuls.practitioners["Lefèvre"], site=annexe,
        name="Dr Lefèvre, Annexe",
    )  # fmt: skip
    OpeningRule.objects.create(
        practice=tilleuls.practice, agenda=there, weekday=0, starts=time(9), ends=time(18),
        from_date=date(2026, 1, 1), author=alice, created_at=NOW,
    )  # fmt: skip
    OfferedReason.objects.create(
        practice=tilleuls.practice, agenda=there, reason=tilleuls.reasons["Consultation"]
    )
    Travel.objects.create(practice=tilleuls.practice, site=tilleuls.site, other=annexe, minutes=20)
    book(tilleuls, alice, paris(10))
    there = Agenda.objects.select_related("site").get(pk=there.pk)
    with pytest.raises(actions.OutsideHours, match=r"20.min de trajet"):
        book(tilleuls, alice, paris(10, 30), agenda=there, minutes=15)
    assert book(tilleuls, alice, paris(10, 35), agenda=there, minutes=15).pk


def test_a_locum_stands_in_with_limits_while_the_holder_is_away(
    tilleuls: House, alice: Staff, paris: Moment, surgery: VisitReason
) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    Absence.objects.create(
        practice=tilleuls.practice, agenda=agenda, starts_at=paris(0), ends_at=paris(23),
        label="Congés", author=alice, created_at=NOW,
    )  # fmt: skip
    with pytest.raises(actions.OutsideHours, match="Congés"):
        book(tilleuls, alice, paris(9))
    bob = practice.add_practitioner(
        practice=tilleuls.practice, family_name="Bob", speciality="Généraliste", by=None, at=NOW
    )
    stands = Replacement.objects.create(
        practice=tilleuls.practice, agenda=agenda, practitioner=bob, from_date=TODAY,
        to_date=TODAY, most_per_half_day=1, author=alice, created_at=NOW,
    )  # fmt: skip
    LocumLimit.objects.create(practice=tilleuls.practice, replacement=stands, reason=surgery)
    with pytest.raises(actions.OutsideHours, match="Dr Bob, qui remplace"):
        book(tilleuls, alice, paris(10), reason=surgery)
    assert book(tilleuls, alice, paris(9)).pk
    with pytest.raises(actions.OutsideHours, match="remplacement de Dr Bob"):
        book(tilleuls, alice, paris(11))


def test_a_time_held_by_a_colleague_is_hers_for_five_minutes(
    tilleuls: House, alice: Staff, zoe: Staff, paris: Moment
) -> None:
    sheet, agenda = str(uuid4()), tilleuls.agenda("Lefèvre")
    reason = tilleuls.reasons["Consultation"]
    hold(
        agenda=agenda, reason=reason, starts_at=paris(10), minutes=15, sheet=sheet, by=alice, at=NOW
    )
    with pytest.raises(actions.OutsideHours, match="tenu par Alice jusqu’à 09:05"):
        book(tilleuls, zoe, paris(10))
    assert book(tilleuls, zoe, paris(10), at=NOW + HELD_FOR + timedelta(seconds=1)).pk


def test_who_holds_gives_the_time_and_the_hold_ends(
    tilleuls: House, alice: Staff, zoe: Staff, paris: Moment
) -> None:
    sheet, agenda = str(uuid4()), tilleuls.agenda("Lefèvre")
    keep = {"agenda": agenda, "reason": None, "minutes": 15, "sheet": sheet, "at": NOW}
    hold(starts_at=paris(10), by=alice, **keep)  # type: ignore[arg-type]
    hold(starts_at=paris(11), by=alice, **keep)  # type: ignore[arg-type]
    assert Hold.objects.get().starts_at == paris(11)
    assert book(tilleuls, zoe, paris(10)).pk
    book(tilleuls, alice, paris(11), sheet=sheet)
    assert not Hold.objects.exists()
    hold(starts_at=paris(15), by=alice, **keep)  # type: ignore[arg-type]
    let_go(sheet=sheet, by=zoe)
    assert Hold.objects.count() == 1  # hers alone
    let_go(sheet=sheet, by=alice)
    assert not Hold.objects.exists()


def test_a_taken_time_cannot_be_held(tilleuls: House, alice: Staff, paris: Moment) -> None:
    book(tilleuls, alice, paris(10))
    with pytest.raises(actions.TimeTaken):
        hold(
            agenda=tilleuls.agenda("Lefèvre"), reason=None, starts_at=paris(10), minutes=15,
            sheet=str(uuid4()), by=alice, at=NOW,
        )  # fmt: skip
    assert Appointment.objects.count() == 1


def test_a_first_visit_and_someone_slow_have_more_time(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    reason = tilleuls.reasons["Consultation"]
    reason.first_minutes, reason.more_minutes = 30, 10
    reason.save()
    patient = patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Sapin", given_names="Ida",
        birth_date=date(1961, 2, 3), sex="F",
    )  # fmt: skip
    first = book(tilleuls, alice, paris(9), patient=patient)
    assert first.ends_at == paris(9, 30)
    assert book(tilleuls, alice, paris(10), patient=patient).ends_at == paris(10, 15)
    patient.needs_interpreter = "Arabe"
    assert book(tilleuls, alice, paris(11), patient=patient).ends_at == paris(11, 25)


def test_the_statement_that_reads_all_rules_is_short_enough_to_be_kept() -> None:
    # Past that psycopg takes it to pieces at each search (see `core.prepared.fetch`).
    assert max(len(sql) for sql in (rule_rows._FEW, rule_rows._ALL)) <= MAX_CACHED_STATEMENT_LENGTH
