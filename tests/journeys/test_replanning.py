"""The doctor calls in ill, thirty-two patients that day: all have another time in a few keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter

SLUG, LOGIN, DOCTORS, VISITS = "saules", "nora", 5, 32
ILL = "Dr Tilia02"
DAY = datetime.now(ZONE).date() + timedelta(days=3)
NAMES = (
    "Abelin", "Bouvard", "Cazenave", "Delorme", "Estève", "Faucher", "Grandin", "Hamelin",
    "Izard", "Jourdain", "Kermarrec", "Lacombe", "Marchand", "Navarro", "Oudin", "Péricard",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def clinic(prompter: Prompter) -> None:
    """Five doctors; the second has a patient every quarter of an hour from eight on."""
    prompter.clinic(SLUG, LOGIN, DOCTORS)
    first = datetime.combine(DAY, time(8), ZONE)
    for n in range(VISITS):
        name = NAMES[n % 16] + ("" if n < 16 else "-Vandenbroucke-Castelnau")
        patient = prompter.patient(
            name, ("Anne", "Paul")[n // 16], born=f"{1950 + n}-03-{1 + n % 28:02}", practice=SLUG
        )
        prompter.visit(patient, ILL, first + timedelta(minutes=15 * n), practice=SLUG, minutes=15)


def rows(person: Person) -> Locator:
    """The patients listed."""
    return person.page.locator(".replan-row")


def on_the_row(person: Person, place: int) -> None:
    """The arrows lead there."""
    person.presses("ArrowDown")
    expect(rows(person).nth(place).locator(".name")).to_be_focused()


def test_thirty_two_patients_have_another_time_with_a_few_keys_and_it_is_taken_back(
    at_desk: Callable[..., Person],
) -> None:
    nora = at_desk(LOGIN)
    nora.goes_to("/agenda/replans/")
    nora.reads("Aucune journée n’a été replanifiée")
    nora.presses("n")
    nora.field("Agenda").select_option(label=ILL)
    nora.field("Jour").fill(DAY.isoformat())
    nora.presses("Control+Enter")
    expect(rows(nora)).to_have_count(VISITS)
    nora.reads("32 avec une nouvelle heure")
    nora.can_read_everything()
    # One by hand, one for whom another time is looked for, one who will be called.
    on_the_row(nora, 0)
    nora.presses("a")
    expect(rows(nora).first).not_to_contain_text("08:00 Dr")
    on_the_row(nora, 1)
    nora.presses("p")
    expect(rows(nora).nth(1)).to_contain_text("gardé")
    on_the_row(nora, 2)
    nora.presses("r")
    expect(rows(nora).nth(2)).to_contain_text("à rappeler")
    nora.reads("31 avec une nouvelle heure")
    on_the_row(nora, 3)
    nora.presses("h")
    nora.reads("Autres heures libres", nora.sheet)
    nora.can_read_everything()
    nora.presses("2")
    expect(rows(nora).nth(3)).to_contain_text("gardé")
    nora.page.get_by_role("heading", level=1).click()
    nora.presses("v")
    nora.reads("tout est écrit")
    nora.reads("Les patients vont être prévenus")
    nora.can_read_everything()
    nora.goes_to(f"/agenda/?date={DAY}")
    expect(nora.page.locator(".ec-event", has_text="Delorme")).to_have_count(0)
    _it_is_taken_back(at_desk(LOGIN, TELEPHONE))


def _it_is_taken_back(nora: Person) -> None:
    nora.goes_to("/agenda/replans/")
    nora.page.get_by_role("link", name=re.compile(ILL)).click()
    nora.page.get_by_role("button", name=re.compile("^Tout reprendre")).click()
    nora.reads("les rendez-vous sont revenus à leur heure")
    nora.can_read_everything()
