"""The settings a secretary can understand: hours in sentences, absences, reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions.reminding import set_reminders
from secretariat.agenda.models import (
    Absence,
    Agenda,
    OfferedReason,
    OpeningException,
    OpeningRule,
    Resource,
    VisitReason,
)
from secretariat.agenda.reminder_times import When
from secretariat.agenda.tests.desk_forms import HTMX, book, events, undo_of
from secretariat.practice import actions as practice
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
URL = "/agenda/settings/"


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def page(client: Client, url: str = URL, **query: Any) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_rules_are_read_as_sentences_with_their_author(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    text = page(at_desk(alice))
    assert "Le lundi de 9 h à 12 h" in text
    assert "fixé par Alice le 23 novembre 2026" in text
    assert "<rect" in text
    assert "Noël" in text


def test_hours_are_added_for_several_days_at_once_or_for_none(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    url = f"{URL}agendas/{tilleuls.agendas['Lefèvre'].pk}/openings/"
    form = {"weekdays": ["5", "6"], "starts": "09:00", "ends": "12:00", "from_date": "2026-12-01"}
    assert client.post(url, form, headers=HTMX).status_code == 204
    assert OpeningRule.objects.filter(weekday__gte=5).count() == 2
    clash = form | {"weekdays": ["4", "5"], "starts": "18:00", "ends": "19:00"}
    assert client.post(url, clash, headers=HTMX).status_code == 204
    refused = client.post(url, form | {"weekdays": ["0", "5"], "starts": "12:00"}, headers=HTMX)
    assert refused.status_code == 400
    before = OpeningRule.objects.count()
    refused = client.post(
        url, form | {"weekdays": ["3", "5"], "starts": "12:30", "ends": "18:30"}, headers=HTMX
    )
    assert refused.status_code == 409
    assert "est déjà ouvert" in refused.content.decode()
    assert OpeningRule.objects.count() == before


def test_a_form_not_filled_is_told_in_words(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    url = f"{URL}agendas/{tilleuls.agendas['Lefèvre'].pk}/openings/"
    answer = at_desk(alice).post(url, {"starts": "09:00"}, headers=HTMX)
    assert answer.status_code == 400
    assert "Cochez au moins un jour" in answer.content.decode()


def test_an_opening_is_stopped(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    rule = OpeningRule.objects.filter(agenda=tilleuls.agendas["Lefèvre"]).earliest("pk")
    answer = at_desk(alice).post(
        f"{URL}openings/{rule.pk}/end/", {"last_day": "2026-12-31"}, headers=HTMX
    )
    rule.refresh_from_db()
    assert (answer.status_code, rule.to_date) == (204, date(2026, 12, 31))


def test_an_absence_opens_the_list_of_the_visits_it_touches(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    client, tomorrow = at_desk(alice), date(2026, 11, 24)
    book(tilleuls, alice, paris(10, day=tomorrow), title="M. Pivoine")
    url = f"{URL}agendas/{tilleuls.agendas['Lefèvre'].pk}/absences/"
    form = {"from_day": "2026-11-24", "to_day": "2026-11-25", "label": "Congrès"}
    answer = client.post(url, form, headers=HTMX)
    away = Absence.objects.get()
    assert (away.starts_at, away.ends_at) == (
        paris(0, day=tomorrow), paris(0, day=date(2026, 11, 26)),
    )  # fmt: skip
    told = events(answer)
    assert "1 rendez-vous à replacer" in told["notice"]["text"]
    hit = page(client, told["openSheet"]["url"])
    assert "M. Pivoine" in hit
    assert "Du mardi 24 novembre 2026 au mercredi 25 novembre 2026" in hit
    assert "1 rendez-vous à replacer" in page(client)
    client.post(undo_of(answer), headers=HTMX)
    away.refresh_from_db()
    assert away.cancelled_by == alice


def test_a_day_closed_for_once_counts_the_visits_that_stay(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(10, day=date(2026, 11, 24)))
    client = at_desk(alice)
    url = f"{URL}agendas/{tilleuls.agendas['Lefèvre'].pk}/exceptions/"
    form = {"date": "2026-11-24", "kind": "closed", "label": "Travaux"}
    answer = client.post(url, form, headers=HTMX)
    assert "1 rendez-vous se trouve hors des règles" in events(answer)["notice"]["text"]
    assert "Travaux" in page(client, part="exceptions")
    one = OpeningException.objects.get()
    client.post(f"{URL}exceptions/{one.pk}/removal/", headers=HTMX)
    assert not OpeningException.objects.exists()


def test_a_reason_is_added_with_its_own_length_somewhere(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    lefevre, moreau = (tilleuls.agendas[name].pk for name in ("Lefèvre", "Moreau"))
    form = {
        "name": "Bilan", "minutes": "30", "kind": "other", "colour": "4",
        f"offered_{lefevre}": "on", f"minutes_{lefevre}": "40",
    }  # fmt: skip
    assert client.post(f"{URL}reasons/new/", form, headers=HTMX).status_code == 204
    reason = VisitReason.objects.get(name="Bilan")
    assert [(o.agenda_id, o.minutes) for o in reason.offers.all()] == [(lefevre, 40)]
    changed = form | {"minutes": "20", "active": "on", f"offered_{moreau}": "on"}
    del changed[f"offered_{lefevre}"]
    assert client.post(f"{URL}reasons/{reason.pk}/", changed, headers=HTMX).status_code == 204
    reason.refresh_from_db()
    assert (reason.minutes, reason.active) == (20, True)
    assert list(OfferedReason.objects.filter(reason=reason).values_list("agenda", "minutes")) == [
        (moreau, None)
    ]
    assert "Bilan" in page(client, f"{URL}reasons/")


def test_a_reason_opens_on_what_it_says(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    client, agenda = at_desk(alice), tilleuls.agendas["Moreau"].pk
    room = Resource.objects.create(practice=tilleuls.practice, site=tilleuls.site, name="Salle 2")
    form = {
        "name": "Petite chirurgie", "minutes": "45", "kind": "other", "colour": "7",
        "minutes_after": "15", "named_only": "on", "within_days": "14", "need_1": [str(room.pk)],
        f"offered_{agenda}": "on", f"first_{agenda}": "60",
    }  # fmt: skip
    assert client.post(f"{URL}reasons/new/", form, headers=HTMX).status_code == 204
    reason = VisitReason.objects.get(name="Petite chirurgie")
    assert reason.needs.get().resource == room
    assert reason.offers.get().first_minutes == 60
    text = page(client, f"{URL}reasons/{reason.pk}/")
    assert "Salle 2" in text
    assert 'value="15"' in text
    listed = page(client, f"{URL}reasons/")
    assert "aucun horaire ne le nomme" in listed
    assert "dans les 14 jours" in listed
    lines = Entry.objects.count()
    client.post(f"{URL}reasons/{reason.pk}/", form | {"active": "on"}, headers=HTMX)
    assert Entry.objects.count() == lines + 1, "rooms and agendas had not changed"


def test_what_is_typed_wrong_names_its_field(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    form = {"name": "Bilan", "minutes": "2", "kind": "other", "colour": "1", "age_from": "300"}
    answer = at_desk(alice).post(f"{URL}reasons/new/", form, headers=HTMX)
    assert answer.status_code == 400
    told = unescape(answer.content.decode())
    assert "Durée (min) : " in told
    assert "Âge, à partir de (ans) : " in told


def test_an_agenda_is_opened_for_who_has_none(
    tilleuls: House, keller: Staff, at_desk: Desk
) -> None:
    doctor = practice.add_practitioner(
        practice=tilleuls.practice, family_name="Nguyen", speciality="Médecine générale",
        by=keller, at=NOW,
    )  # fmt: skip
    client = at_desk(keller)
    assert "Dr Nguyen" in page(client)
    answer = client.post(
        f"{URL}agendas/", {"place": f"{doctor.pk}-{tilleuls.site.pk}"}, headers=HTMX
    )
    opened = Agenda.objects.get(practitioner=doctor)
    assert answer.headers["HX-Redirect"] == f"{URL}?agenda={opened.pk}"
    assert "Aucun horaire" in page(client, agenda=opened.pk)


def test_the_remote_secretary_has_no_settings(tilleuls: House, zoe: Staff, at_desk: Desk) -> None:
    client = at_desk(zoe)
    assert client.get(URL).status_code == 404
    assert client.get(f"{URL}reasons/").status_code == 404


def test_an_opening_to_come_is_said_to_come(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    OpeningRule.objects.create(
        practice=tilleuls.practice, agenda=tilleuls.agendas["Lefèvre"], weekday=5,
        starts=time(8, 30), ends=time(12), from_date=date(2027, 1, 1), author=alice,
        created_at=NOW,
    )  # fmt: skip
    text = page(at_desk(alice), part="openings")
    assert "Le samedi de 8 h 30 à 12 h" in text
    assert "à partir du 1er janvier 2027" in text


def test_a_protected_range_and_a_kept_one_are_told_apart(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client, agenda = at_desk(alice), tilleuls.agendas["Lefèvre"]
    url = f"{URL}agendas/{agenda.pk}/openings/"
    form = {"weekdays": ["0"], "starts": "11:00", "ends": "12:00", "from_date": "2026-11-23"}
    protected = form | {"kind": "protected", "label": "Réunion d’équipe"}
    answer = client.post(url, protected, headers=HTMX)
    assert events(answer)["notice"]["text"] == "Plage protégée ajoutée."
    kept = form | {
        "weekdays": ["5"], "every_weeks": "2", "ends": "00:00",
        "reasons": [str(tilleuls.reasons["Urgence"].pk)], "mode": "on_site",
    }  # fmt: skip
    assert client.post(url, kept, headers=HTMX).status_code == 204
    text = page(client, part="openings")
    assert "Le lundi de 11 h à 12 h, plage protégée : Réunion d’équipe" in text
    assert (
        "Le samedi de 11 h à minuit, une semaine sur deux, au cabinet seulement, pour : Urgence"
    ) in text
    assert "prochaine fois le 28 novembre 2026" in text
    assert "hachuré : plage protégée" in text
    assert "pointillé : gardé pour certains motifs" in text


def test_a_reminder_names_who_wrote_it_and_when(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    set_reminders(reason=None, whens=[When(hours=24)], silent=False, by=alice, at=NOW)
    page = unescape(at_desk(alice).get(f"{URL}announcing/").content.decode())
    assert "24 h avant" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "fixé par Alice le 23 novembre 2026" in page
