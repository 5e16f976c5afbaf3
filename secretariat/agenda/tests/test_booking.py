"""Give, move, cancel: what the desk does to the appointment book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from secretariat.agenda import actions
from secretariat.agenda.actions.moving import AlreadyCancelled, ChangedMeanwhile
from secretariat.agenda.lengths import NotForRemote, ReasonNotOffered
from secretariat.agenda.models import Appointment, OfferedReason
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Give = Callable[..., Appointment]


@pytest.fixture
def give(tilleuls: House, alice: Staff) -> Give:
    """Block a time in Dr Lefèvre's book; a title stands for the patient."""

    def book(starts_at: datetime, **how: object) -> Appointment:
        arguments: dict[str, object] = {
            "agenda": tilleuls.agenda("Lefèvre"), "patient": None, "title": "Visiteur médical",
            "reason": tilleuls.reasons["Consultation"], "starts_at": starts_at, "by": alice,
            "at": NOW,
        } | how  # fmt: skip
        return actions.book(**arguments)  # type: ignore[arg-type]

    return book


def test_a_visit_lasts_what_its_reason_says_in_this_agenda(
    give: Give, tilleuls: House, paris: Moment
) -> None:
    assert give(paris(9)).ends_at == paris(9, 15)
    OfferedReason.objects.filter(agenda=tilleuls.agendas["Lefèvre"]).update(minutes=20)
    assert give(paris(10)).ends_at == paris(10, 20)
    assert give(paris(11), minutes=40).ends_at == paris(11, 40)


def test_a_taken_time_is_refused_with_the_nearest_free_ones(give: Give, paris: Moment) -> None:
    give(paris(10))
    with pytest.raises(actions.TimeTaken) as refused:
        give(paris(10, 5))
    assert refused.value.facts["nearest"] == [paris(9, 45), paris(10, 15), paris(10, 30)]
    assert "rien n’a été écrit" in refused.value.sentence


def test_the_database_itself_refuses_two_visits_in_one_place(give: Give, paris: Moment) -> None:
    visit = give(paris(10))
    twin = Appointment.objects.get(pk=visit.pk)
    twin.pk = None
    with pytest.raises(IntegrityError, match="no_accidental_double_booking"), transaction.atomic():
        twin.save()


def test_a_squeeze_stands_beside_a_visit_under_its_author(
    give: Give, alice: Staff, paris: Moment
) -> None:
    give(paris(10))
    squeeze = give(paris(10), squeeze=True)
    assert (squeeze.squeezed, squeeze.squeezed_by) == (True, alice)


def test_outside_the_hours_is_refused_then_forced_under_its_author(
    give: Give, alice: Staff, paris: Moment
) -> None:
    with pytest.raises(actions.OutsideHours) as refused:
        give(paris(12, 30))
    assert "Fermé à 12:30" in refused.value.sentence
    assert "Alice" in refused.value.sentence  # who wrote the hours
    forced = give(paris(12, 30), force=True)
    assert (forced.forced, forced.forced_by) == (True, alice)
    assert "Fermé" in forced.forced_rule


def test_inside_the_hours_force_leaves_no_mark(give: Give, paris: Moment) -> None:
    assert give(paris(9), force=True).forced is False


def test_a_role_without_the_right_does_not_force(
    give: Give, tilleuls: House, alice: Staff, paris: Moment
) -> None:
    alice.withheld = ["agenda.force"]
    with pytest.raises(NotAllowed):
        give(paris(12, 30), force=True, by=alice)
    assert not Appointment.objects.exists()


def test_a_reason_of_the_desk_is_not_given_from_outside(
    give: Give, tilleuls: House, zoe: Staff, paris: Moment
) -> None:
    kept = tilleuls.reasons["Urgence"]
    kept.bookable_by_remote = False
    kept.save()
    with pytest.raises(NotForRemote):
        give(paris(9), reason=kept, by=zoe)
    OfferedReason.objects.filter(reason=kept).delete()
    with pytest.raises(ReasonNotOffered):
        give(paris(9), reason=kept)


def test_nobody_and_nothing_cannot_be_booked(give: Give, paris: Moment) -> None:
    with pytest.raises(BadInput):
        give(paris(9), title="  ")
    with pytest.raises(BadInput):
        give(paris(9).replace(second=30))
    with pytest.raises(BadInput):
        give(paris(9), minutes=2000)


def test_a_visit_moves_to_a_colleague_and_does_not_hinder_itself(
    give: Give, tilleuls: House, alice: Staff, paris: Moment
) -> None:
    visit = give(paris(9))
    later = actions.move(
        appointment=visit, version=1, starts_at=paris(9, 10), by=alice, at=NOW
    )  # overlaps its own old place
    assert (later.starts_at, later.ends_at) == (paris(9, 10), paris(9, 25))
    there = actions.move(
        appointment=visit, version=2, to=tilleuls.agenda("Moreau"), by=alice, at=NOW
    )
    assert there.agenda_id == tilleuls.agendas["Moreau"].pk
    give(paris(9, 10))  # the old place is free again


def test_the_slower_desk_is_told_and_changes_nothing(
    give: Give, alice: Staff, paris: Moment
) -> None:
    visit = give(paris(9))
    actions.move(appointment=visit, version=1, starts_at=paris(10), by=alice, at=NOW)
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.move(appointment=visit, version=1, starts_at=paris(11), by=alice, at=NOW)
    assert refused.value.facts["appointment"].starts_at == paris(10)
    assert Appointment.objects.get().starts_at == paris(10)


def test_a_refused_move_leaves_the_visit_where_it_was(
    give: Give, alice: Staff, paris: Moment
) -> None:
    visit, _ = give(paris(9)), give(paris(10))
    with pytest.raises(actions.TimeTaken):
        actions.move(appointment=visit, version=1, starts_at=paris(10), by=alice, at=NOW)
    assert Appointment.objects.get(pk=visit.pk).starts_at == paris(9)


def test_a_cancelled_time_is_free_at_once_and_can_be_taken_back(
    give: Give, alice: Staff, paris: Moment
) -> None:
    visit = give(paris(9))
    gone = actions.cancel(
        appointment=visit, version=1, wanted_by="patient", why="Empêché", by=alice, at=NOW
    )
    assert (gone.cancelled_by, gone.cancelled_why) == (alice, "Empêché")
    back = actions.restore(appointment=visit, by=alice, at=NOW)
    assert back.cancelled_at is None
    actions.cancel(appointment=back, version=3, wanted_by="patient", why="", by=alice, at=NOW)
    give(paris(9))
    with pytest.raises(actions.TimeTaken):
        actions.restore(appointment=visit, by=alice, at=NOW)
    with pytest.raises(AlreadyCancelled):
        actions.cancel(appointment=visit, version=4, wanted_by="patient", why="", by=alice, at=NOW)


def test_every_deed_is_one_line_of_the_day_book(give: Give, alice: Staff, paris: Moment) -> None:
    before = Entry.objects.count()
    visit = give(paris(9))
    actions.move(appointment=visit, version=1, starts_at=paris(10), by=alice, at=NOW)
    actions.cancel(appointment=visit, version=2, wanted_by="practice", why="", by=alice, at=NOW)
    verbs = list(Entry.objects.order_by("number").values_list("verb", flat=True))[before:]
    assert verbs == ["agenda.book", "agenda.move", "agenda.cancel"]


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25)])
def test_on_a_clock_change_sunday_a_forced_visit_keeps_its_real_length(
    give: Give, paris: Moment, day: date
) -> None:
    visit = give(paris(1, 45, day=day), minutes=60, force=True)
    assert visit.ends_at - visit.starts_at == timedelta(hours=1)
