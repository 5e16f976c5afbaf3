"""A secretary's morning at the Cabinet des Tilleuls: five calls, the door, the agenda, the paper."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.desk_site import Desk
from tests.journeys.person import Person
from tests.journeys.prompter import Prompter


def test_a_known_caller_is_booked_from_the_keyboard(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    caller = prompter.patient("Marronnier", "Lucie", phone="06 39 98 11 01")
    alice = at_desk("secretaire")
    alice.presses("F2")
    expect(alice.sheet.get_by_role("combobox", name="Pour quel patient")).to_be_focused()
    alice.types("marro lu")
    expect(alice.sheet.get_by_role("option", name=re.compile("MARRONNIER Lucie"))).to_be_visible()
    alice.presses("Enter")
    alice.reads("Aucun rendez-vous à venir", alice.sheet)
    alice.presses("Alt+r")
    expect(alice.sheet.get_by_label("Motif")).to_be_focused()
    alice.types("consultation")
    alice.presses("Enter")
    expect(alice.sheet.locator(".offer").first).to_be_focused()
    alice.presses("Enter")
    alice.is_told("Rendez-vous donné")
    alice.presses("Enter")
    alice.is_told("Appel noté : rendez-vous donné")
    assert alice.keys_pressed <= 12
    [(visits,)] = desk.query(
        "SELECT count(*) FROM agenda_appointment WHERE patient_id = %s AND cancelled_at IS NULL",
        caller,
    )
    assert visits == 1
