"""Before hours are changed: what opens, what closes, which visits would stand outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.models import OpeningException, OpeningRule, VisitReason
from secretariat.agenda.openings import AgendaHours, SiteClock, Wanted
from secretariat.agenda.rule_effect import Stood, effect, effect_words
from secretariat.agenda.tests.desk_forms import book
from secretariat.agenda.tests.hours_given import MONDAY, at, weekly
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
URL = "/agenda/settings/"
TUESDAY = MONDAY + timedelta(days=1)


def hours(*rules: Any) -> AgendaHours:
    return AgendaHours(SiteClock(), rules)


def test_times_opened_and_closed_are_counted_over_eight_weeks() -> None:
    before = hours(weekly(MONDAY, "09:00", "12:00"))
    after = hours(weekly(MONDAY, "10:00", "12:30"))
    done = effect(before, after, MONDAY, minutes=15)
    # Easter Monday is one of these eight.
    assert (done.opened, done.closed) == (2 * 7, 4 * 7)
    assert effect_words(done, MONDAY) == (
        "Ce changement ouvre 14 créneaux de 15 min et en ferme 28 d’ici 8 semaines."
    )
    assert "qui suivent le lundi 8 mars" in effect_words(done, MONDAY - timedelta(1))


def test_nobody_receives_while_away() -> None:
    away = [(at(MONDAY, "00:00"), at(MONDAY + timedelta(60), "00:00"))]
    done = effect(hours(), hours(weekly(MONDAY, "09:00", "12:00")), MONDAY, minutes=15, away=away)
    assert (done.opened, done.closed) == (0, 0)
    assert effect_words(done, MONDAY) == (
        "Ce changement n’ouvre ni ne ferme aucun créneau d’ici 8 semaines."
    )


def test_visits_left_outside_are_those_that_stood_inside() -> None:
    before, after = hours(weekly(MONDAY, "09:00", "12:00")), hours(weekly(MONDAY, "09:00", "11:00"))
    times = {1: ("09:00", "09:30"), 2: ("10:45", "11:15"), 3: ("14:00", "14:30")}
    visits = [Stood(at(MONDAY, a), at(MONDAY, z), pk, Wanted()) for pk, (a, z) in times.items()]
    assert effect(before, after, MONDAY, minutes=20, visits=visits).outside == [2]


@pytest.fixture
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def read(client: Client, path: str, **query: Any) -> str:
    answer = client.get(URL + path, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.usefixtures("nine_o_clock")
def test_new_hours_tell_what_they_open(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    client, path = at_desk(alice), f"agendas/{tilleuls.agendas['Lefèvre'].pk}/openings/effect/"
    saturday = {"weekdays": "5", "starts": "09:00", "ends": "12:00", "from_date": "2026-11-23"}
    assert read(client, path, starts="09:00").strip() == ""
    # Two of the eight Saturdays are 26 December and 2 January, no public holidays.
    assert "ouvre 96 créneaux de 15 min d’ici 8 semaines" in read(client, path, **saturday)
    assert "Aucun rendez-vous donné n’est touché" in read(client, path, **saturday)
    overlapping = saturday | {"weekdays": "0"}
    assert "est déjà ouvert" in read(client, path, **overlapping)
    assert not OpeningRule.objects.filter(weekday=5).exists()


@pytest.mark.usefixtures("nine_o_clock")
def test_a_protected_range_tells_whom_it_would_put_out(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(9, 30, day=date(2026, 11, 24)), title="M. Pivoine")
    book(tilleuls, alice, paris(15, day=date(2026, 11, 24)), title="Mme Lilas")
    query = {
        "weekdays": "1", "starts": "09:00", "ends": "10:00", "from_date": "2026-11-23",
        "kind": "protected", "label": "Réunion",
    }  # fmt: skip
    lines = Entry.objects.count()
    text = read(
        at_desk(alice), f"agendas/{tilleuls.agendas['Lefèvre'].pk}/openings/effect/", **query
    )
    assert "Ce changement ferme 32 créneaux de 15 min" in text
    assert "1 rendez-vous donné se trouverait hors des heures" in text
    assert "M. Pivoine" in text
    assert "Mme Lilas" not in text
    assert Entry.objects.count() == lines


@pytest.mark.usefixtures("nine_o_clock")
def test_the_end_of_hours_and_a_closed_day_tell_theirs(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    book(tilleuls, alice, paris(10, day=date(2026, 11, 24)), title="M. Pivoine")
    rule = OpeningRule.objects.get(agenda=tilleuls.agendas["Lefèvre"], weekday=1, starts__hour=9)
    text = read(client, f"openings/{rule.pk}/end/effect/", last_day="2026-11-23")
    assert "ferme 96 créneaux de 15 min dans les 8 semaines qui suivent le mardi 24" in text
    assert "M. Pivoine" in text
    path = f"agendas/{tilleuls.agendas['Lefèvre'].pk}/exceptions/effect/"
    text = read(client, path, date="2026-11-24", kind="closed")
    assert "ferme 28 créneaux" in text
    assert "M. Pivoine" in text
    assert "heure de début" in read(client, path, date="2026-11-24", kind="open")
    assert not OpeningException.objects.exists()


@pytest.mark.usefixtures("nine_o_clock")
def test_a_visit_of_a_named_reason_counts_only_its_ranges(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(10, day=date(2026, 11, 24)), title="M. Pivoine")
    VisitReason.objects.filter(name="Consultation").update(named_only=True)
    rule = OpeningRule.objects.get(agenda=tilleuls.agendas["Lefèvre"], weekday=1, starts__hour=9)
    text = read(at_desk(alice), f"openings/{rule.pk}/end/effect/", last_day="2026-11-23")
    assert "M. Pivoine" not in text
