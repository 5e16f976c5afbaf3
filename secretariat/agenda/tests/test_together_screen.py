"""« Plusieurs rendez-vous » at the desk: given by one button, taken back by one press."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from secretariat.agenda.actions import reasons as reason_actions
from secretariat.agenda.actions.protocols import Step, add_protocol
from secretariat.agenda.models import (
    Appointment,
    OfferedReason,
    Protocol,
    VisitGroup,
    VisitReason,
)
from secretariat.agenda.tests.desk_forms import HTMX, book, undo_of
from secretariat.patients.actions import join_household, register
from secretariat.patients.models import Patient
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

URL = "/agenda/together/"
Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def the_morning() -> Iterator[None]:
    """It is 9:00 on the Monday of the cast."""
    with time_machine.travel(NOW, tick=False):
        yield


def person(house: House, by: Staff, given: str, born: date = date(1985, 3, 12)) -> Patient:
    return register(
        practice=house.practice, by=by, at=NOW, birth_name="Keller", given_names=given,
        birth_date=born, sex="F",
    )  # fmt: skip


@pytest.fixture
def jeanne(tilleuls: House, alice: Staff) -> Patient:
    return person(tilleuls, alice, "Jeanne")


@pytest.fixture
def ecg(tilleuls: House) -> VisitReason:
    """Ten minutes, in Dr Moreau's book only."""
    made = VisitReason.objects.create(
        practice=tilleuls.practice, name="ECG", minutes=10, kind="other"
    )
    OfferedReason.objects.create(
        practice=tilleuls.practice, agenda=tilleuls.agendas["Moreau"], reason=made
    )
    return made


def shown(desk: Client, **asked: Any) -> str:
    answer = desk.get(URL, asked, headers=HTMX)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def buttons(page: str) -> list[str]:
    """What each proposal sends."""
    return re.findall(r'name="visit" value="([^"]+)"', page)


def give(desk: Client, *visits: str, kind: str = "chain", **more: Any) -> Any:
    form = {"visit": visits, "kind": kind, "label": "x", "form_token": str(uuid4())} | more
    return desk.post(URL, form, headers=HTMX)


def standing() -> list[Appointment]:
    visits = Appointment.objects.filter(cancelled_at__isnull=True)
    return list(visits.select_related("agenda", "reason", "patient").order_by("starts_at"))


@pytest.fixture
def desk(alice: Staff, at_desk: Desk) -> Client:
    """Alice's browser."""
    return at_desk(alice)


@pytest.fixture
def chain(tilleuls: House, jeanne: Patient, ecg: VisitReason) -> dict[str, Any]:
    """Jeanne's ECG, then her consultation with Dr Lefèvre, chosen by hand."""
    return {
        "tab": "chain", "patient": jeanne.pk, "reason_1": ecg.pk, "wait": 30, "day": TODAY,
        "reason_2": tilleuls.reasons["Consultation"].pk, "with_2": tilleuls.agendas["Lefèvre"].pk,
    }  # fmt: skip


@pytest.fixture
def protocol(tilleuls: House, keller: Staff, ecg: VisitReason) -> Protocol:
    """The same, written in the settings."""
    steps = [Step(ecg), Step(tilleuls.reasons["Consultation"], 20, 40)]
    return add_protocol(name="ECG puis visite", steps=steps, by=keller, at=NOW)


def test_a_chain_chosen_by_hand_is_given_by_one_button_and_taken_back_by_one_press(
    tilleuls: House, alice: Staff, desk: Client, chain: dict[str, Any], paris: Moment
) -> None:
    book(tilleuls, alice, paris(9), minutes=20)
    page = shown(desk, **chain)
    assert "Déjà prévu" not in page
    first = buttons(page)[0]
    answer = give(desk, first, label="ECG puis visite")
    assert "Déjà prévu : lundi 23 novembre à 09:10 (Dr Moreau)" in shown(desk, **chain)
    assert answer.status_code == 204
    given = VisitGroup.objects.get().appointments.order_by("starts_at")
    assert [(one.starts_at, one.agenda.name) for one in given] == [
        (paris(9, 10), "Dr Moreau"), (paris(9, 20), "Dr Lefèvre"),
    ]  # fmt: skip
    assert "2 rendez-vous donnés : lundi 23 novembre de 09:10 à 09:35" in unescape(
        str(answer.headers["HX-Trigger"]).encode().decode("unicode_escape")
    )
    assert desk.post(undo_of(answer), headers=HTMX).status_code == 204
    assert [one.patient for one in standing()] == [None]


def test_every_way_proposed_can_be_given(desk: Client, chain: dict[str, Any]) -> None:
    ways = buttons(shown(desk, **chain))
    assert len(ways) == 16
    for way in ways:
        answer = give(desk, way)
        assert answer.status_code == 204, answer.content.decode()
        desk.post(undo_of(answer), headers=HTMX)


def test_a_protocol_says_its_steps_and_waits(
    desk: Client, jeanne: Patient, protocol: Protocol
) -> None:
    page = shown(desk, tab="chain", patient=jeanne.pk, protocol=protocol.pk, day=TODAY)
    assert "20 à 40 min après" in page
    assert "20 min d’attente" in page
    assert 'value="ECG puis visite"' in page


def test_a_protocol_with_a_reason_kept_by_the_practice_is_not_for_the_remote_secretary(
    zoe: Staff, keller: Staff, protocol: Protocol, ecg: VisitReason, at_desk: Desk
) -> None:
    assert protocol.name in shown(at_desk(zoe), tab="chain")
    reason_actions.change_reason(reason=ecg, bookable_by_remote=False, by=keller, at=NOW)
    assert protocol.name not in shown(at_desk(zoe), tab="chain")


def test_children_of_a_home_come_in_a_row(
    tilleuls: House, alice: Staff, desk: Client, jeanne: Patient, paris: Moment
) -> None:
    ages = (("Léo", date(2018, 5, 2)), ("Zoé", date(2016, 4, 3)))
    children = [person(tilleuls, alice, name, born) for name, born in ages]
    for one in children:
        join_household(patient=one, version=one.version, other=jeanne, by=alice, at=NOW)
        jeanne.refresh_from_db()
    page = shown(desk, tab="family", add=children[0].pk)
    assert page.count('name="who"') == 3
    assert page.count(" checked") == 1
    asked: dict[str, Any] = {
        "tab": "family", "day": TODAY, "known": [one.pk for one in (*children, jeanne)],
        "who": [one.pk for one in children], "wait": 0,
        f"reason_{children[0].pk}": tilleuls.reasons["Consultation"].pk,
    }  # fmt: skip
    first = buttons(shown(desk, **asked))[0]
    assert give(desk, first, kind="household").status_code == 204
    assert [(one.starts_at, one.patient_id, one.agenda.name) for one in standing()] == [
        (paris(9), children[0].pk, "Dr Lefèvre"), (paris(9, 15), children[1].pk, "Dr Lefèvre"),
    ]  # fmt: skip


def series(house: House, who: Patient, **more: Any) -> dict[str, Any]:
    return {
        "tab": "series", "patient": who.pk, "reason_1": house.reasons["Consultation"].pk,
        "with_1": house.agendas["Lefèvre"].pk, "day": "2026-11-25", "clock": "09:00",
        "tolerance": 60, "weekdays": [0, 2, 4], "every": 1, "number": 2, "unit": "weeks",
    } | more  # fmt: skip


def rows(page: str) -> list[str]:
    """What each line of a series would give."""
    return re.findall(r'<option value="([^"]+)" selected>', page.split("sittings")[1])


def test_a_series_says_each_date_and_what_stands_in_its_way(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(9, day=date(2026, 11, 27)))
    desk = at_desk(alice)
    page = shown(desk, **series(tilleuls, jeanne))
    assert "Lundi, mercredi et vendredi, 6 fois" in page
    assert "Autre heure." in page
    assert "Déjà pris le vendredi 27 novembre" in page
    kept = rows(page)
    assert len(kept) == 6
    answer = give(desk, *kept[:2], "", *kept[3:], kind="series", label="phototherapy")
    assert answer.status_code == 204
    given = [one for one in standing() if one.group_id]
    assert len(given) == 5
    assert given[1].starts_at == paris(9, 15, day=date(2026, 11, 27))


def test_a_date_without_room_is_said_and_another_day_is_proposed(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> None:
    friday = date(2026, 11, 27)
    book(tilleuls, alice, paris(9, day=friday), minutes=180)
    page = shown(at_desk(alice), **series(tilleuls, jeanne, number=1))
    assert "1 sans place" in page
    assert "Sans place." in page
    moved = shown(at_desk(alice), **series(tilleuls, jeanne, day=friday, weekdays=[4]))
    assert "Autre jour." in moved
    assert "lundi 30 novembre à 09:00" in moved


def test_a_double_click_gives_once(desk: Client, chain: dict[str, Any]) -> None:
    token = str(uuid4())
    way = buttons(shown(desk, **chain))[0]
    assert give(desk, way, form_token=token).status_code == 204
    again = give(desk, way, form_token=token)
    assert again.status_code == 204
    assert "undo" not in again.headers["HX-Trigger"]
    assert len(standing()) == 2


def test_a_time_taken_meanwhile_refuses_all_and_says_which(
    tilleuls: House, alice: Staff, desk: Client, chain: dict[str, Any], paris: Moment
) -> None:
    way = buttons(shown(desk, **chain))[0]
    book(tilleuls, alice, paris(9, 10))
    refused = give(desk, way)
    assert refused.status_code == 409
    assert "Rendez-vous 2 sur 2" in unescape(refused.content.decode())
    assert not VisitGroup.objects.exists()


@pytest.mark.parametrize("theirs", ["agenda", "reason", "patient"])
def test_what_stands_next_door_does_not_exist(
    tilleuls: House, port: House, desk: Client, jeanne: Patient, theirs: str
) -> None:
    keys = {
        "agenda": tilleuls.agendas["Lefèvre"].pk, "reason": tilleuls.reasons["Consultation"].pk,
        "patient": jeanne.pk,
    } | {
        theirs: {
            "agenda": port.agendas["Le Goff"].pk, "reason": port.reasons["Consultation"].pk,
            "patient": jeanne.pk + 1_000_000,
        }[theirs]
    }  # fmt: skip
    place = ".".join(str(keys[one]) for one in ("agenda", "reason", "patient"))
    visits = [f"{place}.15@2026-11-24T{hour}:00+01:00" for hour in ("09", "10")]
    assert give(desk, *visits).status_code == 404
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("visit", ["", "1.2.3@x", "1.2.3.4@2026-11-24T09:00", "a|b", "1.2.3.4"])
def test_what_no_button_says_is_refused(alice: Staff, at_desk: Desk, visit: str) -> None:
    assert give(at_desk(alice), visit).status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        {"tab": "x"}, {"tab": "chain", "day": "hier", "wait": "-5"},
        {"tab": "chain", "patient": "9" * 30, "part": "night"},
        {"tab": "family", "known": ["x", "9" * 30], "who": "x", "add": "0"},
        {"tab": "series", "clock": "25:00", "number": "0", "every": "x", "weekdays": "9"},
    ],
)  # fmt: skip
def test_an_address_typed_badly_is_a_sheet_all_the_same(
    alice: Staff, at_desk: Desk, asked: dict[str, Any]
) -> None:
    assert "Plusieurs rendez-vous" in shown(at_desk(alice), **asked)


def test_a_long_series_costs_no_more_statements_than_a_short_one(
    tilleuls: House, alice: Staff, jeanne: Patient, at_desk: Desk
) -> None:
    desk = at_desk(alice)

    def statements(number: int) -> int:
        with CaptureQueriesContext(connection) as spied:
            shown(desk, **series(tilleuls, jeanne, number=number))
        return len(spied)

    statements(1)
    assert statements(12) == statements(1)


@pytest.fixture
def mondays(
    tilleuls: House, alice: Staff, jeanne: Patient, paris: Moment, at_desk: Desk
) -> list[Appointment]:
    """Three Mondays at nine, with Dr Lefèvre."""
    desk = at_desk(alice)
    asked = series(tilleuls, jeanne, day="2026-11-30", weekdays=[0], number=3)
    give(desk, *rows(shown(desk, **asked)), kind="series", label="lundi, 3 fois")
    return standing()


def test_the_sheet_of_a_visit_shows_those_given_with_it(
    alice: Staff, mondays: list[Appointment], at_desk: Desk
) -> None:
    answer = at_desk(alice).get(f"/agenda/appointments/{mondays[1].pk}/", headers=HTMX)
    page = unescape(answer.content.decode())
    assert "lundi, 3 fois" in page
    assert f"/agenda/appointments/{mondays[0].pk}/" in page
    assert "Déplacer celui-ci et le suivant" in page
    assert "Annuler la suite…" in page
    last = at_desk(alice).get(f"/agenda/appointments/{mondays[2].pk}/", headers=HTMX)
    assert "Annuler la suite…" not in unescape(last.content.decode())


def test_the_grid_marks_visits_given_together(
    tilleuls: House, alice: Staff, mondays: list[Appointment], paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(11, day=date(2026, 11, 30)))
    told = at_desk(alice).get("/agenda/times/", {"date": "2026-11-30"}).json()
    assert [one.get("linked") for one in told["visits"]] == [True, None]
