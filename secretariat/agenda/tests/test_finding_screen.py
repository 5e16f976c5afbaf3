"""« Trouver un créneau », the month picker, the print of the day, the pages themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions import absences, openings
from secretariat.agenda.models import Appointment, OfferedReason
from secretariat.agenda.tests.desk_forms import HTMX, book, events
from secretariat.patients import actions as patients
from secretariat.practice.models import Staff
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def page(client: Client, url: str, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def offers(text: str) -> list[str]:
    """Each free time on the page, with its agenda: « 09:00 Dr Lefèvre »."""
    found = re.findall(r'class="button small offer"[^>]*>([^<]+)<span class="soft">([^<]+)', text)
    return [f"{clock.strip()} {agenda}" for clock, agenda in found]


def test_the_first_free_times_of_all_who_offer_the_reason(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(9))
    reason = tilleuls.reasons["Consultation"]
    found = offers(page(at_desk(alice), "/agenda/find/", reason=reason.pk))
    assert found[:4] == [
        "09:00 Dr Moreau",
        "09:15 Dr Lefèvre",
        "09:15 Dr Moreau",
        "09:30 Dr Lefèvre",
    ]


def test_the_past_is_not_offered(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    reason = tilleuls.reasons["Consultation"]
    with time_machine.travel("2026-11-23 16:50Z", tick=False):
        text = page(at_desk(alice), "/agenda/find/", reason=reason.pk, **{"from": "2026-11-01"})
    assert "Lundi 23 novembre" not in text
    assert "Mardi 24 novembre" in text


def test_one_practitioner_one_part_of_the_day_one_length(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    agenda, reason = tilleuls.agendas["Moreau"], tilleuls.reasons["Première consultation"]
    OfferedReason.objects.filter(agenda=agenda, reason=reason).update(minutes=60)
    query = {"reason": reason.pk, "agenda": agenda.pk, "part": "afternoon"}
    found = offers(page(at_desk(alice), "/agenda/find/", **query))
    assert found[:4] == [f"{hour}:00 Dr Moreau" for hour in (14, 15, 16, 17)]


def test_what_is_found_is_given_to_the_caller_in_one_press(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    patient = patients.register(
        practice=tilleuls.practice, by=alice, at=NOW, birth_name="Keller", given_names="Jeanne",
        birth_date=date(1985, 3, 12), sex="F",
    )  # fmt: skip
    client, reason = at_desk(alice), tilleuls.reasons["Consultation"]
    text = page(client, "/agenda/find/", reason=reason.pk, patient=patient.pk, bare=1)
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    [first] = re.findall(r'value="([^"]+)" data-first-offer', text)
    answer = client.post("/agenda/book/", form | {"instead": first}, headers=HTMX)
    visit = Appointment.objects.get()
    assert (visit.patient, visit.reason, visit.starts_at) == (patient, reason, paris(9))
    told = events(answer)
    assert told["appointmentBooked"]["id"] == visit.pk
    assert "sheetClose" not in told


def test_three_times_are_proposed_on_three_days_with_what_speaks_for_them(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    reason = tilleuls.reasons["Consultation"]
    text = page(at_desk(alice), "/agenda/find/", reason=reason.pk)
    best = re.findall(r'class="when">([^<]+)<strong>.*?class="why soft">([^<]*)<', text, re.DOTALL)
    assert len({day for day, _ in best}) == 3
    assert "le plus tôt" in best[0][1]


def test_only_the_days_that_suit_the_patient_are_searched(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    reason = tilleuls.reasons["Consultation"]
    wanted = {"reason": reason.pk, "on": ["3"], "until": "2026-12-04"}
    text = page(at_desk(alice), "/agenda/find/", **wanted)
    days = re.findall(r"<h3>((?:Lun|Mar|Mer|Jeu|Ven)\w+ [^<]+?)\s*<", text)
    assert [day.strip() for day in days] == ["Jeudi 26 novembre", "Jeudi 3 décembre"]


def test_a_last_day_that_is_no_day_hides_nothing(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    reason = tilleuls.reasons["Consultation"]
    text = page(at_desk(alice), "/agenda/find/", reason=reason.pk, until="demain")
    assert "Vendredi 27 novembre" in text


def test_single_keys_lead_to_other_weeks_parts_of_the_day_and_doctors(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client, reason = at_desk(alice), tilleuls.reasons["Consultation"]
    text = page(client, "/agenda/find/", reason=reason.pk, part="morning")
    found = re.findall(r'hx-get="([^"]+)" data-step data-key="(\w+)"', text)
    steps = {key: address for address, key in found}
    assert set(steps) == {"pagedown", "o", "r", "d", "l"}  # no week before the present one
    assert "from=2026-11-30" in steps["pagedown"]
    assert "part=afternoon" in steps["r"]
    assert f"agenda={tilleuls.agendas['Lefèvre'].pk}" in steps["d"]
    assert "pageup" in page(client, steps["pagedown"])


def test_nothing_free_is_said(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    for name in ("Lefèvre", "Moreau"):
        absences.absent(
            agenda=tilleuls.agenda(name), starts_at=NOW, ends_at=NOW.replace(year=2027),
            by=alice, at=NOW,
        )  # fmt: skip
    reason = tilleuls.reasons["Consultation"]
    assert "Rien de libre d’ici au" in page(at_desk(alice), "/agenda/find/", reason=reason.pk)


def test_the_month_tells_how_full_each_day_is(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    for hour in (9, 10, 11):
        book(tilleuls, alice, paris(hour), minutes=60)
    book(tilleuls, alice, paris(9), agenda=tilleuls.agenda("Moreau"))
    openings.add_exception(
        agenda=tilleuls.agenda("Lefèvre"), date=date(2026, 11, 25), kind="closed", by=alice, at=NOW
    )
    text = page(
        at_desk(alice), "/agenda/month/", date="2026-11-23", agenda=tilleuls.agendas["Lefèvre"].pk
    )
    cells = re.findall(r'class="(load-\d[^"]*)" href="[^"]*date=(\d{4}-\d\d-\d\d)', text)
    known = {day: classes for classes, day in cells}
    assert len(known) == 42
    assert known["2026-11-23"] == "load-1 today"
    assert known["2026-11-25"] == "load-0 closed"
    assert known["2026-11-24"] == "load-0"
    assert "43 % du temps ouvert" in text
    both = page(at_desk(alice), "/agenda/month/", date="2026-11-23")
    assert "Dr Lefèvre : 3" in both
    assert "Dr Moreau : 1" in both


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_the_day_is_printed_one_page_a_practitioner(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk, paper: str
) -> None:
    for minute in range(0, 180, 5):
        book(
            tilleuls, alice, paris(9 + minute // 60, minute % 60), minutes=5,
            title='#read("/etc/passwd") *gras* \\',
        )  # fmt: skip
    answer = at_desk(alice).get("/agenda/print/", {"date": "2026-11-23", "format": paper})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert re.search(
        rb"/Type\s*/Pages\b[^>]*?/Count 2\b|/Count 2\b[^>]*?/Type\s*/Pages", answer.content
    )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/agenda/", "Lundi 23 novembre"),
        ("/agenda/?date=2027-02-30", "Lundi 23 novembre"),
        ("/agenda/?date=9999-12-31", "Lundi 23 novembre"),
        ("/agenda/?date=2027-01-04", "Lundi 4 janvier 2027"),
        ("/agenda/week/?date=2026-11-26", "Semaine 48 · 23 au 29 novembre"),
        ("/agenda/week/?date=2026-12-31", "Semaine 53 · 28 décembre au 3 janvier"),
    ],
)
def test_the_day_is_in_the_address(
    tilleuls: House, alice: Staff, at_desk: Desk, url: str, said: str
) -> None:
    assert said in page(at_desk(alice), url)


def test_a_practice_without_agenda_says_what_to_do(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    for agenda in tilleuls.agendas.values():
        agenda.active = False
        agenda.save()
    client = at_desk(alice)
    for url in ("/agenda/", "/agenda/week/", "/agenda/month/", "/agenda/find/", "/agenda/book/"):
        page(client, url)
    assert "Aucun agenda n’est ouvert" in page(client, "/agenda/")
    assert client.get("/agenda/times/").json()["visits"] == []
    assert client.get("/agenda/print/").content.startswith(b"%PDF-")
