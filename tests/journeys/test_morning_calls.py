"""Five calls of a morning at the Cabinet des Tilleuls, none like the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time

from playwright.sync_api import expect

from tests.desk_site import Desk
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter

MOST_KEYS = 12


def test_a_known_caller_is_booked_from_the_keyboard(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    caller = prompter.patient("Marronnier", "Lucie", phone="06 39 98 11 01")
    alice = at_desk("secretaire")

    alice.presses("F2")
    expect(alice.sheet.get_by_role("combobox", name="Pour quel patient")).to_be_focused()
    alice.types("marro lu")
    expect(alice.sheet.get_by_role("option", name="MARRONNIER Lucie")).to_be_visible()
    alice.presses("Enter")
    alice.reads("Aucun rendez-vous à venir", alice.sheet)
    alice.presses("Alt+r")
    expect(alice.field("Motif")).to_be_focused()
    alice.types("consultation")
    alice.presses("Enter")
    expect(alice.sheet.locator(".offer").first).to_be_focused()
    alice.can_read_everything()
    alice.presses("Enter")
    alice.is_told("Rendez-vous donné")
    alice.reads(
        "Dr", alice.sheet.get_by_role("heading", name="Prochains rendez-vous").locator("..")
    )
    alice.presses("Enter")
    alice.is_told("Appel noté : rendez-vous donné")
    expect(alice.tabs).to_have_count(0)

    assert alice.keys_pressed <= MOST_KEYS
    assert desk.query(
        "SELECT c.outcome, a.patient_id FROM reception_call c "
        "JOIN agenda_appointment a ON a.id = c.appointment_id WHERE c.patient_id = %s", caller,
    ) == [("booked", caller)]  # fmt: skip


def test_someone_unknown_is_registered_during_the_call_then_booked(
    at_desk: Callable[..., Person], desk: Desk
) -> None:
    alice = at_desk("secretaire")

    alice.presses("F2")
    alice.field("Numéro").fill("06 39 98 12 12")
    alice.field("Demande").fill("Première fois, mal au dos")
    box = alice.sheet.get_by_role("combobox", name="Pour quel patient")
    box.press_sequentially("Baobab Moussa", delay=15)
    alice.sheet.get_by_role("option", name="Créer").click()
    expect(alice.field("Nom de naissance")).to_have_value("Baobab")
    expect(alice.field("Prénoms de naissance")).to_have_value("Moussa")
    expect(alice.field("Téléphone mobile")).to_have_value("06 39 98 12 12")
    expect(alice.tabs).to_have_count(2)
    alice.field("Date de naissance").fill("3/4/1991")
    alice.field("Sexe").select_option("Masculin")
    alice.can_read_everything()
    alice.presses("Alt+Enter")
    alice.is_told(re.compile(r"Dossier n°\s\d+ créé"))

    alice.tabs.filter(has_text="Appel").get_by_role("button").first.click()
    expect(box).to_have_value(re.compile("BAOBAB Moussa"))
    expect(alice.field("Demande")).to_have_value("Première fois, mal au dos")
    alice.presses("Alt+r")
    alice.field("Motif").select_option(label="Première consultation · 30 min")
    alice.sheet.locator(".offer").first.click()
    alice.is_told("Rendez-vous donné")
    alice.sheet.get_by_role("button", name="Donné").click()
    alice.is_told("Appel noté")
    assert desk.query(
        "SELECT c.request, c.outcome, a.patient_id = c.patient_id FROM reception_call c "
        "JOIN agenda_appointment a ON a.id = c.appointment_id "
        "JOIN patients_patient p ON p.id = c.patient_id WHERE p.birth_name = 'BAOBAB'"
    ) == [("Première fois, mal au dos", "booked", True)]


def test_a_message_is_taken_and_a_call_back_promised(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    prompter.patient("Palétuvier", "Odile", phone="06 39 98 13 13")
    alice = at_desk("secretaire")

    alice.presses("F2")
    alice.field("Numéro").fill("0639981313")
    alice.presses("Tab")
    alice.sheet.get_by_role("button", name=re.compile("PALETUVIER Odile")).click()
    alice.field("Demande").fill("Ses résultats")
    alice.presses("Alt+m")
    expect(alice.field("Message")).to_be_focused()
    alice.types("Voudrait ses résultats de mardi.")
    alice.field("Pour").select_option(label="Dr Lefèvre")
    alice.field("Rappel promis").select_option(label="Dans la demi-heure")
    alice.can_read_everything()
    alice.presses("Alt+4")
    alice.is_told("Appel noté : message")

    alice.opens("Appels")
    promise = alice.page.get_by_role("row").filter(has_text="Voudrait ses résultats de mardi.")
    expect(promise).to_contain_text("Dr Lefèvre")
    promise.get_by_role("link").focus()
    alice.presses("f")
    alice.is_told("C’est fait")
    expect(promise).to_have_count(0)
    alice.presses("z")
    expect(promise).to_have_count(1)


def test_a_caller_s_visit_is_moved(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    caller = prompter.patient("Micocoulier", "Paul", sex="M")
    day = prompter.open_day(weeks=9)
    visit = prompter.visit(caller, "Dr Lefèvre", datetime.combine(day, time(9), ZONE))
    alice = at_desk("secretaire")

    alice.presses("F2")
    alice.finds("Pour quel patient", "micocou", "MICOCOULIER")
    alice.sheet.get_by_role("link", name=re.compile("à 09:00")).click()
    expect(alice.sheet.get_by_role("heading", name="MICOCOULIER")).to_be_visible()
    alice.presses("e")
    expect(alice.sheet.get_by_role("heading", name="Déplacer le rendez-vous")).to_be_visible()
    alice.field("Heure").fill("15:30")
    alice.reads("Libre pour 15 min", alice.sheet)
    alice.can_read_everything()
    alice.presses("Alt+Enter")
    alice.is_told("Rendez-vous déplacé")
    alice.tabs.filter(has_text="Appel").get_by_role("button").first.click()
    alice.reads("15:30", alice.sheet)
    alice.presses("Alt+2")
    alice.is_told("Appel noté : rendez-vous déplacé")
    [(starts,)] = desk.query("SELECT starts_at FROM agenda_appointment WHERE id = %s", visit)
    assert starts == datetime.combine(day, time(15, 30), ZONE)


def test_an_emergency_is_sent_to_the_15_and_the_call_can_be_taken_back(
    at_desk: Callable[..., Person], desk: Desk
) -> None:
    alice = at_desk("secretaire")

    alice.presses("F2")
    alice.field("Qui appelle").fill("Voisine de M. Séquoia")
    alice.field("Demande").fill("Douleur à la poitrine")
    alice.presses("Alt+7")
    alice.is_told("Appel noté : orienté vers le 15")
    expect(alice.sheet).to_have_count(0)  # while it stands, « z » is a letter typed in it
    alice.presses("z")
    alice.is_told("Appel rouvert")
    alice.opens("Appels")
    alice.page.get_by_role("region", name="Sans issue").get_by_role(
        "link", name=re.compile("Voisine de M. Séquoia")
    ).click()
    expect(alice.field("Demande")).to_have_value("Douleur à la poitrine")
    alice.presses("Alt+6")
    alice.is_told("Appel noté : appel transféré")
    assert desk.query(
        "SELECT outcome FROM reception_call WHERE caller_name = 'Voisine de M. Séquoia'"
    ) == [("transferred",)]


def test_nobody_hangs_up_without_saying_how_it_ended(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")

    alice.presses("F2")
    alice.field("Demande").fill("Horaires du cabinet")
    alice.presses("Escape")
    expect(alice.sheet).to_have_count(0)
    expect(alice.tabs).to_have_count(1)
    alice.presses("F8")
    expect(alice.field("Demande")).to_have_value("Horaires du cabinet")
    alice.presses("Enter")
    expect(alice.sheet).to_have_count(1)
    alice.presses("Alt+5")
    alice.is_told("Appel noté : renseignement donné")


def test_enter_pressed_before_the_answer_takes_the_person_typed(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    prompter.patient("Mar", "Aaron", sex="M")
    prompter.patient("Marsaulier", "Blaise", sex="M")
    alice = at_desk("secretaire")

    alice.presses("F2")
    box = alice.sheet.get_by_role("combobox", name="Pour quel patient")
    expect(box).to_be_focused()
    alice.types("mar")
    hits = alice.sheet.locator("[role=listbox] [role=option]")
    expect(hits.first).to_contain_text("MAR Aaron")
    alice.types("saulier")  # faster than the server: the list still shows the first ones
    alice.presses("Enter")
    expect(box).to_have_value(re.compile("MARSAULIER Blaise"))
    expect(hits).to_have_count(0)
