"""The laser breaks down: nothing is given with it, its visits have another time in a few keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter

SLUG, LOGIN, DOCTORS = "erables", "ines", 3
DAY = datetime.now(ZONE).date() + timedelta(days=1)
NAMES = ("Abelin", "Bouvard", "Cazenave", "Delorme")


@pytest.fixture(scope="module", autouse=True)
def clinic(prompter: Prompter) -> None:
    """Two cardiologists share one laser; tomorrow both have patients with it, turn about."""
    prompter.clinic(SLUG, LOGIN, DOCTORS)
    first = datetime.combine(DAY, time(9), ZONE)
    for n, name in enumerate(NAMES):
        patient = prompter.patient(name, "Anne", born=f"{1950 + n}-03-0{n + 1}", practice=SLUG)
        doctor = ("Dr Tilia01", "Dr Tilia03")[n % 2]
        prompter.visit(patient, doctor, first + timedelta(minutes=30 * n), practice=SLUG)


def test_a_laser_that_breaks_down_has_its_visits_replanned(
    at_desk: Callable[..., Person],
) -> None:
    ines = at_desk(LOGIN)
    ines.goes_to("/agenda/settings/resources/")
    ines.page.get_by_role("link", name="Laser", exact=True).focus()
    ines.presses("f")
    ines.reads("Aucune fermeture en cours ou à venir", ines.sheet)
    ines.field("Du").fill(DAY.isoformat())
    ines.field("Au (inclus)").fill(DAY.isoformat())
    ines.field("Pourquoi (facultatif)").fill("panne du laser")
    ines.can_read_everything()
    ines.presses("Alt+Enter")
    ines.is_told("Laser indisponible : 4 rendez-vous à replacer")
    ines.reads("4 rendez-vous la prennent", ines.sheet)
    ines.reads("Replanifier les 4 visites concernées", ines.sheet)
    ines.can_read_everything()
    ines.presses("r")
    ines.reads("Replanifier : Laser")
    ines.reads("panne du laser")
    rows = ines.page.locator(".replan-row")
    expect(rows).to_have_count(4)
    ines.reads("4 avec une nouvelle heure")
    ines.can_read_everything()
    ines.presses("v")
    ines.reads("tout est écrit")
    ines.goes_to(f"/agenda/rooms/?date={DAY}")
    expect(ines.page.locator(".closed-absence").first).to_be_visible()
    expect(ines.page.locator(".ec-event", has_text=re.compile("Abelin|Bouvard"))).to_have_count(0)
    # Nothing is given there meanwhile, and the list of rooms says so.
    ines.goes_to("/agenda/settings/resources/")
    ines.reads(re.compile(rf"Laser\s*indisponible .* {DAY.year}"), ines.page.locator("table"))


def test_from_two_o_clock_is_typed_without_a_mouse(at_desk: Callable[..., Person]) -> None:
    ines = at_desk(LOGIN)
    ines.goes_to("/agenda/replans/")
    ines.presses("n")
    expect(ines.field("Agenda")).to_be_focused()
    ines.presses("Alt+h")
    ines.types("1400")
    expect(ines.sheet.locator("[name=from_clock]")).to_have_value("14:00")
