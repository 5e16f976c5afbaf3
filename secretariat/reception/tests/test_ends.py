"""When each half-day should really end: from real durations, and from who is where now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Appointment
from secretariat.agenda.tests.desk_forms import book
from secretariat.patients import actions as patients
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from secretariat.reception import ends_queries
from secretariat.reception.actions import step
from secretariat.reception.durations import Part, Planned, endings, parts, simulated
from secretariat.reception.models import Visit
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
TOMORROW = date(2026, 11, 24)
DAY = Part(0, 1440, 720)


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning, and nobody has looked today."""
    ends_queries.observed.cache_clear()
    with time_machine.travel(NOW, tick=False):
        yield
    ends_queries.observed.cache_clear()


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    """A patient of the Tilleuls."""
    return patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip


def seen(house: House, by: Staff, who: Patient, lasted: list[int], days: int = 10) -> None:
    """Consultations of Dr Lefèvre that lasted so many minutes, as many days ago."""
    for number, minutes in enumerate(lasted):
        at = NOW - timedelta(days=days, minutes=-20 * number)
        visit = Appointment.objects.create(
            practice=house.practice, agenda=house.agendas["Lefèvre"], patient=who,
            reason=house.reasons["Consultation"], starts_at=at, ends_at=at + timedelta(minutes=15),
            created_at=at, created_by=by,
        )  # fmt: skip
        Visit.objects.create(
            practice=house.practice, appointment=visit, arrived_at=at, entered_at=at,
            left_at=at + timedelta(minutes=minutes),
        )  # fmt: skip


def morning(house: House, by: Staff, who: Patient, moments: list[datetime]) -> list[Appointment]:
    return [book(house, by, at, patient=who, title="") for at in moments]


def said(client: Client, house: House, day: date | None = None) -> list[str]:
    """What the heading of Dr Lefèvre's column says."""
    query = {"date": day.isoformat()} if day else {}
    answer = client.get("/agenda/headings/", query).json()
    found: list[dict[str, Any]] = answer.get(str(house.agendas["Lefèvre"].pk), {}).get("ends", [])
    words = [", ".join(filter(None, (one["text"], one.get("late")))) for one in found]
    return [one.replace("\xa0", " ") for one in words]


def test_a_half_day_ends_as_planned_while_nothing_was_observed(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    morning(tilleuls, alice, jeanne, [paris(9, 15), paris(11, 30), paris(14), paris(17, 45)])
    assert said(client, tilleuls) == ["fin vers 11:45", "fin vers 18:00"]
    seen(tilleuls, alice, jeanne, [40] * 4)
    ends_queries.observed.cache_clear()
    assert said(client, tilleuls) == ["fin vers 11:45", "fin vers 18:00"], "four are not enough"


def test_a_half_day_that_overflows_stands_out_with_a_word_and_an_icon(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    seen(tilleuls, alice, jeanne, [20, 25, 25, 25, 60])
    full = [paris(9, 15 * n % 60) + timedelta(hours=15 * n // 60) for n in range(12)]
    morning(tilleuls, alice, jeanne, full)
    client = at_desk(alice)
    # twelve visits of 25 minutes from nine o'clock, where 15 were planned
    assert said(client, tilleuls) == ["fin vers 14:00, déborde de 120 min"]
    answer = client.get("/agenda/headings/").json()
    [end] = answer[str(tilleuls.agendas["Lefèvre"].pk)]["ends"]
    assert (end["icon"], end["css"]) == ("alert-triangle", "over")
    assert "fermeture à 12:00" in end["title"]
    board = client.get("/day/").content.decode()
    assert "déborde de 120\xa0min" in board or "déborde de 120 min" in board


def test_passages_clicked_by_mistake_or_forgotten_do_not_count(
    tilleuls: House, alice: Staff, jeanne: Patient
) -> None:
    seen(tilleuls, alice, jeanne, [1, 1, 1, 500, 500, 20, 20, 20, 20])
    seen(tilleuls, alice, jeanne, [90] * 5, days=95)
    day = NOW.date()
    assert ends_queries.observed(tilleuls.practice.pk, day, "Europe/Paris") == {}
    seen(tilleuls, alice, jeanne, [24], days=11)
    ends_queries.observed.cache_clear()
    key = tilleuls.agendas["Lefèvre"].pk, tilleuls.reasons["Consultation"].pk
    assert ends_queries.observed(tilleuls.practice.pk, day, "Europe/Paris") == {key: 20}


def test_who_is_still_in_pushes_the_others(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    first, _second = morning(tilleuls, alice, jeanne, [paris(11, 30), paris(11, 45)])
    step(appointment=first, key="arrive", by=alice, at=paris(11, 30))
    step(appointment=first, key="enter", by=alice, at=paris(11, 50))
    with time_machine.travel(paris(11, 55), tick=False):
        # in since 11:50 for a quarter of an hour, then the other one: 12:20, closed since 12:00
        assert said(at_desk(alice), tilleuls) == ["fin vers 12:20, déborde de 20 min"]
    step(appointment=first, key="leave", by=alice, at=paris(11, 56))
    with time_machine.travel(paris(11, 56), tick=False):
        assert said(at_desk(alice), tilleuls)[0].startswith("fin vers 12:10")


def test_a_day_that_is_over_or_empty_says_nothing(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    assert said(client, tilleuls) == []
    [visit] = morning(tilleuls, alice, jeanne, [paris(9)])
    assert said(client, tilleuls) == ["fin vers 09:15"]
    step(appointment=visit, key="miss", by=alice, at=NOW)
    assert said(client, tilleuls) == []
    book(tilleuls, alice, paris(10), title="Réunion")
    assert said(client, tilleuls) == [], "nobody waits for the end of a meeting"
    assert said(client, tilleuls, date(2026, 11, 20)) == []


def test_it_costs_the_same_with_one_visit_and_with_many(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    morning(tilleuls, alice, jeanne, [paris(9, day=TOMORROW)])
    said(client, tilleuls, TOMORROW)
    with CaptureQueriesContext(connection) as one:
        said(client, tilleuls, TOMORROW)
    morning(tilleuls, alice, jeanne, [paris(10, 15 * n, day=TOMORROW) for n in range(4)])
    book(tilleuls, alice, paris(9, day=TOMORROW), agenda=tilleuls.agenda("Moreau"))
    with CaptureQueriesContext(connection) as many:
        assert said(client, tilleuls, TOMORROW) == ["fin vers 11:00"]
    assert len(many) == len(one)


# The arithmetic, in minutes


def test_a_morning_late_by_more_than_the_break_delays_the_afternoon() -> None:
    visits = [Planned(600, 615, 200), Planned(780, 795, 15)]
    halves = parts([(600, 720), (780, 1000)], (0, 1440), 760)
    assert [end.ends for _, end in endings(visits, halves, None)] == [800, 815]


def test_a_day_open_across_noon_has_one_end() -> None:
    assert parts([(540, 1020)], (0, 1440), 780) == [Part(0, 1440, 1020)]
    assert parts([(540, 790), (840, 1020)], (0, 1440), 780) == [
        Part(0, 780, 790), Part(780, 1440, 1020),
    ]  # fmt: skip


def test_outside_any_opening_the_last_visit_is_the_plan() -> None:
    [(_, end)] = endings([Planned(1300, 1315, 45)], [Part(780, 1440, None)], None)
    assert (end.ends, end.planned, end.over) == (1345, 1315, 30)


def test_a_meeting_holds_the_others_up_and_ends_when_it_ends() -> None:
    visits = [Planned(600, 660, 60, patient=False), Planned(630, 645, 15)]
    assert [end for _, end in simulated(visits, None)] == [660, 675]
    assert [end for _, end in simulated(visits, 650)] == [660, 675]


def test_who_never_came_or_was_forgotten_holds_nobody_up() -> None:
    absent, forgotten = Planned(600, 615, 15), Planned(500, 515, 15, arrived=495)
    inside = Planned(480, 495, 15, arrived=470, entered=480)
    assert list(simulated([absent, forgotten, inside], 700)) == []
    assert endings([absent, forgotten, inside], [DAY], 700) == []


@given(
    st.lists(st.tuples(st.integers(0, 700), st.integers(5, 60), st.integers(5, 90)), max_size=12),
    st.integers(0, 800) | st.none(),
)
def test_two_patients_are_never_seen_together_and_none_before_their_hour(
    drawn: list[tuple[int, int, int]], now: int | None
) -> None:
    visits = [Planned(start, start + minutes, length) for start, minutes, length in drawn]
    done = list(simulated(visits, now))
    for one, end in done:
        assert end - one.length >= max(one.start, now or 0)
    for (_, before), (one, end) in pairwise(done):
        assert end - one.length >= before


def test_moments_are_read_on_the_clock_of_the_site(paris: Moment) -> None:
    nine = minute_of(paris(9))
    [(part, end)] = endings([Planned(nine, nine + 15, 15)], [Part(0, 10**9, None)], None)
    assert ends_queries._shown(part, end, "Indian/Reunion")["text"] == "fin vers 12:15"
