"""Visits given together: all or none, then this one and those that follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from secretariat.agenda import actions
from secretariat.agenda.actions.groups import (
    Moved,
    NotTogether,
    RestStays,
    Wanted,
    book_together,
    cancel_rest,
    give_up,
    move_rest,
    put_back,
    restore_all,
)
from secretariat.agenda.actions.moving import AlreadyCancelled, ChangedMeanwhile
from secretariat.agenda.models import Appointment, ReasonNeed, Resource, VisitGroup
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.patients.actions import register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, TODAY, House

Moment = Callable[..., datetime]
Together = Callable[..., VisitGroup]
WEEK = timedelta(days=7)


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    return register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip


@pytest.fixture
def together(tilleuls: House, alice: Staff, jeanne: Patient) -> Together:
    """Consultations of Jeanne at these times: Dr Lefèvre's, unless a name goes with the time."""

    def give(*times: datetime | tuple[datetime, str], **how: object) -> VisitGroup:
        placed = [one if isinstance(one, tuple) else (one, "Lefèvre") for one in times]
        reason = tilleuls.reasons["Consultation"]
        visits = [
            Wanted(tilleuls.agenda(name), jeanne, reason, starts_at, 15)
            for starts_at, name in placed
        ]
        arguments: dict[str, object] = {
            "visits": visits, "kind": "series", "by": alice, "at": NOW
        } | how  # fmt: skip
        return book_together(**arguments)  # type: ignore[arg-type]

    return give


@pytest.fixture
def series(together: Together, paris: Moment) -> list[Appointment]:
    """Four Mondays at nine, across no clock change."""
    group = together(*(paris(9, day=TODAY + n * WEEK) for n in range(4)))
    return visits_of(group)


def visits_of(group: VisitGroup) -> list[Appointment]:
    return list(group.appointments.select_related("agenda__site").order_by("starts_at"))


def starts(group: VisitGroup) -> list[datetime]:
    return [one.starts_at for one in visits_of(group) if one.cancelled_at is None]


def shift(visit: Appointment, by: Staff, starts_at: datetime, **how: object) -> Moved:
    arguments: dict[str, object] = {
        "appointment": visit, "version": visit.version, "starts_at": starts_at, "by": by, "at": NOW
    } | how  # fmt: skip
    return move_rest(**arguments)  # type: ignore[arg-type]


def stop(visit: Appointment, by: Staff) -> list[Appointment]:
    return cancel_rest(
        appointment=visit, version=visit.version, wanted_by="patient", why="guérie", by=by, at=NOW
    )


def test_all_are_given_in_one_group(together: Together, paris: Moment) -> None:
    group = together(paris(9), (paris(9, 15), "Moreau"), kind="chain", label=" ECG  puis visite ")
    assert starts(group) == [paris(9), paris(9, 15)]
    assert group.label == "ECG puis visite"
    verbs = list(Entry.objects.order_by("number").values_list("verb", flat=True))
    assert verbs[-3:] == ["agenda.book", "agenda.book", "agenda.book_together"]


def test_one_refused_and_nothing_is_written(
    together: Together, tilleuls: House, alice: Staff, paris: Moment
) -> None:
    actions.book(
        agenda=tilleuls.agenda("Moreau"), patient=None, title="Visiteur", starts_at=paris(9, 15),
        reason=tilleuls.reasons["Consultation"], by=alice, at=NOW,
    )  # fmt: skip
    lines = Entry.objects.count()
    with pytest.raises(NotTogether) as refused:
        together(paris(9), (paris(9, 15), "Moreau"))
    said = refused.value.sentence
    assert "Rendez-vous 2 sur 2, Consultation, lundi 23 novembre à 09:15, Dr Moreau" in said
    assert "vient d’être pris" in said
    assert "Aucun des 2 n’a été donné" in said
    assert refused.value.facts["place"] == 2
    assert not VisitGroup.objects.exists()
    assert Appointment.objects.count() == 1
    assert Entry.objects.count() == lines


def test_the_second_respects_the_first(together: Together, paris: Moment) -> None:
    with pytest.raises(NotTogether, match="Rendez-vous 2 sur 2"):
        together(paris(9), paris(9, 10))


def test_the_room_of_one_is_not_the_room_of_the_other(
    together: Together, tilleuls: House, paris: Moment
) -> None:
    laser = Resource.objects.create(practice=tilleuls.practice, site=tilleuls.site, name="Laser")
    ReasonNeed.objects.create(
        practice=tilleuls.practice, reason=tilleuls.reasons["Consultation"], resource=laser
    )
    with pytest.raises(NotTogether, match="Laser"):
        together(paris(9), (paris(9, 10), "Moreau"))
    assert together(paris(9), (paris(9, 15), "Moreau"))


def test_what_is_outside_the_hours_is_not_given_in_a_series(
    together: Together, paris: Moment
) -> None:
    with pytest.raises(NotTogether, match="Fermé à 13:00"):
        together(paris(9), paris(13))


def test_a_reason_kept_by_the_practice_is_not_given_from_afar(
    together: Together, tilleuls: House, zoe: Staff, paris: Moment
) -> None:
    kept = tilleuls.reasons["Consultation"]
    kept.bookable_by_remote = False
    kept.save()
    with pytest.raises(NotTogether, match="donné par le cabinet seulement"):
        together(paris(9), paris(10), by=zoe)


def test_one_visit_is_no_group_and_a_trainee_gives_none(
    together: Together, alice: Staff, paris: Moment
) -> None:
    with pytest.raises(BadInput):
        together(paris(9))
    alice.withheld = ["agenda.book"]
    alice.save()
    with pytest.raises(NotAllowed):
        together(paris(9), paris(10))


def test_the_rest_of_a_series_moves_by_as_many_days_and_minutes(
    series: list[Appointment], alice: Staff, paris: Moment
) -> None:
    wednesday = TODAY + WEEK + timedelta(days=2)
    done = shift(series[1], alice, paris(10, 30, day=wednesday))
    assert len(done.moved) == 3
    assert starts(series[0].group) == [  # type: ignore[arg-type]
        paris(9), *(paris(10, 30, day=wednesday + n * WEEK) for n in range(3))
    ]  # fmt: skip


def test_nine_o_clock_stays_nine_o_clock_over_a_clock_change(
    together: Together, alice: Staff, paris: Moment
) -> None:
    winter = date(2027, 3, 24)
    group = together(paris(9, day=winter), paris(9, day=winter + WEEK))
    shift(visits_of(group)[0], alice, paris(10, day=winter + timedelta(days=1)))
    days = (winter + timedelta(days=1), winter + timedelta(days=8))
    assert starts(group) == [paris(10, day=day) for day in days]


@pytest.mark.parametrize("minutes", [10, -10])
def test_visits_that_touch_do_not_hinder_each_other(
    together: Together, alice: Staff, paris: Moment, minutes: int
) -> None:
    group = together(paris(10), paris(10, 15), paris(10, 30), kind="household")
    shift(visits_of(group)[0], alice, paris(10) + timedelta(minutes=minutes))
    assert starts(group)[0] == paris(10) + timedelta(minutes=minutes)


def test_one_that_cannot_move_keeps_all_where_they_are(
    series: list[Appointment], tilleuls: House, alice: Staff, paris: Moment
) -> None:
    tuesday = TODAY + timedelta(days=1)
    actions.book(
        agenda=tilleuls.agenda("Lefèvre"), patient=None, title="Visiteur",
        starts_at=paris(9, day=tuesday + WEEK), by=alice, at=NOW,
        reason=tilleuls.reasons["Consultation"],
    )  # fmt: skip
    before = starts(series[0].group)  # type: ignore[arg-type]
    with pytest.raises(RestStays, match="Un rendez-vous ne peut pas aller là, sur 4") as refused:
        shift(series[0], alice, paris(9, day=tuesday))
    [stayed] = refused.value.facts["stayed"]
    assert stayed.visit.pk == series[1].pk
    assert "vient d’être pris" in stayed.why
    assert starts(series[0].group) == before  # type: ignore[arg-type]
    done = shift(series[0], alice, paris(9, day=tuesday), those_that_can=True)
    assert len(done.moved) == 3
    assert series[1].starts_at in starts(series[0].group)  # type: ignore[arg-type]


def test_those_that_can_move_is_not_none_of_them(
    series: list[Appointment], alice: Staff, paris: Moment
) -> None:
    with pytest.raises(RestStays):
        shift(series[0], alice, paris(13), those_that_can=True)


def test_the_rest_may_go_to_a_colleague(
    series: list[Appointment], tilleuls: House, alice: Staff
) -> None:
    shift(series[2], alice, series[2].starts_at, to=tilleuls.agenda("Moreau"))
    where = [one.agenda.name for one in visits_of(series[0].group)]  # type: ignore[arg-type]
    assert where == ["Dr Lefèvre", "Dr Lefèvre", "Dr Moreau", "Dr Moreau"]


def test_what_was_moved_goes_back(series: list[Appointment], alice: Staff, paris: Moment) -> None:
    before = starts(series[0].group)  # type: ignore[arg-type]
    done = shift(series[0], alice, paris(9, day=TODAY + WEEK))
    put_back(stood=done.stood, by=alice, at=NOW)
    assert starts(series[0].group) == before  # type: ignore[arg-type]


def test_an_exception_of_a_series_moves_alone_then_with_the_rest(
    series: list[Appointment], alice: Staff, paris: Moment
) -> None:
    third = series[2]
    actions.move(
        appointment=third, version=third.version, starts_at=third.starts_at + timedelta(hours=2),
        by=alice, at=NOW,
    )  # fmt: skip
    shift(series[1], alice, series[1].starts_at + timedelta(days=1))
    moved = starts(series[0].group)  # type: ignore[arg-type]
    assert moved[2] == paris(11, day=TODAY + 2 * WEEK + timedelta(days=1))


def test_the_rest_is_cancelled_and_given_back(series: list[Appointment], alice: Staff) -> None:
    gone = stop(series[2], alice)
    assert [one.pk for one in gone] == [one.pk for one in series[2:]]
    assert len(starts(series[0].group)) == 2  # type: ignore[arg-type]
    restore_all(visits=gone, by=alice, at=NOW)
    assert len(starts(series[0].group)) == 4  # type: ignore[arg-type]


def test_giving_up_takes_all_back_unless_one_has_changed(
    series: list[Appointment], alice: Staff
) -> None:
    versions = {one.pk: one.version for one in series}
    moved = actions.move(
        appointment=series[3], version=1, starts_at=series[3].starts_at + timedelta(hours=1),
        by=alice, at=NOW,
    )  # fmt: skip
    with pytest.raises(ChangedMeanwhile):
        give_up(visits=series, versions=versions, by=alice, at=NOW)
    assert len(starts(series[0].group)) == 4  # type: ignore[arg-type]
    give_up(visits=series, versions=versions | {moved.pk: moved.version}, by=alice, at=NOW)
    assert starts(series[0].group) == []  # type: ignore[arg-type]


def test_a_visit_seen_before_it_changed_moves_nothing(
    series: list[Appointment], alice: Staff, paris: Moment
) -> None:
    with pytest.raises(ChangedMeanwhile):
        shift(series[1], alice, paris(10, day=TODAY + WEEK), version=7)
    stop(series[1], alice)
    with pytest.raises(AlreadyCancelled):
        stop(series[1], alice)


def test_a_visit_alone_is_its_own_rest(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment
) -> None:
    alone, other = (
        actions.book(
            agenda=tilleuls.agenda("Lefèvre"), patient=jeanne, starts_at=paris(hour), by=alice,
            reason=tilleuls.reasons["Consultation"], at=NOW,
        )
        for hour in (9, 10)
    )  # fmt: skip
    assert len(stop(alone, alice)) == 1
    other.refresh_from_db()
    assert other.cancelled_at is None
