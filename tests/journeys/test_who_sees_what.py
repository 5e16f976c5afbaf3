"""Two practices, one remote secretary, a locum, and walls between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.desk_site import Desk
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter, now


def _searches(person: Person, letters: str) -> None:
    person.presses("/")
    person.types(letters)


def _columns(person: Person) -> Locator:
    """The heads of the agenda's columns."""
    grid = person.page.get_by_role("region", name="Grille des rendez-vous")
    return grid.get_by_role("link", name=re.compile("^Dr "))


def test_one_comes_in_by_the_door_and_goes_out(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire", at_the_door=True)

    alice.can_read_everything()
    alice.logs_in("pas celui-là")
    alice.reads("mot de passe", alice.page.get_by_role("alert"))
    alice.can_read_everything()
    alice.logs_in("demo")
    alice.reads("Cabinet des Tilleuls", alice.page.locator(".practice-chip"))
    alice.presses("m")
    alice.page.get_by_role("button", name="Se déconnecter").click()
    expect(alice.page.get_by_label("Identifiant")).to_be_visible()
    alice.goes_to("/day/")
    expect(alice.page.get_by_label("Identifiant")).to_be_visible()


def test_the_remote_secretary_changes_practice_with_one_key(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    patient = prompter.patient("Quinquina", "Solange", phone="06 39 98 33 33")
    visit = prompter.visit(patient, "Dr Lefèvre", now())
    prompter.patient("Quinquina", "Victor", sex="M", practice="port")
    zoe = at_desk("telesecretaire")

    zoe.reads("Cabinet des Tilleuls", zoe.page.locator(".practice-chip"))
    colour = zoe.page.locator("body").get_attribute("class")
    _searches(zoe, "quinqui")
    expect(zoe.page.get_by_role("option", name="QUINQUINA Solange")).to_be_visible()
    expect(zoe.page.get_by_role("option", name="QUINQUINA Victor")).to_have_count(0)
    zoe.presses("Enter")
    zoe.reads("06 39 98 33 33", zoe.sheet)

    zoe.presses("Alt+2")
    zoe.reads("Centre du Port", zoe.page.locator(".practice-chip"))
    assert zoe.page.locator("body").get_attribute("class") != colour
    expect(zoe.page.get_by_text("QUINQUINA Solange")).to_have_count(0)
    expect(zoe.tabs).to_have_count(0)
    expect(zoe.page.get_by_text("Dr Lefèvre")).to_have_count(0)
    _searches(zoe, "quinqui")
    expect(zoe.page.get_by_role("option", name="QUINQUINA Victor")).to_be_visible()
    expect(zoe.page.get_by_role("option", name="QUINQUINA Solange")).to_have_count(0)
    zoe.can_read_everything()
    with zoe.expecting(404, "/"):
        for path in (f"/patients/{patient}/", f"/agenda/appointments/{visit}/"):
            zoe.goes_to(path)
            zoe.reads("Page introuvable")
    zoe.can_read_everything()

    zoe.goes_to("/")
    zoe.presses("p")
    expect(zoe.page.get_by_role("dialog", name="Changer de cabinet")).to_be_visible()
    zoe.can_read_everything()
    zoe.presses("1")
    zoe.reads("Cabinet des Tilleuls", zoe.page.locator(".practice-chip"))
    expect(zoe.tabs).to_have_count(1)
    zoe.goes_to(f"/patients/{patient}/")
    zoe.reads("QUINQUINA")


def test_a_tab_left_on_one_practice_goes_on_there(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    zoe = at_desk("telesecretaire")
    zoe.reads("Cabinet des Tilleuls", zoe.page.locator(".practice-chip"))
    beside = zoe.context.new_page()
    beside.goto("/")
    beside.keyboard.press("Alt+2")
    expect(beside.locator(".practice-chip")).to_contain_text("Centre du Port")

    there = prompter.patient("Ylang", "Port", practice="port")
    prompter.visit(there, "Dr Diallo", now(), practice="port")
    here = prompter.patient("Ylang", "Tilleul")
    prompter.visit(here, "Dr Lefèvre", now())
    zoe.reads("YLANG Tilleul", zoe.page.locator("#board"))
    expect(zoe.page.get_by_text("YLANG Port")).to_have_count(0)
    expect(beside.locator("#board")).to_contain_text("YLANG Port")
    expect(beside.get_by_text("YLANG Tilleul")).to_have_count(0)

    zoe.presses("F4")
    zoe.field("Nom de naissance").fill("Ebène")
    zoe.field("Prénoms de naissance").fill("Maud")
    zoe.field("Date de naissance").fill("9/9/1999")
    zoe.field("Sexe").select_option("Féminin")
    zoe.presses("Alt+Enter")
    zoe.is_told("créé")
    assert len(desk.query("SELECT 1 FROM patients_patient WHERE birth_name = 'EBENE'")) == 1


def test_the_neighbour_sees_nothing_of_the_tilleuls(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    patient = prompter.patient("Strychnos", "Olga", phone="06 39 98 44 44")
    visit = prompter.visit(patient, "Dr Lefèvre", now())
    [(agenda,)] = desk.query("SELECT id FROM agenda_agenda WHERE name = 'Dr Lefèvre'")
    charlie = at_desk("voisine")

    charlie.reads("Centre du Port", charlie.page.locator(".practice-chip"))
    charlie.presses("p")
    expect(charlie.page.get_by_role("dialog", name="Changer de cabinet")).to_have_count(0)
    for letters in ("strychnos", "0639984444"):
        charlie.goes_to("/patients/")
        charlie.page.get_by_role("searchbox").first.fill(letters)
        charlie.reads("Personne ne répond à cette recherche")
    charlie.goes_to("/agenda/")
    expect(_columns(charlie)).to_contain_text(["Dr Le Goff", "Dr Diallo"])
    expect(charlie.page.get_by_text("Dr Lefèvre")).to_have_count(0)
    with charlie.expecting(404, "/"):
        for path in (
            f"/patients/{patient}/", f"/patients/{patient}/history/",
            f"/patients/{patient}/correction/", f"/agenda/appointments/{visit}/",
            f"/agenda/appointments/{visit}/move/", f"/agenda/week/?agenda={agenda}",
        ):  # fmt: skip
            charlie.goes_to(path)
            expect(charlie.page.get_by_text("STRYCHNOS")).to_have_count(0)
            expect(charlie.page.get_by_text("Lefèvre")).to_have_count(0)
    answer = charlie.page.request.get(f"/agenda/times/?date={now().date()}&days=1&agenda={agenda}")
    assert "STRYCHNOS" not in answer.text()


@pytest.fixture
def locum_dates(prompter: Prompter) -> Iterator[Callable[[date, date], None]]:
    """Changes the dates of Bob's post; his real ones come back."""
    today = datetime.now(ZONE).date()
    yield lambda first, last: prompter.post_dates("remplacant", first, last)
    prompter.post_dates("remplacant", today - timedelta(days=7), today + timedelta(days=21))


def test_the_locum_works_between_his_dates_only(
    at_desk: Callable[..., Person], locum_dates: Callable[[date, date], None]
) -> None:
    today = datetime.now(ZONE).date()
    bob = at_desk("remplacant")
    bob.opens("Agenda")
    expect(_columns(bob).filter(has_text="Dr Nguyen")).to_be_visible()
    bob.opens("Patients")

    locum_dates(today - timedelta(days=30), today - timedelta(days=1))
    with bob.expecting(403, "/"), bob.expecting(404, "/"):
        for path in ("/", "/day/", "/agenda/", "/patients/?q=ma", "/calls/"):
            bob.goes_to(path)
            bob.reads(re.compile("poste", re.I))
            expect(bob.page.locator(".passage, .ec-event, tbody tr")).to_have_count(0)
        bob.can_read_everything()
        locum_dates(today + timedelta(days=1), today + timedelta(days=9))
        bob.goes_to("/agenda/")
        expect(bob.page.get_by_text("Dr Nguyen")).to_have_count(0)

    locum_dates(today, today)
    bob.goes_to("/agenda/")
    expect(_columns(bob).filter(has_text="Dr Nguyen")).to_be_visible()


def test_a_doctor_reads_and_does_not_rule_the_telephone(at_desk: Callable[..., Person]) -> None:
    doctor = at_desk("medecin")

    calls = doctor.page.get_by_role("link", name=re.compile("appels|rappels", re.I))
    expect(calls).to_have_count(0)
    doctor.presses("F2")
    expect(doctor.sheet).to_have_count(0)
    with doctor.expecting(404, "/calls/"):
        doctor.goes_to("/calls/")
        doctor.reads("Page introuvable")


def test_what_the_secretary_opened_the_doctor_can_read_in_the_register(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    patient = prompter.patient("Rauvolfia", "Hugo", sex="M")
    alice, doctor = at_desk("secretaire"), at_desk("medecin")
    alice.goes_to(f"/patients/{patient}/")
    alice.reads("RAUVOLFIA")

    doctor.goes_to(f"/patients/{patient}/looks/")
    doctor.reads("Alice")
    doctor.can_read_everything()


def test_the_day_s_board_is_of_one_practice(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    patient = prompter.patient("Vétiver", "Awa", practice="port")
    noon = datetime.combine(now().date(), time(12), ZONE)
    prompter.visit(patient, "Dr Diallo", noon, practice="port")
    charlie, alice = at_desk("voisine"), at_desk("secretaire")

    charlie.reads("VETIVER Awa")
    expect(alice.page.locator("li.passage").first).to_be_visible()
    expect(alice.page.get_by_text("VETIVER")).to_have_count(0)
