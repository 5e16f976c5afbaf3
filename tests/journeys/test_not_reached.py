"""Who could not be told: one list, one call for three children, one key for each outcome."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

from playwright.sync_api import Locator, expect

from tests.desk_site import Desk
from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter


def _cancelled(prompter: Prompter, at: datetime, name: str, phone: str) -> int:
    """A child’s visit, cancelled by the practice: whoever answers the telephone must know."""
    birth_name, given = name.split()
    patient = prompter.patient(birth_name, given, phone=phone, born="2018-03-04")
    visit = prompter.visit(patient, "Dr Lefèvre", at)
    prompter.cancelled(visit)
    return visit


def _nine(prompter: Prompter, weeks: int) -> datetime:
    return datetime.combine(prompter.open_day(weeks=weeks), time(9), ZONE)


def _row(person: Person, name: str) -> Locator:
    return person.page.locator(".reach").filter(has_text=name)


def test_three_children_are_one_call_and_everyone_sees_what_came_of_it(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    nine = _nine(prompter, weeks=5)
    for place, given in enumerate(("Adèle", "Basile", "Coline")):
        at = nine + timedelta(minutes=15 * place)
        _cancelled(prompter, at, f"Aubépine {given}", "06 39 98 20 20")
    prompter.carried()
    alice, zoe = at_desk("secretaire"), at_desk("telesecretaire")
    alice.presses("g", "n")
    zoe.goes_to("/unreached/")
    row = _row(alice, "AUBEPINE")
    expect(row).to_contain_text("un appel pour 3")
    expect(row).to_contain_text("Rendez-vous annulé")
    expect(row).to_contain_text("N’a pas accepté de recevoir des messages.")
    alice.can_read_everything()

    row.locator("[data-primary]").focus()
    alice.presses("a")
    expect(alice.field("Numéro")).to_have_value("06 39 98 20 20")
    expect(alice.sheet.get_by_role("combobox", name="Pour quel patient")).to_have_value(
        re.compile("AUBEPINE")
    )
    alice.presses("Escape")
    expect(row.locator(":focus")).to_have_count(1)
    alice.presses("r")
    alice.is_told("message sur répondeur")
    expect(_row(zoe, "AUBEPINE")).to_contain_text("message sur répondeur", timeout=5_000)

    expect(row.locator(":focus")).to_have_count(1)
    row.get_by_role("checkbox").nth(2).uncheck()
    row.locator("[data-primary]").focus()
    alice.presses("t")
    alice.is_told("et 1 de plus : prévenu")
    expect(row).not_to_contain_text("un appel pour")
    expect(row).to_contain_text("AUBEPINE")  # the one who was not spoken of
    expect(_row(zoe, "AUBEPINE")).not_to_contain_text("un appel pour", timeout=5_000)
    alice.presses("z")
    expect(row).to_contain_text("un appel pour 3")
    row.locator("[data-primary]").focus()
    alice.presses("t")
    expect(row).to_have_count(0)
    alice.presses("4")
    expect(alice.page.get_by_role("row").filter(has_text="AUBEPINE")).to_have_count(3)
    alice.can_read_everything()
    assert desk.query(
        "SELECT count(*), count(DISTINCT n.told_by_id) FROM notices_notice n "
        "JOIN patients_patient p ON p.id = n.patient_id "
        "WHERE p.birth_name = 'AUBEPINE' AND n.state = 'told' AND n.told_how = 'phone'"
    ) == [(3, 1)]


def test_nobody_is_given_up_without_a_reason_and_the_visit_says_so(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    visit = _cancelled(prompter, _nine(prompter, 6), "Bruyère Denis", "06 39 98 21 21")
    prompter.carried()
    alice = at_desk("secretaire")
    alice.presses("g", "n")
    row = _row(alice, "BRUYERE")
    row.locator("[data-primary]").focus()
    with alice.expecting(409, "/unreached/letters/"):
        alice.presses("c")
        expect(row.get_by_role("alert")).to_contain_text("n’a pas d’adresse")
    alice.can_read_everything()
    alice.presses("e")
    alice.is_told("un message repart")
    expect(row).to_have_count(0)
    alice.presses("z")
    alice.is_told("Rien ne part")
    row.locator("[data-primary]").focus()
    alice.presses("x")
    alice.sheet.get_by_label("Un proche s’en charge").check()
    alice.can_read_everything()
    alice.presses("Alt+Enter")
    alice.is_told("BRUYERE Denis : clos.")
    expect(row).to_have_count(0)
    alice.goes_to(f"/agenda/appointments/{visit}/")
    alice.reads("Le patient est-il prévenu ?")
    alice.reads("Un proche s’en charge. (Alice)")
    alice.can_read_everything()


def test_on_a_telephone_the_number_is_rung_with_the_thumb(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    _cancelled(prompter, _nine(prompter, 7), "Cytise Emma", "06 39 98 22 22")
    prompter.carried()
    alice = at_desk("secretaire", TELEPHONE)
    alice.goes_to("/unreached/")
    row = _row(alice, "CYTISE")
    expect(row.get_by_role("link", name="06 39 98 22 22")).to_have_attribute(
        "href", "tel:+33639982222"
    )
    wide = alice.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= TELEPHONE["width"]
    alice.can_read_everything()
    row.get_by_role("button", name="Prévenu").click()
    expect(row).to_have_count(0)


def test_the_practice_writes_its_own_words_and_sees_what_leaves(
    at_desk: Callable[..., Person],
) -> None:
    alice = at_desk("secretaire")
    alice.goes_to("/agenda/settings/")
    alice.presses("d")
    expect(alice.page).to_have_title(re.compile("Textes des messages"))
    alice.page.get_by_role("row").filter(has_text="Rendez-vous annulé").get_by_role(
        "link", name="SMS", exact=False
    ).first.click()
    words = alice.sheet.get_by_role("textbox", name="Texte")
    words.fill("Rendez-vous annulé en dermatologie : {rendezvous}")
    shown = alice.sheet.locator(".previewed")
    expect(shown).to_contain_text("nomme « Dermatologie »")
    alice.can_read_everything()
    words.fill("Nous devons annuler ")
    alice.sheet.get_by_role("button", name="{rendezvous}").click()
    expect(words).to_have_value("Nous devons annuler {rendezvous}")
    expect(shown).to_contain_text("1 SMS facturé")
    expect(shown).to_contain_text(re.compile(r"Nous devons annuler \w+ \d+"))
    alice.presses("Alt+Enter")
    alice.is_told("votre texte part désormais")
    alice.reads("le vôtre, Alice")
