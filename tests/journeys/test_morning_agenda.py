"""The agenda in the morning: a squeeze, a visit dragged elsewhere, a refusal, the day on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time
from io import BytesIO

import pytest
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from tests.desk_site import Desk
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter

POINTS_PER_MM = 72 / 25.4


def _visit(person: Person, name: str) -> Locator:
    """A visit in the grid."""
    return person.page.locator(".ec-event").filter(has_text=name)


def _opens_agenda(person: Person, day: object) -> None:
    person.goes_to(f"/agenda/?date={day}")
    expect(person.page.get_by_role("region", name="Grille des rendez-vous")).to_have_attribute(
        "aria-busy", "false"
    )


def _starts(desk: Desk, visit: int) -> tuple[object, ...]:
    [found] = desk.query(
        "SELECT a.starts_at, g.name FROM agenda_appointment a "
        "JOIN agenda_agenda g ON g.id = a.agenda_id WHERE a.id = %s", visit,
    )  # fmt: skip
    return found


def test_a_taken_time_is_refused_with_others_then_squeezed_knowingly(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    day = prompter.open_day(weeks=10)
    first = prompter.patient("Tamarin", "Jules", sex="M")
    prompter.visit(first, "Dr Nguyen", datetime.combine(day, time(9), ZONE))
    second = prompter.patient("Kapokier", "Nina")
    alice = at_desk("secretaire")

    _opens_agenda(alice, day)
    alice.presses("n")
    alice.finds("Patient", "kapok", "KAPOKIER")
    alice.field("Motif").select_option(label="Consultation · 15 min")
    alice.field("Agenda").select_option(label="Dr Nguyen")
    alice.field("Heure").fill("09:00")
    alice.reads("Déjà pris", alice.sheet)
    alice.reads("À la place", alice.sheet)
    alice.can_read_everything()
    alice.sheet.get_by_role("button", name="entre deux, à votre nom").click()
    alice.is_told("Rendez-vous donné")
    expect(_visit(alice, "KAPOKIER")).to_be_visible()
    expect(_visit(alice, "KAPOKIER")).to_contain_text("Entre deux, par Alice")
    assert desk.query(
        "SELECT squeezed, starts_at FROM agenda_appointment WHERE patient_id = %s", second
    ) == [(True, datetime.combine(day, time(9), ZONE))]


def test_a_visit_is_dragged_to_another_doctor_and_taken_back(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    day = prompter.open_day(weeks=11)
    patient = prompter.patient("Frangipanier", "Rose")
    visit = prompter.visit(patient, "Dr Lefèvre", datetime.combine(day, time(9), ZONE))
    aim = prompter.patient("Calebassier", "Ugo", sex="M")
    prompter.visit(aim, "Dr Nguyen", datetime.combine(day, time(9), ZONE))
    alice = at_desk("secretaire")

    _opens_agenda(alice, day)
    place, under = _visit(alice, "FRANGIPANIER"), _visit(alice, "CALEBASSIER")
    start, end = place.bounding_box(), under.bounding_box()
    assert start
    assert end
    alice.page.mouse.move(start["x"] + 30, start["y"] + 6)
    alice.page.mouse.down()
    alice.page.mouse.move(start["x"] + 60, start["y"] + 20, steps=4)
    # A quarter of an hour is the height of this visit: just under the other doctor's.
    alice.page.mouse.move(end["x"] + 30, end["y"] + 6 + 2 * end["height"], steps=8)
    alice.page.mouse.up()
    alice.is_told("Rendez-vous déplacé")
    starts, agenda = _starts(desk, visit)
    assert agenda == "Dr Nguyen"
    assert isinstance(starts, datetime)
    assert starts.astimezone(ZONE).time() > time(9, 10)
    alice.can_read_everything()
    alice.presses("z")
    alice.is_told("revenu à sa place")
    assert _starts(desk, visit) == (datetime.combine(day, time(9), ZONE), "Dr Lefèvre")


def test_a_visit_dropped_on_another_goes_back_and_a_sheet_says_why(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    day = prompter.open_day(weeks=12)
    patient = prompter.patient("Palissandre", "Léa")
    at = datetime.combine(day, time(9), ZONE)
    visit = prompter.visit(patient, "Dr Lefèvre", at)
    other = prompter.patient("Tulipier", "Marc", sex="M")
    prompter.visit(other, "Dr Moreau", at, minutes=30)
    alice = at_desk("secretaire")

    _opens_agenda(alice, day)
    with alice.expecting(409, "/move/"):
        _visit(alice, "PALISSANDRE").drag_to(_visit(alice, "TULIPIER"))
        alice.reads("Déjà pris", alice.sheet)
    alice.reads("À la place", alice.sheet)
    assert _starts(desk, visit) == (at, "Dr Lefèvre")


def test_the_grid_is_walked_by_keyboard(at_desk: Callable[..., Person], prompter: Prompter) -> None:
    day = prompter.open_day(weeks=13)
    alice = at_desk("secretaire")

    _opens_agenda(alice, day)
    alice.page.get_by_role("region", name="Grille des rendez-vous").focus()
    alice.presses("ArrowDown", "ArrowRight", "ArrowDown", "PageDown")
    alice.reads(re.compile(r"\d\d:\d\d, Dr Nguyen : libre"))
    alice.presses("Enter")
    expect(alice.field("Agenda")).to_have_value(re.compile(r"\d+"))
    expect(alice.field("Jour")).to_have_value(str(day))


def test_a_visit_is_cancelled_and_given_back(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    day = prompter.open_day(weeks=14)
    patient = prompter.patient("Savonnier", "Ida")
    prompter.visit(patient, "Dr Lefèvre", datetime.combine(day, time(10), ZONE))
    alice = at_desk("secretaire")

    _opens_agenda(alice, day)
    _visit(alice, "SAVONNIER").click()
    alice.reads("SAVONNIER", alice.sheet)
    alice.presses("Delete")
    alice.field("Pourquoi (facultatif)").fill("Grippe du petit")
    alice.sheet.get_by_role("button", name="Annuler le rendez-vous").click()
    alice.is_told("annulé")
    expect(_visit(alice, "SAVONNIER")).to_have_count(0)
    alice.presses("z")
    expect(_visit(alice, "SAVONNIER")).to_have_count(1)


@pytest.mark.parametrize(("paper", "width_mm"), [("A4", 210), ("A5", 148)])
def test_the_day_is_printed_one_page_a_practitioner(
    at_desk: Callable[..., Person], prompter: Prompter, paper: str, width_mm: int
) -> None:
    day = prompter.open_day(weeks=15)
    patient = prompter.patient("Cacaoyer", "Fanny")
    prompter.visit(patient, "Dr Moreau", datetime.combine(day, time(11), ZONE))
    alice = at_desk("secretaire")

    _opens_agenda(alice, day)
    alice.presses("a")
    link = alice.page.get_by_role("link", name=re.compile(f"Imprimer.*{paper}"))
    expect(link).to_be_visible()
    answer = alice.page.request.get(link.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.body())).pages
    assert [name for page in pages for name in re.findall(r"Dr \w+", page.extract_text())[:1]] == [
        "Dr Lefèvre", "Dr Nguyen", "Dr Moreau",
    ]  # fmt: skip
    assert round(float(pages[0].mediabox.width) / POINTS_PER_MM) == width_mm
    assert "Fanny" in pages[2].extract_text()
