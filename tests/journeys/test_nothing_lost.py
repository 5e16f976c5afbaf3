"""A reload, a second desk, a locked desk: nothing typed is lost, nothing written is overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.person import Person
from tests.journeys.prompter import Prompter


def _jots_a_call(person: Person) -> None:
    person.presses("F2")
    person.field("Qui appelle").fill("Le fils de Mme Orme")
    person.field("Demande").fill("Une ordonnance perdue")
    person.presses("Alt+m")
    person.field("Message").fill("Refaire l’ordonnance du 3.")


def _finds_it_all(person: Person) -> None:
    expect(person.field("Qui appelle")).to_have_value("Le fils de Mme Orme")
    expect(person.field("Demande")).to_have_value("Une ordonnance perdue")
    expect(person.field("Message")).to_have_value("Refaire l’ordonnance du 3.")


def test_a_reload_in_the_middle_of_a_call_loses_nothing(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    _jots_a_call(alice)

    alice.page.reload()
    _finds_it_all(alice)
    alice.opens("Agenda")
    _finds_it_all(alice)
    alice.presses("Alt+4")
    alice.is_told("Appel noté")
    alice.page.reload()
    expect(alice.page.get_by_role("heading", level=1).first).to_be_visible()
    expect(alice.tabs).to_have_count(0)


def test_several_calls_stay_open_each_with_its_words(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    for name in ("M. Aulne", "Mme Bouleau", "M. Charme"):
        alice.presses("F2")
        alice.field("Qui appelle").fill(name)
    expect(alice.tabs).to_have_count(3)

    alice.page.reload()
    expect(alice.tabs).to_have_count(3)
    seen = []
    for _ in range(3):
        alice.presses("F8")
        expect(alice.field("Qui appelle")).not_to_have_value("")
        seen.append(alice.field("Qui appelle").input_value())
    assert sorted(seen) == ["M. Aulne", "M. Charme", "Mme Bouleau"]


def test_two_desks_on_one_file_the_second_sees_what_the_first_wrote(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    prompter.patient("Sorbier", "Marthe", phone="06 39 98 22 22", town="Saint-Exemple")
    alice, keller = at_desk("secretaire"), at_desk("responsable")
    for person in (alice, keller):
        person.presses("/")
        person.types("sorbier")
        expect(person.page.get_by_role("option", name="SORBIER Marthe")).to_be_visible()
        person.presses("Enter")
        person.reads("Saint-Exemple", person.sheet)
        person.presses("e")
        expect(person.field("Commune")).to_have_value("Saint-Exemple")

    alice.field("Commune").fill("Bourg-Fictif")
    alice.presses("Alt+Enter")
    alice.is_told("corrig")
    keller.field("Adresse").fill("3 rue du Lavoir")
    with keller.expecting(409, "/correction/"):
        keller.presses("Alt+Enter")
        keller.reads("À l’autre poste")
    row = keller.page.get_by_role("row").filter(has_text="Commune")
    expect(row).to_contain_text("Saint-Exemple")
    expect(row).to_contain_text("Bourg-Fictif")
    expect(keller.field("Adresse")).to_have_value("3 rue du Lavoir")
    keller.can_read_everything()
    keller.presses("Alt+Enter")
    keller.reads("3 rue du Lavoir")
    keller.reads("Bourg-Fictif")


def test_what_one_desk_gives_the_other_sees(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    prompter.patient("Alisier", "Noé", sex="M")
    day = prompter.open_day(weeks=16)
    alice, doctor = at_desk("secretaire"), at_desk("medecin")
    doctor.goes_to(f"/agenda/?date={day}")
    expect(doctor.page.get_by_role("region", name="Grille des rendez-vous")).to_have_attribute(
        "aria-busy", "false"
    )

    alice.goes_to(f"/agenda/?date={day}")
    alice.presses("n")
    alice.finds("Patient", "alisier", "ALISIER")
    alice.field("Motif").select_option(label="Consultation · 15 min")
    alice.field("Heure").fill("10:00")
    alice.reads("Libre pour 15 min", alice.sheet)
    alice.presses("Alt+Enter")
    alice.is_told("Rendez-vous donné")
    expect(doctor.page.locator(".ec-event").filter(has_text="ALISIER")).to_be_visible(timeout=2500)


def test_a_locked_desk_hides_everything_and_gives_it_back(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    _jots_a_call(alice)

    with alice.expecting(423, "/"):
        alice.presses("Control+l")
        expect(alice.page.get_by_role("dialog", name="Poste verrouillé")).to_be_visible()
        expect(alice.page.get_by_label("Alice, votre mot de passe")).to_be_focused()
        alice.can_read_everything()
        alice.page.reload()
        alice.reads("Votre travail est gardé")
        expect(alice.page.get_by_text("Mme Orme")).to_have_count(0)
        alice.can_read_everything()
    with alice.expecting(422, "/desk/unlock/"):
        alice.page.get_by_label("Alice, votre mot de passe").fill("pas celui-là")
        alice.presses("Enter")
        alice.reads(re.compile("mot de passe", re.I), alice.page.get_by_role("alert"))
    alice.page.get_by_label("Alice, votre mot de passe").fill("demo")
    alice.presses("Enter")
    _finds_it_all(alice)


def test_a_line_that_drops_is_said_and_the_words_stay(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    _jots_a_call(alice)

    alice.context.set_offline(True)
    alice.reads("Connexion au serveur perdue", alice.page.locator("#lost"))
    alice.presses("Alt+4")
    alice.is_told("Le serveur ne répond pas")
    _finds_it_all(alice)
    alice.context.set_offline(False)
    expect(alice.page.locator("#lost")).to_be_hidden()
    alice.presses("Alt+4")
    alice.is_told("Appel noté")
    alice.watch.troubles.clear()  # a line down is heard on the console
