"""A clinic of fourteen doctors: the right columns in a few keys, and who is at the laser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter

SLUG, LOGIN, DOCTORS = "tilias", "lina", 14
DAY = datetime.now(ZONE).date() + timedelta(days=20)


@pytest.fixture(scope="module", autouse=True)
def clinic(prompter: Prompter) -> None:
    """Its doctors, and one patient at the laser with the first cardiologist."""
    prompter.clinic(SLUG, LOGIN, DOCTORS)
    patient = prompter.patient("Catalpa", "Iris", practice=SLUG)
    prompter.visit(patient, "Dr Tilia01", datetime.combine(DAY, time(10), ZONE), practice=SLUG)


def columns(person: Person) -> Locator:
    """The names at the head of the columns."""
    return person.page.locator(".ec-col-head .column-name")


def test_a_few_letters_leave_the_right_columns_and_escape_brings_all_back(
    at_desk: Callable[..., Person],
) -> None:
    lina = at_desk(LOGIN)
    lina.goes_to(f"/agenda/?date={DAY}")
    expect(columns(lina)).to_have_count(12)
    lina.reads("Les 12 premiers agendas sur 14")
    lina.presses("q")
    lina.types("cardio")
    expect(columns(lina)).to_have_count(7)
    expect(columns(lina).first).to_have_text("Dr Tilia01")
    lina.can_read_everything()
    lina.presses("Enter")
    expect(lina.page.get_by_role("region", name="Grille des rendez-vous")).to_be_focused()
    lina.presses("Escape", "k")
    expect(lina.page).to_have_url(re.compile(str(DAY + timedelta(days=1))))
    expect(columns(lina)).to_have_count(7)
    lina.presses("q")
    lina.types("personne")
    lina.reads("Aucun agenda ne répond à « personne »")
    lina.presses("Escape")
    expect(columns(lina)).to_have_count(7)


def test_one_s_own_agendas_are_kept_and_the_telephone_has_one_column(
    at_desk: Callable[..., Person],
) -> None:
    lina = at_desk(LOGIN)
    lina.goes_to(f"/agenda/?date={DAY}")
    lina.presses("q")
    lina.types("pediatrie")
    expect(columns(lina)).to_have_count(7)
    lina.presses("Enter", "Escape", "a")
    lina.page.get_by_role("button", name="En faire mes agendas").click()
    expect(lina.page.get_by_role("link", name="Mes agendas 7")).to_be_visible()
    expect(columns(lina)).to_have_count(7)
    outside = at_desk(LOGIN, size=TELEPHONE)
    outside.goes_to(f"/agenda/?date={DAY}")
    expect(columns(outside)).to_have_text(["Dr Tilia02"])
    outside.page.locator("[data-columns-filter]").fill("tilia05")
    expect(columns(outside)).to_have_text(["Dr Tilia05"])
    outside.can_read_everything()


def test_the_day_by_room_shows_who_is_at_the_laser(at_desk: Callable[..., Person]) -> None:
    lina = at_desk(LOGIN)
    lina.goes_to(f"/agenda/?date={DAY}")
    lina.presses("r")
    expect(columns(lina)).to_have_text(["Laser"])
    visit = lina.page.locator(".ec-event").filter(has_text="CATALPA")
    expect(visit).to_contain_text("Dr Tilia01")
    lina.can_read_everything()
    visit.click()
    lina.reads("CATALPA", lina.sheet)
    lina.presses("Escape", "r")
    expect(lina.page.get_by_role("region", name="Grille des rendez-vous")).to_be_visible()


def test_a_patient_expected_elsewhere_is_told_before_the_time_is_given(
    at_desk: Callable[..., Person],
) -> None:
    lina = at_desk(LOGIN)
    lina.goes_to(f"/agenda/?date={DAY}&agenda=all")
    lina.presses("n")
    lina.finds("Patient", "catal", "CATALPA")
    lina.field("Agenda").select_option(label="Dr Tilia02")
    lina.field("Motif").select_option(label="Consultation · 20 min")
    lina.field("Heure").fill("10:10")
    lina.reads("Déjà attendu à cette heure-là", lina.sheet)
    lina.reads("10:00, Dr Tilia01", lina.sheet)
    lina.can_read_everything()
    lina.presses("Alt+Enter")
    lina.is_told("Rendez-vous donné")
