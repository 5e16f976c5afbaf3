"""The door of the Cabinet des Tilleuls: who arrives, waits, goes in, leaves, or does not come."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.desk_site import Desk
from tests.journeys.person import Person
from tests.journeys.prompter import Prompter, earlier_today, now


def _line(person: Person, name: str) -> Locator:
    """The line of the board."""
    return person.page.locator("li.passage").filter(has_text=name)


def test_a_patient_arrives_is_called_goes_in_and_leaves(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    patient = prompter.patient("Araucaria", "Rémi", sex="M")
    visit = prompter.visit(patient, "Dr Lefèvre", now())
    alice = at_desk("secretaire")
    line = _line(alice, "ARAUCARIA")

    line.get_by_role("link").focus()
    for key, word in (
        ("a", "En attente"), ("c", "Appelé"), ("e", "En consultation"), ("s", "Parti"),
    ):  # fmt: skip
        alice.presses(key)
        expect(line).to_contain_text(word)
        expect(line.locator(":focus")).to_have_count(1)
    alice.presses("r")
    expect(line).to_contain_text("En consultation")
    alice.presses("s")
    expect(line).to_contain_text("Parti")
    alice.presses("z")
    expect(line).to_contain_text("En consultation")
    alice.can_read_everything()
    assert desk.query(
        "SELECT arrived_at IS NULL, entered_at IS NULL, left_at IS NULL "
        "FROM reception_visit WHERE appointment_id = %s", visit,
    ) == [(False, False, True)]  # fmt: skip


def test_with_the_mouse_the_likely_step_is_one_click(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    patient = prompter.patient("Cryptomère", "Ana")
    prompter.visit(patient, "Dr Moreau", now())
    alice = at_desk("secretaire")
    line = _line(alice, "CRYPTOMERE")

    line.hover()
    line.get_by_role("button", name="Est arrivé").click()
    alice.is_told("en attente")
    alice.reads("CRYPTOMERE", alice.page.get_by_role("region", name="En salle d’attente"))


def test_someone_who_did_not_come_is_marked_absent_and_comes_after_all(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    patient = prompter.patient("Ginkgo", "Basile", sex="M")
    prompter.visit(patient, "Dr Nguyen", earlier_today(minutes=40))
    alice = at_desk("secretaire")
    line = _line(alice, "GINKGO")

    expect(line).to_contain_text("En retard")
    line.get_by_role("link").focus()
    alice.presses("n")
    expect(line).to_contain_text("Pas venu")
    alice.presses("a")
    expect(line).to_contain_text("En attente")


def test_someone_unexpected_is_received(at_desk: Callable[..., Person], prompter: Prompter) -> None:
    prompter.patient("Jacaranda", "Inès")
    alice = at_desk("secretaire")

    alice.presses("u")
    alice.finds("Qui est là", "jacaran", "JACARANDA")
    alice.can_read_everything()
    alice.presses("Alt+Enter")
    alice.reads("JACARANDA", alice.page.get_by_role("region", name="En salle d’attente"))
    expect(_line(alice, "JACARANDA")).to_contain_text(re.compile("imprévu", re.I))


def test_two_desks_see_the_same_door(at_desk: Callable[..., Person], prompter: Prompter) -> None:
    patient = prompter.patient("Eucalyptus", "Denise")
    prompter.visit(patient, "Dr Lefèvre", now())
    alice, doctor = at_desk("secretaire"), at_desk("medecin")

    _line(alice, "EUCALYPTUS").get_by_role("link").focus()
    alice.presses("a")
    expect(_line(doctor, "EUCALYPTUS")).to_contain_text("En attente")
    _line(doctor, "EUCALYPTUS").get_by_role("link").focus()
    doctor.presses("e")
    expect(_line(alice, "EUCALYPTUS")).to_contain_text("En consultation")
