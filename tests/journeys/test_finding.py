"""A time found from the keyboard, held while the sheet is filled, and let go when it closes."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.desk_site import Desk
from tests.journeys.person import Person
from tests.journeys.prompter import Prompter


def test_three_times_are_proposed_and_one_is_given_from_the_keyboard(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    patient = prompter.patient("Plaqueminier", "Lise")
    day = prompter.open_day(weeks=12)
    alice = at_desk("secretaire")

    alice.goes_to(f"/agenda/?date={day}")
    alice.presses("f")
    alice.field("Motif").select_option(label="Consultation · 15 min")
    alice.reads("À proposer d’abord", alice.sheet)
    alice.can_read_everything()
    alice.field("Motif").press("Enter")
    expect(alice.sheet.locator("[data-offer='1']")).to_be_focused()
    alice.presses("2")
    expect(alice.sheet.locator("[data-offer='2']")).to_be_focused()
    alice.presses("PageDown")
    expect(alice.sheet.locator("[data-offer='1']")).to_be_focused()
    alice.presses("Enter")
    expect(alice.sheet.get_by_role("heading", name="Nouveau rendez-vous")).to_be_visible()
    alice.reads("Tenu pour vous jusqu’à", alice.sheet)
    alice.finds("Patient", "plaquemin", "PLAQUEMINIER")
    alice.can_read_everything()
    alice.presses("Alt+Enter")
    alice.is_told("Rendez-vous donné")
    assert desk.query("SELECT count(*) FROM agenda_appointment WHERE patient_id = %s", patient) == [
        (1,)
    ]


def test_a_time_held_by_a_colleague_is_free_again_when_her_sheet_closes(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    prompter.patient("Sophora", "Max", sex="M")
    day = prompter.open_day(weeks=13)
    alice, zoe = at_desk("secretaire"), at_desk("telesecretaire")

    for person in (alice, zoe):
        person.goes_to(f"/agenda/?date={day}")
        person.presses("n")
        person.field("Motif").select_option(label="Consultation · 15 min")
        person.field("Agenda").select_option(label="Dr Nguyen")
    alice.field("Heure").fill("10:30")
    alice.reads("Tenu pour vous jusqu’à", alice.sheet)
    zoe.finds("Patient", "sophora", "SOPHORA")
    zoe.field("Heure").fill("10:30")
    zoe.reads(re.compile("Créneau tenu par Alice jusqu’à"), zoe.sheet)
    zoe.can_read_everything()
    with alice.page.expect_response("**/agenda/hold/release/"):
        alice.sheet.get_by_role("button", name="Fermer").click()
    expect(alice.sheet).to_have_count(0)
    zoe.field("Durée (min)").fill("15")
    zoe.presses("Tab")
    zoe.reads("Libre pour 15 min", zoe.sheet)
    zoe.presses("Alt+Enter")
    zoe.is_told("Rendez-vous donné")
