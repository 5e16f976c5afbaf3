"""A sheet of instructions: brought to a reason, allowed to leave, it arrives with the e-mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from secretariat.outbox.channels.tests import servers
from tests.desk_site import Desk, run
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter

ADDRESS = "paulownia@exemple.test"
BACKSTAGE = """
import django; django.setup()
from datetime import datetime
from secretariat.core.scope import scope
from secretariat.outbox.actions.senders import keep_mail_sender
from secretariat.patients.models import ContactPoint
from secretariat.notices.actions import carry
from secretariat.outbox.dispatching import dispatch
practice, at = {practice}, datetime.fromisoformat({at!r})
with scope([practice]):
"""
SENDER = """
    keep_mail_sender(
        practice_id=practice, by=None, at=at, host="127.0.0.1", port={port}, security="none",
        name="Centre du Port", address="rdv@port.test", active={active},
    )
"""
WAY = """
    ContactPoint.objects.create(
        practice_id=practice, patient_id={patient}, system="email", value={address!r},
        accepts_messages=True,
    )
"""
WORKER = """
    carry(practice_id=practice, at=at)
dispatch(lambda: at)
"""


class Backstage:
    """The practice next door, its mail server, and the worker that passes when it is told."""

    def __init__(self, desk: Desk, port: int) -> None:
        [(self.practice,)] = desk.query(
            "SELECT id FROM practice_practice WHERE slug = %s", "port", practice="port"
        )
        self.desk, self.port = desk, port

    def does(self, script: str, at: datetime, **told: object) -> None:
        """Run some lines in a process of the product."""
        told |= {"practice": self.practice, "at": at.isoformat(), "port": self.port}
        run(self.desk.database_url, "-c", (BACKSTAGE + script).format(**told))


def _morning() -> datetime:
    """The next working day at 10:00: no quiet hour holds a message back."""
    day = datetime.now(ZONE).replace(hour=10, minute=0, second=0, microsecond=0)
    day += timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


@pytest.fixture
def backstage(desk: Desk) -> Iterator[tuple[Backstage, servers.Mailbox]]:
    """A true mail server for the practice, for the time of the scene."""
    with servers.smtp() as (box, port):
        stage = Backstage(desk, port)
        stage.does(SENDER, _morning(), active=True)
        yield stage, box
        stage.does(SENDER, _morning(), active=False)


def test_a_sheet_brought_to_a_reason_arrives_with_the_confirmation(
    at_desk: Callable[..., Person], prompter: Prompter,
    backstage: tuple[Backstage, servers.Mailbox],
) -> None:  # fmt: skip
    stage, box = backstage
    patient = prompter.patient("Paulownia", "Rose", practice="port")
    stage.does(WAY, _morning(), patient=patient, address=ADDRESS)
    charlie = at_desk("voisine")
    content = _brings_the_sheet(charlie)
    _gives_a_visit(charlie)
    stage.does(WORKER, _morning())

    [mail] = [one for one in box.mails if one["To"] == ADDRESS]
    assert isinstance(mail, EmailMessage)
    body, file = mail.iter_parts()
    assert isinstance(body, EmailMessage)
    assert "Votre rendez-vous est noté" in body.get_content()
    assert not re.search("Certificat|formulaire|Paulownia", body.get_content(), re.IGNORECASE)
    assert isinstance(file, EmailMessage)
    assert file.get_filename() == "a-lire-avant-votre-venue.pdf"
    assert file.get_content() == content
    charlie.goes_to(f"/patients/{patient}/")
    charlie.reads("joint : « Votre formulaire »")


def _brings_the_sheet(person: Person) -> bytes:
    """From the settings; a file that is no PDF is refused first. Answers what was kept."""
    import typst

    content = typst.compile(b"= A remplir avant de venir")
    assert isinstance(content, bytes)
    person.goes_to("/agenda/settings/reasons/")
    person.page.get_by_role("link", name="Certificat").click()
    expect(person.field("Nom")).to_have_value("Certificat")
    person.sheet.get_by_role("link", name="Documents à remettre").click()
    person.field("Titre").fill("Votre formulaire")
    chosen = {"name": "Formulaire été.pdf", "mimeType": "application/pdf", "buffer": b"GIF89a"}
    person.field("Fichier PDF").set_input_files(chosen)  # type: ignore[arg-type]
    with person.expecting(400, "/documents/"):
        person.sheet.get_by_role("button", name="Ajouter").click()
        person.reads("n’est pas un PDF lisible", person.sheet)
    chosen["buffer"] = content
    person.field("Fichier PDF").set_input_files(chosen)  # type: ignore[arg-type]
    person.sheet.get_by_role("button", name="Ajouter").click()
    person.is_told("Document ajouté, confidentiel : Votre formulaire.")
    person.reads("confidentiel", person.sheet)
    person.can_read_everything()
    person.sheet.get_by_text("Peut être joint…").click()
    person.sheet.get_by_label(re.compile("ne dit rien de la santé")).check()
    person.can_read_everything()
    person.sheet.get_by_role("button", name="Permettre, sous mon nom (Charlie)").click()
    person.is_told("peut être joint aux messages")
    return content


def _gives_a_visit(person: Person) -> None:
    """A few weeks ahead, and the sheet of the visit hands the paper over."""
    day = (datetime.now(ZONE) + timedelta(weeks=6)).date()
    person.goes_to(f"/agenda/?date={day}")
    person.presses("f")
    person.field("Motif").select_option(label="Certificat · 15 min")
    person.reads("À proposer d’abord", person.sheet)
    person.field("Motif").press("Enter")
    expect(person.sheet.locator("[data-offer='1']")).to_be_focused()
    person.presses("Enter")
    expect(person.sheet.get_by_role("heading", name="Nouveau rendez-vous")).to_be_visible()
    person.finds("Patient", "paulownia", "PAULOWNIA")
    person.presses("Alt+Enter")
    person.is_told("Rendez-vous donné")
