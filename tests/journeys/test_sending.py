"""The manager says how messages leave and sees one arrive; a letter goes from screen to post."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, time

import pytest
from playwright.sync_api import expect

from secretariat.demo.phones.gateway import PhoneServer
from secretariat.demo.phones.store import Store
from tests.desk_site import Desk
from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter


@pytest.fixture
def phones() -> Iterator[PhoneServer]:
    """Telephones that nobody has, and their page."""
    server = PhoneServer(0, Store(), key="journey-key", secret="journey-secret")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(5)
    server.teller.close()
    server.server_close()


def test_the_manager_sets_the_gateway_and_a_text_arrives(
    at_desk: Callable[..., Person], phones: PhoneServer, desk: Desk
) -> None:
    keller = at_desk("responsable")
    keller.presses("g", "v")
    keller.page.get_by_label("Mot de passe").fill("demo")
    keller.presses("Enter")
    expect(keller.page.get_by_role("heading", name="Envois", level=1)).to_be_visible()
    keller.can_read_everything()
    sms = keller.page.get_by_role("region", name="SMS")
    sms.get_by_role("combobox", name="Passerelle").select_option(label="Autre passerelle (HTTP)")
    expect(sms.get_by_label("Compte ou service")).to_be_hidden()
    port = phones.server_address[1]
    sms.get_by_label("Adresse de la passerelle").fill(f"http://127.0.0.1:{port}/send")
    sms.get_by_label("Expéditeur affiché").fill("Tilleuls")
    sms.get_by_label("Clé secrète").fill("Bearer journey-key")
    sms.get_by_label("Seconde clé").fill("journey-secret")
    sms.get_by_role("button", name="Garder").press("Enter")
    keller.is_told("SMS : réglage gardé.")
    expect(sms.get_by_label("Clé secrète")).to_have_value("")
    kept = "Conservé. Tapez pour le remplacer."
    expect(sms.get_by_label("Clé secrète")).to_have_attribute("placeholder", kept)
    sms.get_by_label("Envoyer un essai à").fill("06 39 98 30 30")
    keller.presses("Enter")
    keller.is_told("Essai accepté par le serveur : regardez s’il arrive.")
    [phone] = phones.store.phones()
    assert phone.number == "+33639983030"
    assert "Essai d'envoi de Cabinet des Tilleuls" in phone.texts[0].body
    sealed = desk.query("SELECT key_sealed FROM outbox_smssender")
    assert "journey" not in str(sealed)


def test_a_server_of_the_network_inside_is_refused_in_one_sentence(
    at_desk: Callable[..., Person],
) -> None:
    keller = at_desk("responsable", size=TELEPHONE)
    keller.goes_to("/sending/")
    keller.page.get_by_label("Mot de passe").fill("demo")
    keller.presses("Enter")
    mail = keller.page.get_by_role("region", name="Courriel")
    mail.get_by_label("Nom de l’expéditeur").fill("Cabinet des Tilleuls")
    mail.get_by_label("Adresse de l’expéditeur").fill("rdv@tilleuls.test")
    mail.get_by_label("Serveur d’envoi (SMTP)").fill("169.254.169.254")
    with keller.expecting(422, "/sending/mail/"):
        mail.get_by_role("button", name="Garder").click()
        keller.reads("Ce serveur ne répond pas, ou n’est pas de ceux que l’on peut joindre d’ici.")
    expect(mail.get_by_label("Serveur d’envoi (SMTP)")).to_have_value("169.254.169.254")
    keller.can_read_everything()


def test_a_letter_goes_from_the_list_to_the_post(
    at_desk: Callable[..., Person], prompter: Prompter, desk: Desk
) -> None:
    patient = prompter.patient(
        "Cytise", "Paulette", address="3 rue du Port", postcode="99000", town="Ville-Invention"
    )
    nine = datetime.combine(prompter.open_day(weeks=8), time(9), ZONE)
    prompter.cancelled(prompter.visit(patient, "Dr Lefèvre", nine))
    prompter.carried()
    alice = at_desk("secretaire")
    alice.presses("g", "n")
    row = alice.page.locator(".reach").filter(has_text="CYTISE")
    row.locator("[data-primary]").focus()
    alice.presses("c")
    expect(alice.page.locator(".reach").filter(has_text="CYTISE")).to_have_count(0)
    alice.presses("g", "c")
    expect(alice.page.get_by_role("heading", name="Courriers à poster")).to_be_visible()
    alice.presses("i")
    alice.is_told("ouvrez le PDF, puis dites quand c’est posté")
    alice.can_read_everything()
    address = alice.page.get_by_role("link", name="Courriers (PDF)").first.get_attribute("href")
    pdf = alice.context.request.get(str(address))
    assert pdf.headers["content-type"] == "application/pdf" and pdf.body().startswith(b"%PDF")
    alice.presses("p")
    alice.is_told("Ces patients sont notés comme prévenus.")
    told = "SELECT state, told_how FROM notices_notice WHERE patient_id = %s AND kind = %s"
    assert desk.query(told, patient, "visit.cancelled") == [("told", "letter")]
