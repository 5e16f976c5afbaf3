"""Time that opens again otherwise than by a visit that goes is proposed to who waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from secretariat.agenda.actions import freeing
from secretariat.agenda.actions.absences import absent, cancel_absence
from secretariat.agenda.actions.closings import cancel_closing, close_resource
from secretariat.agenda.actions.offering import write_to
from secretariat.agenda.actions.openings import (
    add_exception,
    end_rule,
    remove_exception,
    set_rule,
)
from secretariat.agenda.actions.quotas import end_quota, set_quota
from secretariat.agenda.actions.reasons import set_needs
from secretariat.agenda.actions.resources import add_resource
from secretariat.agenda.models import (
    Absence,
    FreedTime,
    OpeningRule,
    Quota,
    Resource,
    ResourceClosing,
)
from secretariat.agenda.tests.waiting_scene import given, person, waits
from secretariat.agenda.waiting_tasks import release_all
from secretariat.core import clock
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Paris = Callable[..., datetime]
FRIDAY, SATURDAY = date(2026, 11, 27), date(2026, 11, 28)


@pytest.fixture
def anne_waits(tilleuls: House) -> None:
    """For a consultation of a quarter of an hour, and can be written to."""
    waits(tilleuls, person(tilleuls, "ARNAUD", mobile="0639980001"))


def freed() -> list[str]:
    """« 27 09:00 », what is to be proposed, on the clock of the wall."""
    found = FreedTime.objects.filter(closed_at=None).order_by("starts_at")
    return [f"{clock.local(one.starts_at, 'Europe/Paris'):%d %H:%M}" for one in found]


def away(house: House, starts: datetime, ends: datetime) -> Absence:
    return absent(
        agenda=house.agenda("Lefèvre"), starts_at=starts, ends_at=ends, by=house.staff["Alice"],
        at=NOW,
    ).absence  # fmt: skip


def kept(house: House, release: str, amount: int = 12) -> Quota:
    """The whole morning, for emergencies."""
    return set_quota(
        agenda=house.agenda("Lefèvre"), kind="keep", amount=amount, minutes=15, part="morning",
        release=release, reasons=[house.reasons["Urgence"]], from_date=NOW.date(),
        by=house.staff["Alice"], at=NOW,
    )  # fmt: skip


@pytest.mark.usefixtures("anne_waits")
class TestAnAbsenceTakenBack:
    """The doctor is there after all."""

    def test_its_free_times_are_proposed(self, tilleuls: House, alice: Staff, paris: Paris) -> None:
        given(tilleuls, person(tilleuls, "BERGER"), paris(9, 15, FRIDAY))
        absence = away(tilleuls, paris(9, 0, FRIDAY), paris(10, 0, FRIDAY))
        assert freed() == []
        cancel_absence(absence=absence, by=alice, at=NOW)
        assert freed() == ["27 09:00", "27 09:30", "27 09:45"]
        first = FreedTime.objects.order_by("starts_at").first()
        assert first is not None
        assert (first.why, first.freed_by) == ("absence", alice)
        assert len(write_to(freed=first, by=alice, at=NOW)) == 1

    def test_away_again_nothing_is_to_propose(
        self, tilleuls: House, alice: Staff, paris: Paris
    ) -> None:
        hour = paris(9, 0, FRIDAY), paris(10, 0, FRIDAY)
        cancel_absence(absence=away(tilleuls, *hour), by=alice, at=NOW)
        assert len(freed()) == 4
        away(tilleuls, *hour)
        assert freed() == []

    def test_a_year_of_holidays_does_not_fill_the_list(
        self, tilleuls: House, alice: Staff, paris: Paris
    ) -> None:
        start = paris(0, 0, FRIDAY)
        cancel_absence(absence=away(tilleuls, start, start + timedelta(days=300)), by=alice, at=NOW)
        assert len(freed()) == freeing.MOST

    def test_what_a_quota_keeps_is_not_proposed(
        self, tilleuls: House, alice: Staff, paris: Paris
    ) -> None:
        kept(tilleuls, "never")
        absence = away(tilleuls, paris(11, 0, FRIDAY), paris(14, 30, FRIDAY))
        cancel_absence(absence=absence, by=alice, at=NOW)
        assert freed() == ["27 14:00", "27 14:15"]


def test_where_nobody_waits_nothing_is_written(tilleuls: House, alice: Staff, paris: Paris) -> None:
    absence = away(tilleuls, paris(9, 0, FRIDAY), paris(10, 0, FRIDAY))
    cancel_absence(absence=absence, by=alice, at=NOW)
    assert freed() == []


@pytest.mark.usefixtures("anne_waits")
def test_a_saturday_opened_for_once_is_proposed_and_closed_again_is_not(
    tilleuls: House, alice: Staff
) -> None:
    opened = add_exception(
        agenda=tilleuls.agenda("Lefèvre"), date=SATURDAY, kind="open", starts=time(9),
        ends=time(10), by=alice, at=NOW,
    )  # fmt: skip
    assert freed() == ["28 09:00", "28 09:15", "28 09:30", "28 09:45"]
    remove_exception(exception=opened, by=alice, at=NOW)
    assert freed() == []


@pytest.mark.usefixtures("anne_waits")
def test_a_quota_that_ends_gives_what_it_refused(tilleuls: House, alice: Staff) -> None:
    quota = kept(tilleuls, "never")
    end_quota(quota=quota, last_day=date(2026, 11, 26), by=alice, at=NOW)
    assert freed()[0] == "27 09:00" and len(freed()) == freeing.MOST


@pytest.mark.usefixtures("anne_waits")
def test_a_quota_that_refused_nothing_gives_nothing(tilleuls: House, alice: Staff) -> None:
    quota = kept(tilleuls, "never", amount=2)
    end_quota(quota=quota, last_day=date(2026, 11, 26), by=alice, at=NOW)
    assert freed() == []


@pytest.mark.usefixtures("anne_waits")
def test_a_quota_released_on_the_day_is_looked_at_once(tilleuls: House, paris: Paris) -> None:
    kept(tilleuls, "day")
    midnight = paris(0, 0, FRIDAY).astimezone(UTC)
    ten = timedelta(minutes=10)
    assert release_all(midnight - ten) == 0
    assert release_all(midnight) == 12
    assert release_all(midnight + ten) == 0
    assert freed()[0] == "27 09:00" and freed()[-1] == "27 11:45"


@pytest.mark.usefixtures("anne_waits")
def test_what_a_quota_released_while_no_worker_ran_is_found_when_one_starts(
    tilleuls: House, paris: Paris
) -> None:
    kept(tilleuls, "day")
    assert release_all(paris(22, 0, date(2026, 11, 25))) == 0
    assert release_all(paris(10, 20, FRIDAY)) == 6  # what of it is still to come
    assert freed()[0] == "27 10:30"


def test_what_was_released_before_anyone_waited_is_no_news(tilleuls: House, paris: Paris) -> None:
    kept(tilleuls, "day")
    waits(tilleuls, person(tilleuls, "ARNAUD"), paris(8, 0, FRIDAY))
    assert release_all(paris(8, 10, FRIDAY)) == 0
    assert freed() == []


@pytest.mark.usefixtures("anne_waits")
class TestWeeklyHours:
    """What the agenda’s week begins to open, or to shut."""

    def open(self, house: House, starts: time, ends: time, **other: Any) -> OpeningRule:
        return set_rule(
            agenda=house.agenda("Lefèvre"), weekday=4, starts=starts, ends=ends,
            from_date=FRIDAY, to_date=FRIDAY, by=house.staff["Alice"], at=NOW, **other,
        )  # fmt: skip

    def test_hours_added_are_proposed_and_ended_are_not(
        self, tilleuls: House, alice: Staff
    ) -> None:
        rule = self.open(tilleuls, time(8, 30), time(9))
        assert freed() == ["27 08:30", "27 08:45"]
        end_rule(rule=rule, last_day=date(2026, 11, 26), by=alice, at=NOW)
        assert freed() == []

    def test_a_meeting_that_ends_gives_its_hours_back(self, tilleuls: House, alice: Staff) -> None:
        meeting = self.open(tilleuls, time(9), time(9, 30), kind="protected", label="Réunion")
        assert freed() == []
        end_rule(rule=meeting, last_day=date(2026, 11, 26), by=alice, at=NOW)
        assert freed() == ["27 09:00", "27 09:15"]
        assert FreedTime.objects.first().why == "hours"  # type: ignore[union-attr]

    def test_hours_kept_for_another_reason_propose_nothing(self, tilleuls: House) -> None:
        self.open(tilleuls, time(8), time(9), reasons=[tilleuls.reasons["Urgence"]])
        assert freed() == []


@pytest.mark.usefixtures("anne_waits")
def test_a_closed_day_that_is_like_the_others_again_is_proposed(
    tilleuls: House, alice: Staff
) -> None:
    closed = add_exception(
        agenda=tilleuls.agenda("Lefèvre"), date=FRIDAY, kind="closed", starts=time(9),
        ends=time(9, 30), by=alice, at=NOW,
    )  # fmt: skip
    remove_exception(exception=closed, by=alice, at=NOW)
    assert freed() == ["27 09:00", "27 09:15"]


def test_a_room_that_serves_again_is_proposed_to_who_needs_it(
    tilleuls: House, alice: Staff, paris: Paris
) -> None:
    room = add_resource(site=tilleuls.site, name="Salle 2", by=alice, at=NOW)
    consultation = tilleuls.reasons["Consultation"]
    set_needs(reason=consultation, needs=[[room]], by=alice, at=NOW)
    nine = paris(9, 0, FRIDAY)
    cancel_closing(closing=shut(room, nine, alice), by=alice, at=NOW)
    assert freed() == []  # nobody waits
    waits(tilleuls, person(tilleuls, "ARNAUD"))
    cancel_closing(closing=shut(room, nine, alice), by=alice, at=NOW)
    doctors = set(FreedTime.objects.values_list("agenda__name", flat=True))
    assert len(doctors) > 1  # whoever it lets work
    assert set(freed()) == {"27 09:00", "27 09:15"}
    shut(room, nine, alice)
    assert freed() == []


@pytest.mark.usefixtures("anne_waits")
def test_a_room_that_closes_leaves_what_suits_who_does_not_need_it(
    tilleuls: House, alice: Staff, paris: Paris
) -> None:
    room = add_resource(site=tilleuls.site, name="Salle 2", by=alice, at=NOW)
    set_needs(reason=tilleuls.reasons["Consultation"], needs=[[room]], by=alice, at=NOW)
    waits(tilleuls, person(tilleuls, "BRUN"), reason="Urgence")
    nine = paris(9, 0, FRIDAY)
    holiday = away(tilleuls, nine, paris(9, 30, FRIDAY))
    cancel_absence(absence=holiday, by=alice, at=NOW)
    before = freed()
    assert before
    shut(room, nine, alice)
    assert freed() == before


def shut(room: Resource, since: datetime, by: Staff) -> ResourceClosing:
    half = since + timedelta(minutes=30)
    return close_resource(resource=room, starts_at=since, ends_at=half, by=by, at=NOW).closing
