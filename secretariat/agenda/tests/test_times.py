"""What the grid is told: visits, closed times with their reasons, both clock changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secretariat.agenda import actions
from secretariat.agenda.actions import absences, openings
from secretariat.agenda.models import Appointment, Replacement
from secretariat.patients import actions as patients
from secretariat.patients.models import Patient
from secretariat.practice import actions as practice
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
AUTUMN, SPRING = date(2027, 10, 31), date(2027, 3, 28)


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def keller_jeanne(tilleuls: House, alice: Staff) -> Patient:
    """A patient with an interpreter."""
    return patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F", needs_interpreter="portugais",
    )  # fmt: skip


def book(house: House, by: Staff, starts_at: datetime, **how: Any) -> Appointment:
    wanted: dict[str, Any] = {
        "agenda": house.agenda("Lefèvre"), "patient": None, "title": "Visiteur",
        "reason": house.reasons["Consultation"], "starts_at": starts_at, "by": by, "at": NOW,
    } | how  # fmt: skip
    return actions.book(**wanted)


def told(client: Client, day: date = TODAY, **query: Any) -> dict[str, Any]:
    answer = client.get("/agenda/times/", {"date": day.isoformat(), **query})
    assert answer.status_code == 200
    data: dict[str, Any] = answer.json()
    return data


def test_a_visit_is_told_with_what_must_not_be_missed(
    tilleuls: House, alice: Staff, keller_jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    visit = book(tilleuls, alice, paris(9, 30), patient=keller_jeanne, title="", note="Fragile")
    book(tilleuls, alice, paris(9, 30), squeeze=True)
    first, squeeze = told(at_desk(alice))["visits"]
    assert (first["id"], first["name"], first["reason"]) == (
        visit.pk, "KELLER Jeanne", "Consultation",
    )  # fmt: skip
    assert (first["start"], first["end"]) == ("2026-11-23T09:30", "2026-11-23T09:45")
    assert (first["note"], first["needs"]) == (True, ["interpreter"])
    assert (squeeze["squeezed"], squeeze["block"]) == ("Alice", True)


def test_what_the_higher_rooms_know_of_a_visit_is_shown(
    tilleuls: House, alice: Staff, keller_jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    from secretariat.reception import actions as reception

    visit = book(tilleuls, alice, paris(9), patient=keller_jeanne, title="")
    reception.step(appointment=visit, key="arrive", by=alice, at=NOW)
    [shown] = told(at_desk(alice))["visits"]
    assert (shown["css"], shown["word"]) == ("st-arrived", "En attente")


def test_a_cancelled_visit_leaves_the_grid(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    visit = book(tilleuls, alice, paris(9))
    actions.cancel(appointment=visit, version=1, wanted_by="patient", why="", by=alice, at=NOW)
    assert told(at_desk(alice))["visits"] == []


def test_closed_times_say_why(tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    absences.absent(
        agenda=agenda, starts_at=paris(15), ends_at=paris(16), label="Congrès", by=alice, at=NOW
    )
    openings.add_exception(
        agenda=agenda, date=TODAY, kind="closed", starts=time(10), ends=time(11),
        label="Travaux", by=alice, at=NOW,
    )  # fmt: skip
    closed = [c for c in told(at_desk(alice))["closed"] if c["agenda"] == agenda.pk]
    assert [(c["start"][11:], c["end"][11:], c["words"]) for c in closed] == [
        ("00:00", "09:00", "Fermé"),
        ("10:00", "11:00", "Fermé : Travaux"),
        ("12:00", "14:00", "Fermé"),
        ("15:00", "16:00", "Absence : Congrès"),
        ("18:00", "00:00", "Fermé"),
    ]


def test_a_range_kept_for_a_reason_is_open_to_it_and_says_so(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    agenda, saturday = tilleuls.agenda("Lefèvre"), date(2026, 11, 28)
    for starts, ends, reasons, label in (
        (time(9), time(10), [tilleuls.reasons["Urgence"]], "Matinée des urgences"),
        (time(10), time(11), [], ""),
        (time(11), time(12), [tilleuls.reasons["Urgence"]], ""),
    ):
        openings.set_rule(
            agenda=agenda, weekday=5, starts=starts, ends=ends, reasons=reasons, label=label,
            from_date=TODAY, by=alice, at=NOW,
        )  # fmt: skip
    data = told(at_desk(alice), saturday)
    closed = [c for c in data["closed"] if c["agenda"] == agenda.pk]
    assert [(c["start"][11:], c["end"][11:], c["kind"], c["words"]) for c in closed[1:-1]] == [
        ("09:00", "10:00", "kept", "Gardé : Matinée des urgences"),
        ("11:00", "12:00", "kept", "Gardé : Urgence"),
    ]


def test_a_public_holiday_closes_the_day_under_its_name(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    data = told(at_desk(alice), date(2026, 12, 25))
    assert {c["words"] for c in data["closed"]} == {"Férié : Noël"}
    assert (data["min"], data["max"]) == ("08:00", "19:00")


def test_the_grid_grows_for_what_lies_outside_the_usual_hours(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(6, 40), force=True)
    book(tilleuls, alice, paris(20, 30), force=True)
    data = told(at_desk(alice))
    assert (data["min"], data["max"]) == ("06:00", "21:00")
    assert "Fermé" in data["visits"][0]["rule"]


def test_the_hour_lived_twice_says_which_one_it_is(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    """31 October 2027: at 03:00 the clock goes back to 02:00; the day lasts 25 hours."""
    for hour in (0, 1):
        moment = datetime(2027, 10, 31, hour, 30, tzinfo=UTC)
        book(tilleuls, alice, moment, force=True)
    data = told(at_desk(alice), AUTUMN)
    assert [(v["start"][11:], v["twice"]) for v in data["visits"]] == [
        ("02:30", "heure d’été"),
        ("02:30", "heure d’hiver"),
    ]
    assert data["min"] == "02:00"


def test_the_night_shift_of_both_clock_changes_keeps_the_hours_on_the_wall(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    for day in (SPRING, AUTUMN):
        openings.add_exception(
            agenda=tilleuls.agenda("Lefèvre"), date=day, kind="open", starts=time(0),
            ends=time(6), by=alice, at=NOW,
        )  # fmt: skip
        data = told(at_desk(alice), day, agenda=tilleuls.agenda("Lefèvre").pk)
        assert [(c["start"][11:], c["end"][11:]) for c in data["closed"]] == [("06:00", "00:00")]
        assert data["min"] == "00:00"


def test_a_week_of_one_agenda_holds_seven_days_of_it(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(9, day=date(2026, 11, 27)))
    book(tilleuls, alice, paris(9), agenda=tilleuls.agenda("Moreau"))
    agenda = tilleuls.agenda("Lefèvre")
    data = told(at_desk(alice), agenda=agenda.pk, days=7)
    assert [a["id"] for a in data["agendas"]] == [agenda.pk]
    assert [v["start"] for v in data["visits"]] == ["2026-11-27T09:00"]
    assert {c["start"][:10] for c in data["closed"]} == {f"2026-11-{day}" for day in range(23, 30)}


def test_the_other_practice_is_not_in_the_grid(
    tilleuls: House, port: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(9), title="Aux Tilleuls")
    foreign = port.agendas["Le Goff"].pk
    assert told(at_desk(port.staff["Charlie"]))["visits"] == []
    data = told(at_desk(alice), agenda=foreign)
    assert foreign not in [a["id"] for a in data["agendas"]]
    assert [v["name"] for v in data["visits"]] == ["Aux Tilleuls"]


def test_one_visit_or_ten_cost_the_same_statements(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    book(tilleuls, alice, paris(9))

    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            told(client)
        return len(asked)

    statements()
    alone = statements()
    for minute in range(15, 150, 15):
        book(tilleuls, alice, paris(9 + minute // 60, minute % 60))
    assert statements() == alone <= 16


def test_the_column_of_someone_replaced_says_by_whom(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    bob = practice.add_practitioner(
        practice=tilleuls.practice, family_name="Bob", speciality="Généraliste", by=None, at=NOW
    )
    Replacement.objects.create(
        practice=tilleuls.practice, agenda=tilleuls.agendas["Lefèvre"], practitioner=bob,
        from_date=TODAY, to_date=TODAY, author=alice, created_at=NOW,
    )  # fmt: skip
    said = {one["name"]: one.get("locum") for one in told(at_desk(alice))["agendas"]}
    assert said == {"Dr Lefèvre": "remplacé par Dr Bob", "Dr Moreau": None}
    tomorrow = told(at_desk(alice), date(2026, 11, 24))["agendas"]
    assert not any("locum" in one for one in tomorrow)
