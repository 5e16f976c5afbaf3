"""A practice's own files, brought in from the command line."""

from __future__ import annotations

from pathlib import Path

from secretariat.config import postgres
from tests.ops.conftest import command

_PATIENTS = """Nom;Prénom;Né(e) le;Sexe;Portable
PETIT;Chloé;01/02/1960;F;06 39 98 12 34
MARTIN;Anne;31/02/1970;F;
"""
_AGENDA = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//essai//FR\r
BEGIN:VEVENT\r
UID:un@essai\r
DTSTAMP:20261101T080000Z\r
DTSTART;TZID=Europe/Paris:20261124T120000\r
DTEND;TZID=Europe/Paris:20261124T130000\r
SUMMARY:Réunion\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_patients_come_in_once_and_faulty_lines_come_back(site: Path, tmp_path: Path) -> None:
    table, faults = tmp_path / "patients.csv", tmp_path / "fautes.csv"
    table.write_text(_PATIENTS, encoding="cp1252")
    asked = ["import-patients", str(table), "--as", "keller"]
    with postgres.running(site, durable=False):
        done = command(site, *asked, "--errors", str(faults))
        assert "1 créées" in done.stdout
        assert "1 non importées" in done.stdout
        again = command(site, *asked)
        assert "0 créées" in again.stdout
        stranger = command(site, *asked[:-1], "inconnue")
    assert "31/02/1970" in faults.read_text(encoding="utf-8-sig")
    assert stranger.returncode == 1
    assert "inconnue" in stranger.stderr
    assert list((site / "files/imports").glob("*")) == []


def test_an_agenda_comes_in(site: Path, tmp_path: Path) -> None:
    calendar = tmp_path / "agenda.ics"
    calendar.write_text(_AGENDA)
    with postgres.running(site, durable=False):
        done = command(
            site, "import-agenda", str(calendar), "--as", "keller", "--from", "2026-11-01"
        )
    assert done.returncode == 0, done.stderr
    assert "1 créées" in done.stdout
