"""A patient answers from a telephone: the page behind a link, without an account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from playwright.sync_api import expect

from tests.desk_site import Desk
from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter


def test_a_patient_reads_the_hour_confirms_then_asks_for_another_moment(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    patient = prompter.patient("Camphrier", "Ines")
    at = datetime.combine(prompter.open_day(weeks=4), time(10, 15), ZONE)
    visit = prompter.visit(patient, "Dr Nguyen", at)
    link = prompter.link(visit)
    ines = at_desk("", TELEPHONE, at_the_door=True)

    ines.goes_to(link)
    ines.reads("10 h 15")
    body = ines.page.locator("body")
    for word in ("Camphrier", "CAMPHRIER", "Nguyen", "Consultation"):
        expect(body).not_to_contain_text(word)
    ines.can_read_everything()
    ines.page.get_by_role("button", name="Je viendrai").click()
    ines.reads("vous êtes attendu")
    ines.page.get_by_role("link", name="Demander un autre moment").click()
    ines.can_read_everything()
    ines.page.get_by_role("button", name="Demander à être rappelé").click()
    ines.reads("Le cabinet va vous rappeler")

    [(confirmed, cancelled)] = desk.query(
        "SELECT confirmed_at IS NOT NULL, cancelled_at IS NOT NULL "
        "FROM agenda_appointment WHERE id = %s", visit,
    )  # fmt: skip
    assert (confirmed, cancelled) == (True, False)
    [(state, why)] = desk.query("SELECT state, why FROM notices_notice WHERE about_id = %s", visit)
    assert (state, why) == ("unreached", "Demande un autre moment.")


def test_a_patient_cancels_and_the_desk_sees_it(
    at_desk: Callable[..., Person], prompter: Prompter
) -> None:
    patient = prompter.patient("Cornouiller", "Tom", sex="M")
    day = prompter.open_day(weeks=4)
    visit = prompter.visit(patient, "Dr Nguyen", datetime.combine(day, time(11), ZONE))
    link = prompter.link(visit)
    alice = at_desk("secretaire")
    alice.goes_to(f"/agenda/?date={day}")
    alice.reads("CORNOUILLER")
    tom = at_desk("", TELEPHONE, at_the_door=True)

    tom.goes_to(link)
    tom.page.get_by_text("Annuler ce rendez-vous").click()
    tom.page.get_by_role("button", name="Oui, annuler").click()
    tom.reads("Ce rendez-vous est annulé")
    expect(alice.page.locator(".ec-event", has_text="CORNOUILLER")).to_have_count(0)
