"""At the counter: discretion, the list of keys, and a telephone's narrow screen."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Route, expect

from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person
from tests.journeys.prompter import Prompter, now


def test_one_key_blurs_names_and_reasons(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    patient = prompter.patient("Bougainvillier", "Lise")
    prompter.visit(patient, "Dr Lefèvre", now())
    alice = at_desk("secretaire")
    name = alice.page.locator(".passage .private").filter(has_text="BOUGAINVILLIER")

    expect(name).to_have_css("filter", "none")
    alice.presses("b")
    expect(name).to_have_css("filter", re.compile("blur"))
    alice.opens("Agenda")
    event = alice.page.locator(".ec-event .private").filter(has_text="BOUGAINVILLIER")
    expect(event).to_have_css("filter", re.compile("blur"))
    expect(alice.page.locator("[data-blur]")).to_have_attribute("aria-pressed", "true")
    alice.presses("/")
    alice.types("bougain")
    hit = alice.page.get_by_role("option", name="BOUGAINVILLIER Lise")
    expect(hit.locator(".private").first).to_have_css("filter", re.compile("blur"))
    alice.presses("Alt+b")
    expect(event).to_have_css("filter", "none")


def test_the_question_mark_lists_the_keys_of_the_screen(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    keys = alice.page.get_by_role("dialog", name="Touches de cet écran")

    alice.presses("?")
    for words in (
        "Chercher un patient", "Appel", "Patient", "Journée", "Agenda", "Veille", "Lendemain",
        "Patient imprévu", "Verrouiller le poste", "Flouter les noms et les motifs",
    ):  # fmt: skip
        expect(keys.get_by_text(words, exact=True)).to_be_visible()
    alice.can_read_everything()
    alice.presses("Escape")
    expect(keys).to_be_hidden()
    alice.presses("g", "a")
    expect(alice.page).to_have_title(re.compile("Agenda"))
    alice.presses("?")
    expect(keys.get_by_text("Trouver un créneau", exact=True)).to_be_visible()


def test_what_is_typed_before_the_scripts_have_come_is_done_once_they_have(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    prompter.patient("Sassafras", "Lise")
    alice = at_desk("secretaire")
    late: list[Route] = []

    def hold(script: Route) -> None:
        late.append(script)

    alice.page.route("**/core/js/main.js", hold)

    alice.page.goto("/calls/", wait_until="commit")
    expect(alice.page.get_by_role("heading", level=1)).to_be_visible()
    for key in "/sassaf":  # not `presses`, which waits for the scripts
        alice.page.keyboard.press(key)
    alice.page.get_by_role("button", name="Flouter les noms").click()
    expect(alice.page.locator("[data-blur]")).to_have_attribute("aria-pressed", "false")
    late.pop().continue_()
    expect(alice.page.get_by_role("option", name="SASSAFRAS Lise")).to_be_visible()
    expect(alice.page.locator("[data-blur]")).to_have_attribute("aria-pressed", "true")


def test_every_screen_is_reached_by_its_keys(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    for key, title in (
        ("a", "Agenda"), ("t", "Appels"), ("n", "Non joints"), ("p", "Patients"),
        ("j", "Journée"), ("r", "Réglages"),
    ):  # fmt: skip
        alice.presses("Escape")
        alice.presses("g", key)
        expect(alice.page).to_have_title(re.compile(title))
        for box in alice.page.locator("main [autofocus]").all():  # a letter would be typed in it
            expect(box).to_be_focused()
    alice.presses("Tab")
    expect(alice.page.get_by_role("link", name="Aller à la page")).to_be_focused()
    alice.presses("Enter")
    expect(alice.page.locator("#page")).to_be_focused()


def test_a_telephone_shows_one_thing_at_a_time(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    patient = prompter.patient("Carambolier", "Tom", sex="M")
    prompter.visit(patient, "Dr Lefèvre", now())
    alice = at_desk("secretaire", size=TELEPHONE, has_touch=True)

    for screen in ("Agenda", "Appels", "Patients", "Journée"):
        alice.opens(screen)
        wider = alice.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{screen} is wider than the telephone by {wider} px"
    alice.page.get_by_role("link", name=re.compile("^Appel F2|^Appel$")).click()
    expect(alice.field("Demande")).to_be_visible()
    box = alice.sheet.bounding_box()
    assert box
    assert box["width"] == TELEPHONE["width"]
    alice.finds("Pour quel patient", "caramb", "CARAMBOLIER")
    alice.reads("Prochains rendez-vous", alice.sheet)
    alice.can_read_everything()
    alice.sheet.get_by_role("button", name="Ranger").click()
    expect(alice.sheet).to_have_count(0)
    expect(alice.page.get_by_role("heading", level=1).first).to_be_visible()
