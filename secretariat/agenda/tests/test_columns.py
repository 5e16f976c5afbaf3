"""Which columns the day shows, and the same day by room."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secretariat.agenda import actions
from secretariat.agenda.actions.agendas import open_agenda
from secretariat.agenda.actions.resources import add_resource, retire
from secretariat.agenda.models import Agenda, FavouriteAgenda, ReasonNeed, Resource, VisitReason
from secretariat.agenda.tests.desk_forms import HTMX, book
from secretariat.practice import actions as practice
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic(tilleuls: House, alice: Staff) -> list[Agenda]:
    """Fourteen agendas: those of the Tilleuls, and twelve more."""
    for number in range(12):
        doctor = practice.add_practitioner(
            practice=tilleuls.practice, family_name=f"Durand{number:02}", speciality="Cardiologie",
            by=tilleuls.staff["Mme Keller"], at=NOW,
        )  # fmt: skip
        open_agenda(practitioner=doctor, site=tilleuls.site, by=alice, at=NOW, position=1)
    return list(Agenda.objects.order_by("position", "name", "pk"))


def asked_of_the_grid(client: Client, query: str = "") -> list[int]:
    """The columns that the page asks the server for; none: all."""
    page = client.get(f"/agenda/{query}").content.decode()
    found = re.search(r'data-agendas="([^"]*)"', page)
    assert found
    return [int(key) for key in found[1].split(",") if key]


def keep(client: Client, *agendas: Agenda) -> Any:
    return client.post(
        "/agenda/favourites/?date=2026-11-24", {"agenda": [one.pk for one in agendas]}, headers=HTMX
    )


def test_a_few_agendas_are_all_shown_without_a_filter(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    assert asked_of_the_grid(client) == []
    assert "data-columns-filter" not in client.get("/agenda/").content.decode()


def test_of_many_agendas_the_first_are_shown_and_the_page_says_so(
    clinic: list[Agenda], alice: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    assert asked_of_the_grid(client) == [one.pk for one in clinic[:12]]
    assert "Les 12 premiers agendas sur 14" in client.get("/agenda/").content.decode()
    assert asked_of_the_grid(client, "?agenda=all") == []
    two = clinic[3:5]
    named = "&".join(f"agenda={one.pk}" for one in two)
    assert asked_of_the_grid(client, f"?{named}") == [one.pk for one in two]


def test_one_s_own_agendas_open_by_themselves_and_are_nobody_else_s(
    tilleuls: House, clinic: list[Agenda], alice: Staff, zoe: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    answer = keep(client, clinic[2], clinic[13])
    assert answer.headers["HX-Redirect"] == "/agenda/?date=2026-11-24"
    assert asked_of_the_grid(client) == [clinic[2].pk, clinic[13].pk]
    assert asked_of_the_grid(at_desk(zoe)) == [one.pk for one in clinic[:12]]
    keep(client, clinic[2], clinic[4])
    assert asked_of_the_grid(client) == [clinic[2].pk, clinic[4].pk]
    keep(client)
    assert FavouriteAgenda.objects.count() == 0


def test_a_closed_agenda_is_no_longer_among_one_s_own(
    clinic: list[Agenda], alice: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    keep(client, clinic[2], clinic[3])
    Agenda.objects.filter(pk=clinic[2].pk).update(active=False)
    assert asked_of_the_grid(client) == [clinic[3].pk]


def test_nonsense_is_no_favourite(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    client = at_desk(alice)
    client.post("/agenda/favourites/", {"agenda": ["x", "-1", "9" * 30, "all"]}, headers=HTMX)
    assert FavouriteAgenda.objects.count() == 0


def test_the_day_costs_the_same_with_fourteen_agendas(
    tilleuls: House, alice: Staff, at_desk: Desk, request: pytest.FixtureRequest
) -> None:
    client = at_desk(alice)
    client.get("/agenda/")
    with CaptureQueriesContext(connection) as two:
        client.get("/agenda/")
    request.getfixturevalue("clinic")
    with CaptureQueriesContext(connection) as fourteen:
        client.get("/agenda/")
    assert len(fourteen) == len(two)


# By room


@pytest.fixture
def laser(tilleuls: House, alice: Staff) -> Resource:
    """A machine that consultations take, ten minutes more to clean it."""
    made = add_resource(site=tilleuls.site, name="Laser", kind="equipment", by=alice, at=NOW)
    room = add_resource(site=tilleuls.site, name="Salle de soins", by=alice, at=NOW)
    reason = tilleuls.reasons["Consultation"]
    VisitReason.objects.filter(pk=reason.pk).update(minutes_after=10)
    reason.refresh_from_db()
    for number, resource in enumerate((made, room), start=1):
        ReasonNeed.objects.create(
            practice=tilleuls.practice, reason=reason, resource=resource, need=number
        )
    return made


def by_room(client: Client, day: str = "2026-11-23") -> dict[str, Any]:
    data: dict[str, Any] = client.get("/agenda/rooms/times/", {"date": day}).json()
    return data


def test_a_visit_stands_in_each_room_and_machine_it_takes_with_the_cleaning(
    tilleuls: House, alice: Staff, laser: Resource, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    visit = book(tilleuls, alice, paris(9, 30))
    data = by_room(client)
    assert [one["name"] for one in data["agendas"]] == ["Salle de soins", "Laser"]
    uses = data["visits"]
    assert {one["id"] for one in uses} == {visit.pk}
    assert len({one["key"] for one in uses}) == 2
    assert {(one["start"], one["end"]) for one in uses} == {
        ("2026-11-23T09:30", "2026-11-23T09:55")
    }
    assert {one["reason"] for one in uses} == {"Dr Lefèvre · Consultation"}
    assert by_room(client, "2026-11-24")["visits"] == []
    actions.cancel(appointment=visit, version=1, wanted_by="patient", why="", by=alice, at=NOW)
    assert by_room(client)["visits"] == []


def test_the_day_leads_to_the_rooms_when_there_are_some(
    tilleuls: House, alice: Staff, at_desk: Desk, request: pytest.FixtureRequest
) -> None:
    client = at_desk(alice)
    assert "/agenda/rooms/" not in client.get("/agenda/").content.decode()
    assert "Aucune salle" in client.get("/agenda/rooms/").content.decode()
    laser = request.getfixturevalue("laser")
    assert "/agenda/rooms/" in client.get("/agenda/").content.decode()
    page = client.get("/agenda/rooms/?date=2026-11-24").content.decode()
    assert 'data-view="rooms"' in page
    assert "data-may-book" not in page, "nothing is moved there"
    ReasonNeed.objects.all().delete()
    retire(resource=laser, by=alice, at=NOW)
    assert [one["name"] for one in by_room(client)["agendas"]] == ["Salle de soins"]


def test_the_month_leads_back_to_the_rooms(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    page = at_desk(alice).get("/agenda/month/?view=rooms").content.decode()
    assert 'href="/agenda/rooms/?date=2026-11-24"' in page


def test_rooms_cost_the_same_with_one_visit_and_with_many(
    tilleuls: House, alice: Staff, laser: Resource, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    book(tilleuls, alice, paris(9))
    by_room(client)
    with CaptureQueriesContext(connection) as one:
        by_room(client)
    for hour in (10, 11, 14, 15):
        book(tilleuls, alice, paris(hour))
    with CaptureQueriesContext(connection) as many:
        by_room(client)
    assert len(many) == len(one)
