"""A practice brings its own patients and agenda, from the files another software gave."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, time

import pytest
from playwright.sync_api import FilePayload, expect

from tests.desk_site import Desk, environment
from tests.journeys.person import Person
from tests.journeys.prompter import ZONE, Prompter

PATIENTS = """\
Nom;Prénom;Né(e) le;Sexe;Portable;Ville
Macassar;Zoé;03/02/1979;F;06 39 98 55 01;Port-Imaginaire
Amourette;Joël;14/07/1962;M;06 39 98 55 02;Bourg-Fictif
Wengé;Aïcha;31/02/1990;F;06 39 98 55 03;Saint-Exemple
"""
CALENDAR = """\
BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Ancien logiciel//FR\r
BEGIN:VEVENT\r
UID:1@ancien\r
DTSTAMP:20260101T000000Z\r
DTSTART;TZID=Europe/Paris:{day}T100000\r
DTEND;TZID=Europe/Paris:{day}T101500\r
SUMMARY:BUBINGA Rosa 12/05/1984\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@ancien\r
DTSTAMP:20260101T000000Z\r
DTSTART;TZID=Europe/Paris:{day}T110000\r
DTEND;TZID=Europe/Paris:{day}T111500\r
SUMMARY:Mme Padouk\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture(scope="module")
def worker(desk: Desk) -> Iterator[None]:
    """The work behind the screen."""
    process = subprocess.Popen(
        [sys.executable, "-m", "secretariat", "worker"],
        env=environment(desk.database_url), start_new_session=True,
    )  # fmt: skip
    yield
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(30)


def _brings(person: Person, title: str, file: FilePayload) -> None:
    person.opens("Importer")
    form = person.page.locator("form.bring").filter(has_text=title)
    form.locator("input[type=file]").set_input_files(file)
    form.get_by_role("button", name="Apporter").click()
    expect(person.page.get_by_role("heading", level=1).first).to_contain_text(file["name"])


def _tries_then_imports(person: Person) -> None:
    person.can_read_everything()
    person.presses("Alt+Enter")
    result = person.page.get_by_role("heading", level=2)
    expect(result.filter(has_text="Essai : rien n’a été écrit")).to_be_visible(timeout=60_000)
    person.can_read_everything()
    person.presses("Alt+Enter")
    expect(result.filter(has_text="Importé le")).to_be_visible(timeout=60_000)
    person.can_read_everything()


def test_patients_of_another_software_are_brought_in(
    at_desk: Callable[..., Person], worker: None, desk: Desk
) -> None:
    alice = at_desk("secretaire")

    table = PATIENTS.encode("cp1252")
    _brings(alice, "Des patients", {"name": "a.csv", "mimeType": "text/csv", "buffer": table})
    expect(alice.page.get_by_label("Né(e) le")).to_have_value("birth_date")
    assert not desk.query("SELECT id FROM patients_patient WHERE birth_name = 'MACASSAR'")
    _tries_then_imports(alice)
    alice.opens("Patients")
    expect(alice.page.locator("main [autofocus]")).to_be_focused()
    alice.types("macassar")
    alice.reads("03/02/1979", alice.page.get_by_role("row").filter(has_text="MACASSAR"))
    assert desk.query(
        "SELECT birth_name, birth_date IS NULL FROM patients_patient "
        "WHERE birth_name IN ('MACASSAR', 'AMOURETTE', 'WENGE') ORDER BY id"
    )[:2] == [("MACASSAR", False), ("AMOURETTE", False)]


def test_an_agenda_of_another_software_is_brought_in(
    at_desk: Callable[..., Person], worker: None, prompter: Prompter, desk: Desk
) -> None:
    known = prompter.patient("Bubinga", "Rosa", born="1984-05-12")
    day = prompter.open_day(weeks=18)
    alice = at_desk("secretaire")

    calendar = CALENDAR.format(day=f"{day:%Y%m%d}").encode()
    file: FilePayload = {"name": "a.ics", "mimeType": "text/calendar", "buffer": calendar}
    _brings(alice, "Un agenda", file)
    alice.page.get_by_label("Agenda").select_option(label="Dr Lefèvre")
    _tries_then_imports(alice)
    assert desk.query("SELECT starts_at FROM agenda_appointment WHERE patient_id = %s", known) == [
        (datetime.combine(day, time(10), ZONE),)
    ]
    alice.presses("r")
    alice.reads("Mme Padouk", alice.page.get_by_role("table"))
    alice.goes_to(f"/agenda/?date={day}")
    expect(alice.page.locator(".ec-event").filter(has_text="BUBINGA Rosa")).to_be_visible()
    expect(alice.page.locator(".ec-event").filter(has_text="Padouk")).to_be_visible()
