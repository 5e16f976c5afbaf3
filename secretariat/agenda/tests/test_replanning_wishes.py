"""What patients told of days and hours on the waiting list, when their visits are replanned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from secretariat.agenda.actions import book, waiting
from secretariat.agenda.actions import replanning as ours
from secretariat.agenda.models import Appointment, ReplanLine
from secretariat.agenda.queries import replan_facts
from secretariat.patients.actions import register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import TODAY, House

EARLY = datetime(2026, 11, 23, 6, 40, tzinfo=UTC)
Moment = Callable[..., datetime]


@pytest.fixture
def patient(tilleuls: House, alice: Staff) -> Patient:
    return register(
        practice=tilleuls.practice, by=alice, at=EARLY, birth_name="Klein", given_names="Anne",
        birth_date=date(1960, 3, 4), sex="F",
    )  # fmt: skip


@pytest.fixture
def visit(tilleuls: House, alice: Staff, paris: Moment, patient: Patient) -> Appointment:
    return book(
        agenda=tilleuls.agenda("Lefèvre"), patient=patient, starts_at=paris(9), minutes=15,
        reason=tilleuls.reasons["Consultation"], by=alice, at=EARLY - timedelta(days=1),
    )  # fmt: skip


@pytest.fixture
def wishing(tilleuls: House, alice: Staff, patient: Patient) -> Callable[..., None]:
    """The patient waits, and told so much."""

    def tell(reason: str = "Consultation", **terms: object) -> None:
        waiting.enter(
            patient=patient, reason=tilleuls.reasons[reason], by=alice,
            terms=waiting.Terms(**terms),  # type: ignore[arg-type]
            at=EARLY - timedelta(days=2),
        )  # fmt: skip

    return tell


def proposed(tilleuls: House, alice: Staff, paris: Moment) -> ReplanLine:
    draft = ours.replan(
        agenda=tilleuls.agenda("Lefèvre"), by=alice, at=EARLY,
        period=ours.Period(paris(7), paris(20), close=True),
    )  # fmt: skip
    [line] = replan_facts.lines_of(draft)
    return line


def test_who_told_an_hour_is_proposed_that_hour(
    visit: Appointment, wishing: Callable[..., None], tilleuls: House, alice: Staff, paris: Moment
) -> None:
    wishing(from_time=time(10, 30), to_time=time(11))
    line = proposed(tilleuls, alice, paris)
    assert line.starts_at == paris(10, 30, TODAY + timedelta(days=1))
    assert line.why == "même médecin, 1 jour plus tard, heure souhaitée"


def test_a_day_is_told_but_fewer_days_go_first(
    visit: Appointment, wishing: Callable[..., None], tilleuls: House, alice: Staff, paris: Moment
) -> None:
    wishing(weekdays=0b0000100)  # Wednesdays; tomorrow is a Tuesday.
    line = proposed(tilleuls, alice, paris)
    assert line.starts_at == paris(9, 0, TODAY + timedelta(days=1))
    assert line.why == "même médecin, 1 jour plus tard, pas un jour souhaité"


def test_a_wait_for_another_reason_says_weekdays_and_hours_only(
    visit: Appointment, wishing: Callable[..., None], tilleuls: House, alice: Staff, paris: Moment
) -> None:
    wishing("Urgence", to_time=time(12), from_date=TODAY + timedelta(days=12))
    line = proposed(tilleuls, alice, paris)
    assert line.why == "même médecin, 1 jour plus tard, heure souhaitée"


def test_who_told_nothing_keeps_the_half_day_and_no_wish_is_named(
    visit: Appointment, tilleuls: House, alice: Staff, paris: Moment
) -> None:
    assert proposed(tilleuls, alice, paris).why == "même médecin, 1 jour plus tard"
