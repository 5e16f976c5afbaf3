"""The doctor is ill: a draft, one approval, and a quarter of an hour to take it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secretariat.agenda.actions import book, cancel, groups, move
from secretariat.agenda.actions import replanning as ours
from secretariat.agenda.actions.absences import absent
from secretariat.agenda.actions.placing import OutsideHours, TimeTaken
from secretariat.agenda.actions.replanning.undoing import CannotGoBack
from secretariat.agenda.models import Absence, Appointment, Hold, Recall, Replan, ReplanLine
from secretariat.agenda.queries import replan_facts
from secretariat.notices.models import Notice
from secretariat.patients.actions import register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

EARLY = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)
"""7:40 on the clock of the cabinet."""
NAMES = (
    "Arnaud", "Bertin", "Colas", "Dupuis", "Evrard", "Fabre", "Guyot", "Huet", "Imbert", "Joly",
    "Klein", "Leroux", "Masson", "Noel", "Olivier", "Perrot", "Quentin", "Roussel", "Simon",
    "Tessier",
)  # fmt: skip
GIVEN = ("Anne", "Brigitte", "Chantal", "Denise", "Elise", "Florence", "Hélène")
Moment = Callable[..., datetime]
People = Callable[[int], list[Patient]]


@pytest.fixture
def people(tilleuls: House, alice: Staff) -> People:
    """So many patients."""

    known: list[Patient] = []

    def some(count: int) -> list[Patient]:
        for n in range(len(known), len(known) + count):
            name = NAMES[n % 20] + NAMES[n // 20 + 5].lower()
            known.append(
                register(
                    practice=tilleuls.practice,
                    by=alice,
                    at=EARLY,
                    birth_name=name,
                    given_names=GIVEN[n % 7],
                    birth_date=date(1950 + 2 * n, 1 + n % 12, 1 + n % 28),
                    sex="F",
                )
            )
        return known[-count:]

    return some


@pytest.fixture
def ill(tilleuls: House, alice: Staff, paris: Moment, people: People) -> Callable[..., Replan]:
    """Dr Lefèvre is ill today: so many visits from 9:00 on, and the draft made of them."""

    def fall(count: int = 4, *, with_moreau: bool = True, reason: str = "Consultation") -> Replan:
        agenda = tilleuls.agenda("Lefèvre")
        for n, patient in enumerate(people(count)):
            book(
                agenda=agenda, patient=patient, reason=tilleuls.reasons[reason], by=alice,
                starts_at=paris(9 + (n >= 12) * 5) + timedelta(minutes=15 * (n % 12)), minutes=15,
                at=EARLY - timedelta(days=1),
            )  # fmt: skip
        return ours.replan(
            agenda=agenda, period=ours.Period(paris(7), paris(20), close=True, label="malade"),
            accepted=[tilleuls.agenda("Moreau")] if with_moreau else [], by=alice, at=EARLY,
        )  # fmt: skip

    return fall


def times(replan: Replan) -> list[tuple[int | None, datetime | None]]:
    return [(one.agenda_id, one.starts_at) for one in replan_facts.lines_of(replan)]


def test_each_patient_of_an_ill_doctor_is_proposed_the_next_day_with_the_same_doctor(
    ill: Callable[..., Replan], tilleuls: House, paris: Moment
) -> None:
    draft = ill(3)
    assert draft.proven
    lines = replan_facts.lines_of(draft)
    tomorrow = TODAY + timedelta(days=1)
    assert [one.starts_at for one in lines] == [
        paris(9, minute, tomorrow) for minute in (0, 15, 30)
    ]
    assert {one.agenda_id for one in lines} == {tilleuls.agendas["Lefèvre"].pk}
    assert {one.why for one in lines} == {"même médecin, 1 jour plus tard"}
    assert Appointment.objects.filter(starts_at__lt=paris(20)).count() == 3  # nothing moved yet


def test_an_emergency_goes_to_a_colleague_the_same_day(
    ill: Callable[..., Replan], tilleuls: House
) -> None:
    [line] = replan_facts.lines_of(ill(1, reason="Urgence"))
    assert line.agenda_id == tilleuls.agendas["Moreau"].pk
    assert line.why == "chez Dr Moreau, le jour même, urgence"


def test_the_proposed_times_are_kept_from_others(
    ill: Callable[..., Replan], tilleuls: House, zoe: Staff, paris: Moment, people: People
) -> None:
    ill(1)
    with pytest.raises((TimeTaken, OutsideHours)):
        book(
            agenda=tilleuls.agenda("Lefèvre"), patient=people(1)[0],
            reason=tilleuls.reasons["Consultation"], minutes=15,
            starts_at=paris(9, 0, TODAY + timedelta(days=1)), by=zoe, at=EARLY,
        )  # fmt: skip


def test_one_approval_moves_everyone_and_promises_to_tell_them(
    ill: Callable[..., Replan], alice: Staff
) -> None:
    draft = ill(5)
    wanted = times(draft)
    done = ours.approve(replan=draft, by=alice, at=EARLY)
    assert done.written
    assert done.replan.state == "approved"
    visits = [line.appointment for line in replan_facts.lines_of(draft)]
    assert [(one.agenda_id, one.starts_at) for one in visits] == wanted
    notices = Notice.objects.filter(kind="replan.proposed")
    assert notices.count() == 5
    assert all(one.answer_by for one in notices)
    assert not Hold.objects.exists()


def test_who_was_overtaken_is_proposed_again_alone_and_nothing_is_written(
    ill: Callable[..., Replan], alice: Staff, keller: Staff, tilleuls: House, people: People
) -> None:
    draft = ill(4)
    lines = replan_facts.lines_of(draft)
    Hold.objects.filter(sheet=lines[1].sheet).delete()  # it expired
    assert lines[1].starts_at is not None
    book(
        agenda=tilleuls.agenda("Lefèvre"), patient=people(1)[0], minutes=15, by=keller,
        reason=tilleuls.reasons["Consultation"], starts_at=lines[1].starts_at, at=EARLY,
    )  # fmt: skip
    told = ours.approve(replan=draft, by=alice, at=EARLY)
    assert [one.pk for one in told.again] == [lines[1].pk]
    assert told.replan.state == "draft"
    after = replan_facts.lines_of(draft)
    assert [line.appointment.starts_at for line in after] == [one.was_at for one in lines]
    assert not Notice.objects.filter(kind="replan.proposed").exists()
    same = [n for n in range(4) if after[n].starts_at == lines[n].starts_at]
    assert same == [0, 2, 3]
    assert "vient d’être pris" in after[1].trouble
    assert ours.approve(replan=draft, by=alice, at=EARLY).written


def test_a_visit_changed_by_another_desk_is_left_to_them(
    ill: Callable[..., Replan], alice: Staff, keller: Staff
) -> None:
    draft = ill(2)
    visit = replan_facts.lines_of(draft)[0].appointment
    cancel(appointment=visit, version=1, wanted_by="patient", why="", by=keller, at=EARLY)
    told = ours.approve(replan=draft, by=alice, at=EARLY)
    assert [one.choice for one in told.again] == ["stay"]
    assert ours.approve(replan=draft, by=alice, at=EARLY).written


def test_a_pinned_time_stays_and_the_others_make_room(
    ill: Callable[..., Replan], alice: Staff, tilleuls: House, paris: Moment
) -> None:
    draft = ill(3)
    line = replan_facts.lines_of(draft)[2]
    first = paris(9, 0, TODAY + timedelta(days=1))
    ours.place(line=line, agenda=tilleuls.agenda("Lefèvre"), starts_at=first, by=alice, at=EARLY)
    after = replan_facts.lines_of(draft)
    assert after[2].pinned
    assert after[2].starts_at == first
    assert len({one.starts_at for one in after}) == 3
    assert ours.look_again(replan=draft, by=alice, at=EARLY).proven
    assert times(draft) == [(one.agenda_id, one.starts_at) for one in after]


def test_a_refused_proposal_is_not_made_twice(ill: Callable[..., Replan], alice: Staff) -> None:
    draft = ill(1)
    seen = set()
    for _ in range(4):
        [line] = replan_facts.lines_of(draft)
        seen.add((line.agenda_id, line.starts_at))
        ours.another(line=line, by=alice, at=EARLY)
    assert len(seen) == 4


def test_visits_are_cancelled_kept_to_be_recalled_or_left(
    ill: Callable[..., Replan], alice: Staff
) -> None:
    draft = ill(3)
    lines = replan_facts.lines_of(draft)
    for line, choice in zip(lines, ("cancel", "recall", "stay"), strict=True):
        ours.choose(line=line, choice=choice, by=alice, at=EARLY)
    assert ours.approve(replan=draft, by=alice, at=EARLY).written
    visits = [one.appointment for one in replan_facts.lines_of(draft)]
    assert [one.cancelled_at is None for one in visits] == [False, False, True]
    assert Recall.objects.get().patient_id == visits[1].patient_id
    assert Notice.objects.filter(kind="visit.cancelled", must=True).count() == 2


def test_everything_goes_back_within_a_quarter_of_an_hour(
    ill: Callable[..., Replan], alice: Staff
) -> None:
    draft = ill(4)
    lines = replan_facts.lines_of(draft)
    ours.choose(line=lines[0], choice="recall", by=alice, at=EARLY)
    ours.approve(replan=draft, by=alice, at=EARLY)
    back = ours.undo(replan=draft, by=alice, at=EARLY + timedelta(minutes=14))
    assert back.state == "undone"
    visits = [one.appointment for one in replan_facts.lines_of(draft)]
    assert [one.starts_at for one in visits] == [one.was_at for one in lines]
    assert all(one.cancelled_at is None for one in visits)
    assert Absence.objects.get().cancelled_at is not None
    assert not Notice.objects.filter(kind="replan.proposed").exclude(state="withdrawn").exists()
    assert not Recall.objects.filter(closed_at=None).exists()
    # Nobody had heard of the new time: nobody is written to.
    assert not Notice.objects.filter(kind="visit.moved").exists()


def test_after_a_quarter_of_an_hour_it_is_too_late(
    ill: Callable[..., Replan], alice: Staff
) -> None:
    draft = ill(1)
    ours.approve(replan=draft, by=alice, at=EARLY)
    with pytest.raises(ours.TooLate):
        ours.undo(replan=draft, by=alice, at=EARLY + timedelta(minutes=16))


def test_nothing_goes_back_when_one_visit_has_changed_since(
    ill: Callable[..., Replan], alice: Staff, keller: Staff
) -> None:
    draft = ill(2)
    ours.approve(replan=draft, by=alice, at=EARLY)
    moved = replan_facts.lines_of(draft)[1].appointment
    later = moved.starts_at + timedelta(hours=1)
    move(appointment=moved, version=moved.version, starts_at=later, by=keller, at=EARLY)
    with pytest.raises(CannotGoBack):
        ours.undo(replan=draft, by=alice, at=EARLY)
    assert Absence.objects.get().cancelled_at is None


def test_two_desks_see_the_same_draft(
    ill: Callable[..., Replan], keller: Staff, tilleuls: House, paris: Moment
) -> None:
    draft = ill(2)
    same = ours.replan(
        agenda=tilleuls.agenda("Lefèvre"), period=ours.Period(paris(7), paris(20)), by=keller,
        at=EARLY,
    )  # fmt: skip
    assert same.pk == draft.pk
    with pytest.raises(ours.NoLongerADraft):
        ours.drop(replan=ours.approve(replan=draft, by=keller, at=EARLY).replan, by=keller, at=NOW)


def test_an_absence_noted_before_is_replanned_and_stays_when_undone(
    tilleuls: House, alice: Staff, paris: Moment, people: People
) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    [patient] = people(1)
    book(
        agenda=agenda, patient=patient, reason=tilleuls.reasons["Consultation"], minutes=15,
        starts_at=paris(10), by=alice, at=EARLY,
    )  # fmt: skip
    away = absent(agenda=agenda, starts_at=paris(7), ends_at=paris(20), by=alice, at=EARLY).absence
    draft = ours.replan(
        agenda=agenda, period=ours.Period(away.starts_at, away.ends_at), absence=away, by=alice,
        at=EARLY,
    )  # fmt: skip
    assert ours.approve(replan=draft, by=alice, at=EARLY).written
    ours.undo(replan=draft, by=alice, at=EARLY)
    visit = Appointment.objects.get()
    assert visit.starts_at == paris(10)
    assert visit.forced
    away.refresh_from_db()
    assert away.cancelled_at is None


def test_a_chain_and_a_household_move_together(
    tilleuls: House, alice: Staff, paris: Moment, people: People
) -> None:
    first, second = people(2)
    agenda, other = tilleuls.agenda("Lefèvre"), tilleuls.agenda("Moreau")
    reason = tilleuls.reasons["Consultation"]
    groups.book_together(
        visits=[
            groups.Wanted(other, first, reason, paris(10), 15),
            groups.Wanted(agenda, first, reason, paris(10, 15), 15),
        ],
        kind="chain", by=alice, at=EARLY,
    )  # fmt: skip
    draft = ours.replan(
        agenda=agenda, period=ours.Period(paris(7), paris(20), close=True), by=alice, at=EARLY
    )
    lines = replan_facts.lines_of(draft)
    assert [one.companion for one in lines] == [True, False]
    starts = [one.starts_at for one in lines if one.starts_at]
    assert starts[0].date() == TODAY + timedelta(days=1)
    assert timedelta(0) <= starts[1] - starts[0] - timedelta(minutes=15) <= timedelta(minutes=30)
    assert all("avec son enchaînement" in one.why for one in lines)
    assert ours.approve(replan=draft, by=alice, at=EARLY).written
    assert second.pk


def test_what_is_over_or_without_visits_is_not_replanned(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    with pytest.raises(ours.NothingToReplan):
        ours.replan(
            agenda=tilleuls.agenda("Lefèvre"), period=ours.Period(paris(7), paris(20)), by=alice,
            at=EARLY,
        )  # fmt: skip
    assert not Replan.objects.exists()


def test_a_draft_costs_the_same_statements_for_two_and_for_twenty_visits(
    ill: Callable[..., Replan],
) -> None:
    draft = ill(2)
    with CaptureQueriesContext(connection) as few:
        replan_facts.draft(draft, EARLY)
    lines = list(ReplanLine.objects.filter(replan=draft))
    for n, line in enumerate(lines * 10):
        copy = Appointment.objects.get(pk=line.appointment_id)
        copy.pk, copy.starts_at = None, lines[0].was_at + timedelta(hours=5, minutes=n)
        copy.ends_at, copy._state.adding = copy.starts_at + timedelta(minutes=1), True
        copy.save()
        ReplanLine.objects.create(
            practice_id=draft.practice_id, replan=draft, appointment=copy, was_in_id=copy.agenda_id,
            was_at=copy.starts_at, version=1,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        known = replan_facts.draft(draft, EARLY)
    assert len(known.moving) == 22
    assert len(many) == len(few)


def test_a_late_doctor_moves_everyone_by_as_much_past_the_closing_hour(
    ill: Callable[..., Replan], tilleuls: House, alice: Staff, paris: Moment, people: People
) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    for n, patient in enumerate(people(3)):
        book(
            agenda=agenda, patient=patient, reason=tilleuls.reasons["Consultation"], minutes=15,
            starts_at=paris(11, 15) + timedelta(minutes=15 * n), by=alice, at=EARLY,
        )  # fmt: skip
    late = ours.replan(
        agenda=agenda, period=ours.Period(paris(11), paris(12)), by=alice, at=paris(10)
    )
    ours.shift(replan=late, minutes=20, by=alice, at=paris(10))
    assert ours.approve(replan=late, by=alice, at=paris(10)).written
    visits = [one.appointment for one in replan_facts.lines_of(late)]
    assert [one.starts_at for one in visits] == [paris(11, 35), paris(11, 50), paris(12, 5)]
    assert [bool(one.forced_rule) for one in visits] == [False, True, True]
    told = Notice.objects.filter(kind="visit.late").order_by("about_at")
    assert [(one.detail["minutes"], one.answer_by) for one in told] == [(20, None)] * 3
    assert told[0].due_at == paris(10)


def test_the_same_hours_are_given_to_a_colleague_where_they_are_free(
    ill: Callable[..., Replan], tilleuls: House, alice: Staff, paris: Moment, people: People
) -> None:
    moreau = tilleuls.agenda("Moreau")
    book(
        agenda=moreau, patient=people(1)[0], reason=tilleuls.reasons["Consultation"], minutes=15,
        starts_at=paris(9, 15), by=alice, at=EARLY,
    )  # fmt: skip
    draft = ill(3)
    ours.hand_over(replan=draft, to=moreau, by=alice, at=EARLY)
    lines = replan_facts.lines_of(draft)
    same = [one.agenda_id == moreau.pk and one.starts_at == one.was_at for one in lines]
    assert same == [True, False, True]
    assert ours.approve(replan=draft, by=alice, at=EARLY).written


def test_a_period_that_no_absence_shuts_is_emptied_all_the_same(
    tilleuls: House, alice: Staff, paris: Moment, people: People
) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    [patient] = people(1)
    book(
        agenda=agenda, patient=patient, reason=tilleuls.reasons["Consultation"], minutes=15,
        starts_at=paris(15), by=alice, at=EARLY,
    )  # fmt: skip
    draft = ours.replan(agenda=agenda, period=ours.Period(paris(14), paris(18)), by=alice, at=EARLY)
    [line] = replan_facts.lines_of(draft)
    assert line.starts_at == paris(11, 45)
    assert line.why == "même médecin, le jour même"
