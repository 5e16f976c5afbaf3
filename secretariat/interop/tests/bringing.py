"""Short ways to bring a file, for the tests of this room."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from secretariat.interop import calendar_plan
from secretariat.interop.actions import preparing, receiving, working
from secretariat.interop.models import ImportFile
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

HEADER = "N° dossier;Nom de naissance;Prénoms;Date de naissance;Sexe;Tél. portable;Ville"


def table(*lines: str, header: str = HEADER) -> bytes:
    """A file of patients as a French program exports it."""
    return "\r\n".join([header, *lines, ""]).encode("cp1252")


def brought(
    house: House, by: Staff, data: bytes, *, kind: str = "patients", name: str = "patients.csv"
) -> ImportFile:
    """A file just brought to the practice."""
    return receiving.receive(
        kind=kind, name=name, chunks=[data], practice=house.practice, by=by, at=NOW
    )


def prepared(house: House, by: Staff, data: bytes, *, source: str = "") -> ImportFile:
    """A file of patients whose columns are as proposed."""
    file = brought(house, by, data)
    return preparing.set_columns(file=file, mapping=file.mapping, source=source, by=by, at=NOW)


def imported(house: House, by: Staff, *lines: str, at: datetime = NOW) -> ImportFile:
    """Lines of patients, taken in for good."""
    return working.work(file=prepared(house, by, table(*lines)), trial=False, by=by, at=at)


def event(uid: str, starts: str, ends: str, summary: str, *more: str) -> str:
    """An entry of a calendar; times without zone are those of the practice."""
    return "\r\n".join(
        ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTART{starts}", f"DTEND{ends}", f"SUMMARY:{summary}",
         *more, "END:VEVENT"]
    )  # fmt: skip


def at_time(uid: str, start: str, end: str, summary: str, *more: str) -> str:
    """An entry on 24 November 2026, the day after the cast's: `at_time("a", "0900", "0915", …)`."""
    return event(uid, f":20261124T{start}00", f":20261124T{end}00", summary, *more)


def calendar(*events: str) -> bytes:
    """A calendar file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ailleurs//FR", *events, "END:VCALENDAR"]
    return "\r\n".join([*lines, ""]).encode()


def calendar_in(
    house: House, by: Staff, *events: str, trial: bool = False,
    meant: calendar_plan.Meant = "guess", first_day: date | None = None,
) -> ImportFile:  # fmt: skip
    """A calendar taken into Dr Lefèvre's agenda."""
    file = brought(house, by, calendar(*events), kind="agenda", name="agenda.ics")
    plan = calendar_plan.usual(house.agendas["Lefèvre"].pk, TODAY)
    plan = replace(plan, meant=meant, first_day=first_day or plan.first_day)
    preparing.set_plan(file=file, plan=plan, by=by, at=NOW)
    return working.work(file=file, trial=trial, by=by, at=NOW)
