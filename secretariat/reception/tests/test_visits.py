"""A patient's passage: expected, arrived, called, in, left, or absent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from secretariat.agenda import actions as agenda
from secretariat.agenda.models import Appointment
from secretariat.core.refusal import NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from secretariat.reception import steps
from secretariat.reception.actions import step, undo
from secretariat.reception.actions.visits import StepNotPossible, times
from secretariat.reception.models import Visit, VisitStep
from tests.cast import NOW, House


@pytest.fixture
def visit_at_nine(tilleuls: House, alice: Staff) -> Appointment:
    return agenda.book(
        agenda=tilleuls.agenda("Lefèvre"), patient=None, title="M. Test", minutes=15, reason=None,
        starts_at=NOW, by=alice, at=NOW,
    )  # fmt: skip


def _state(visit: Visit) -> str:
    return steps.state_of(times(visit))


def test_a_patient_arrives_is_called_goes_in_and_leaves(
    visit_at_nine: Appointment, alice: Staff
) -> None:
    for minute, (key, state) in enumerate(
        [("arrive", "arrived"), ("call", "called"), ("enter", "entered"), ("leave", "left")]
    ):
        at = NOW + timedelta(minutes=minute)
        assert _state(step(appointment=visit_at_nine, key=key, by=alice, at=at)) == state
    verbs = Entry.objects.order_by("number").values_list("verb", flat=True)
    assert list(verbs)[-4:] == [
        "reception.arrive", "reception.call", "reception.enter", "reception.leave",
    ]  # fmt: skip


def test_a_double_click_does_the_step_once(visit_at_nine: Appointment, alice: Staff) -> None:
    first = step(appointment=visit_at_nine, key="arrive", by=alice, at=NOW)
    again = step(appointment=visit_at_nine, key="arrive", by=alice, at=NOW + timedelta(seconds=2))
    assert again.arrived_at == first.arrived_at == NOW
    assert VisitStep.objects.count() == 1


def test_every_step_is_undone_in_turn_and_its_line_stays(
    visit_at_nine: Appointment, alice: Staff
) -> None:
    for key in ("arrive", "call", "enter"):
        step(appointment=visit_at_nine, key=key, by=alice, at=NOW)
    states = [_state(undo(appointment=visit_at_nine, by=alice, at=NOW)) for _ in range(3)]
    assert states == ["called", "arrived", "expected"]
    assert VisitStep.objects.filter(undone_at__isnull=False).count() == 3
    with pytest.raises(StepNotPossible):
        undo(appointment=visit_at_nine, by=alice, at=NOW)


def test_someone_who_is_here_cannot_be_marked_absent(
    visit_at_nine: Appointment, alice: Staff
) -> None:
    step(appointment=visit_at_nine, key="arrive", by=alice, at=NOW)
    with pytest.raises(StepNotPossible, match="en attente"):
        step(appointment=visit_at_nine, key="miss", by=alice, at=NOW)


def test_a_late_patient_marked_absent_arrives_after_all(
    visit_at_nine: Appointment, alice: Staff
) -> None:
    step(appointment=visit_at_nine, key="miss", by=alice, at=NOW)
    assert _state(step(appointment=visit_at_nine, key="arrive", by=alice, at=NOW)) == "arrived"


def test_a_cancelled_visit_does_not_arrive(visit_at_nine: Appointment, alice: Staff) -> None:
    agenda.cancel(
        appointment=visit_at_nine, version=1, wanted_by="patient", why="", by=alice, at=NOW
    )
    with pytest.raises(StepNotPossible, match="annulé"):
        step(appointment=visit_at_nine, key="arrive", by=alice, at=NOW)


def test_who_may_not_stand_at_the_desk_moves_nobody(
    visit_at_nine: Appointment, alice: Staff
) -> None:
    alice.withheld = ["reception.work", "reception.call_in"]
    with pytest.raises(NotAllowed):
        step(appointment=visit_at_nine, key="arrive", by=alice, at=NOW)
    assert not Visit.objects.exists()


@pytest.mark.parametrize(("minutes", "stands_out"), [(0, False), (14, False), (15, True)])
def test_waiting_stands_out_after_a_quarter_of_an_hour(minutes: int, stands_out: bool) -> None:
    passage = {"arrived_at": NOW}
    waited = steps.waiting_minutes(passage, NOW + timedelta(minutes=minutes, seconds=5))
    assert waited == minutes
    assert steps.too_long(waited) is stands_out
    assert steps.waiting_minutes(passage | {"entered_at": NOW}, NOW) is None
