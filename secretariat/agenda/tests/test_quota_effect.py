"""Before a quota is set or stopped: which times it keeps, hides or gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions.quotas import set_quota
from secretariat.agenda.facts import AgendaFacts, Ask, Busy
from secretariat.agenda.models import Quota as Row
from secretariat.agenda.openings import AgendaHours, SiteClock
from secretariat.agenda.quota_effect import (
    AFTERNOON,
    MORNING,
    quota_change,
    quota_change_words,
    quota_effect,
    quota_effect_words,
)
from secretariat.agenda.quotas import Quota
from secretariat.agenda.tests.desk_forms import HTMX, book
from secretariat.agenda.tests.hours_given import MONDAY, at, weekly
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, TODAY, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
URL = "/agenda/settings/"
MINE, OTHER = 1, 2


def agenda(*busy: Busy, quotas: tuple[Quota, ...] = ()) -> AgendaFacts:
    """Mondays from nine to noon, and from two to four."""
    rules = [weekly(MONDAY, "09:00", "12:00"), weekly(MONDAY, "14:00", "16:00")]
    return AgendaFacts(1, AgendaHours(SiteClock(), rules), busy, quotas=quotas)


def visit(starts: str, ends: str, reason: int = OTHER) -> Busy:
    return Busy(at(MONDAY, starts), at(MONDAY, ends), 7, "visit", reason)


def keep(amount: int, **details: Any) -> Quota:
    return Quota("keep", amount, frozenset({MINE}), minutes=15, **details)


def said(words: list[str]) -> str:
    return " ".join(words).replace("\N{NO-BREAK SPACE}", " ")


def test_times_kept_are_counted_by_part_of_the_day() -> None:
    done = quota_effect(agenda(), keep(2), Ask(15, OTHER), MONDAY)
    # Easter Monday is one of these eight.
    assert done.kept == {MORNING: 14, AFTERNOON: 14}
    assert done.hidden == {}
    assert said(quota_effect_words(done, MONDAY)) == (
        "Ce quota garde 28 créneaux de 15 min d’ici 8 semaines : 14 le matin, 14 l’après-midi. "
        "Il ne cache encore rien aux autres motifs."
    )
    morning = quota_effect(agenda(), keep(2, part="morning"), Ask(15, OTHER), MONDAY)
    assert morning.kept == {MORNING: 14}


def test_a_visit_of_the_quota_is_one_time_less_to_keep_and_a_full_morning_hides_the_rest() -> None:
    full = agenda(visit("09:00", "11:30"), visit("14:00", "14:15", MINE))
    done = quota_effect(full, keep(2), Ask(15, OTHER), MONDAY)
    # That Monday, the two times left in the morning are the two kept; one is kept after lunch.
    assert done.kept == {MORNING: 14, AFTERNOON: 13}
    assert done.hidden == {MORNING: 2}
    assert "Il cache aux autres motifs 2 créneaux de 15 min libres aujourd’hui : 2 le matin." in (
        said(quota_effect_words(done, MONDAY))
    )
    fuller = quota_effect(agenda(visit("09:00", "11:45")), keep(2), Ask(15, OTHER), MONDAY)
    assert fuller.past_it == 1
    assert "1 demi-journée n’a déjà plus le temps libre qu’il garde." in (
        said(quota_effect_words(fuller, MONDAY))
    )


def test_times_released_already_are_not_kept() -> None:
    now = at(MONDAY, "08:00")
    done = quota_effect(agenda(), keep(1, release="day"), Ask(15, OTHER, at=now), MONDAY)
    assert done.kept == {MORNING: 6, AFTERNOON: 6}


def test_at_most_so_many_hides_what_is_left_once_they_are_given() -> None:
    most = Quota("most", 1, frozenset({MINE}), part="half")
    full = agenda(visit("09:00", "09:15", MINE), visit("14:00", "14:15", MINE),
                  visit("14:15", "14:30", MINE))  # fmt: skip
    done = quota_effect(full, most, Ask(15, MINE), MONDAY)
    assert done.hidden == {MORNING: 11, AFTERNOON: 6}
    assert done.past_it == 1
    assert said(quota_effect_words(done, MONDAY)) == (
        "Ce quota cache 17 créneaux de 15 min d’ici 8 semaines : 11 le matin, 6 l’après-midi. "
        "1 demi-journée le dépasse déjà."
    )


def test_the_end_of_a_quota_gives_its_times_back() -> None:
    full = agenda(visit("09:00", "11:30"))
    done = quota_effect(full, keep(2), Ask(15, OTHER), MONDAY, ends=True)
    assert done.freed == {MORNING: 2}
    assert said(quota_effect_words(done, MONDAY, ends=True)) == (
        "Cet arrêt rend à tous 28 créneaux de 15 min gardés d’ici 8 semaines : 14 le matin, "
        "14 l’après-midi. Il ouvre 2 créneaux de 15 min qui étaient cachés : 2 le matin."
    )
    later = quota_effect_words(done, MONDAY - timedelta(1), ends=True)
    assert "qui suivent le lundi 8 mars" in said(later)


def test_a_change_says_what_it_keeps_hides_and_gives_back() -> None:
    full = agenda(visit("09:00", "11:30"))
    more = quota_change(full, keep(1), keep(2, part="morning"), Ask(15, OTHER), MONDAY)
    assert (more.kept, more.hidden, more.freed) == ({MORNING: 14}, {MORNING: 2}, {})
    assert said(quota_change_words(more, 14, MONDAY)) == (
        "Ce quota gardera 14 créneaux de 15 min d’ici 8 semaines, comme aujourd’hui : 14 le matin. "
        "Il cache 2 créneaux de 15 min de plus : 2 le matin."
    )
    less = quota_change(full, keep(2), keep(1), Ask(15, OTHER), MONDAY)
    assert (less.kept, less.hidden, less.freed) == ({MORNING: 7, AFTERNOON: 7}, {}, {MORNING: 2})
    assert "au lieu de 28 : 7 le matin, 7 l’après-midi. Il rend 2 créneaux de 15 min" in (
        said(quota_change_words(less, 28, MONDAY))
    )
    never, once = (Quota("most", amount, frozenset({MINE}), part="half") for amount in (0, 1))
    none = quota_change(agenda(), never, once, Ask(15, MINE), MONDAY)
    assert said(quota_change_words(none, 0, MONDAY)).startswith("Il rend ")
    same = Quota("most", 9, frozenset({MINE}), part="half")
    kept = quota_change(agenda(), same, same, Ask(15, MINE), MONDAY)
    assert "n’ouvre ni ne cache aucun créneau" in said(quota_change_words(kept, 0, MONDAY))


@pytest.fixture
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def read(client: Client, path: str, **query: Any) -> str:
    answer = client.get(URL + path, query)
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.usefixtures("nine_o_clock")
def test_the_form_tells_what_a_quota_would_keep_and_writes_nothing(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(9, 0, TODAY + timedelta(days=1)), minutes=150)
    client, path = at_desk(alice), f"agendas/{tilleuls.agendas['Lefèvre'].pk}/quotas/effect/"
    form = {
        "kind": "keep", "amount": "2", "minutes": "15", "part": "morning", "release": "never",
        "reasons": str(tilleuls.reasons["Urgence"].pk), "from_date": "2026-11-24",
    }  # fmt: skip
    assert read(client, path, kind="keep").strip() == ""
    lines = Entry.objects.count()
    text = read(client, path, **form)
    # Forty mornings, but two public holidays: Christmas and New Year's Day.
    assert (
        "Ce quota garde 76 créneaux de 15 min dans les 8 semaines qui suivent le mardi 24" in text
    )
    assert "Il cache aux autres motifs 2 créneaux de 15 min libres aujourd’hui : 2 le matin" in text
    assert "Gardez de 1 à 50 créneaux" in read(client, path, **(form | {"amount": "0"}))
    assert Entry.objects.count() == lines
    assert not Row.objects.exists()


@pytest.mark.usefixtures("nine_o_clock")
def test_stopping_a_quota_tells_what_it_gives_back(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    quota = set_quota(
        agenda=tilleuls.agenda("Lefèvre"), kind="most", amount=0, part="day",
        reasons=[tilleuls.reasons["Consultation"]], from_date=date(2026, 11, 1), by=alice, at=NOW,
    )  # fmt: skip
    text = read(at_desk(alice), f"quotas/{quota.pk}/end/effect/", last_day="2026-11-24")
    assert "qui étaient cachés" in text
    assert "le matin" in text
    before = read(at_desk(alice), f"quotas/{quota.pk}/end/effect/", last_day="")
    assert before.strip() == ""


@pytest.mark.usefixtures("nine_o_clock")
def test_a_quota_is_changed_in_place_and_keeps_its_author(
    tilleuls: House, alice: Staff, keller: Staff, at_desk: Desk
) -> None:
    urgent, usual = tilleuls.reasons["Urgence"], tilleuls.reasons["Consultation"]
    quota = set_quota(
        agenda=tilleuls.agenda("Lefèvre"), kind="keep", amount=2, minutes=15, part="morning",
        weekdays=0b11, reasons=[urgent], from_date=date(2026, 11, 1), by=alice, at=NOW,
    )  # fmt: skip
    desk = at_desk(keller)
    shown = read(desk, f"quotas/{quota.pk}/")
    assert "Le matin les lundi et mardi" in shown or "2 créneaux de 15 min" in shown
    form = {
        "kind": "most", "amount": "3", "minutes": "10", "part": "day", "release": "notice",
        "release_hours": "48", "reasons": [urgent.pk, usual.pk], "from_date": "2026-11-01",
        "weekdays": ["4"],
    }  # fmt: skip
    lines = Entry.objects.count()
    text = read(desk, f"quotas/{quota.pk}/effect/", **form)
    assert "Ce quota gardera" in text and "de 10 min" in text and "au lieu de" in text
    assert "Gardez de 1 à 50 créneaux" in read(
        desk, f"quotas/{quota.pk}/effect/", **(form | {"amount": "0"})
    )
    assert Entry.objects.count() == lines
    assert desk.post(f"{URL}quotas/{quota.pk}/", form, headers=HTMX).status_code == 204
    quota.refresh_from_db()
    assert (quota.kind, quota.amount, quota.minutes, quota.weekdays) == ("keep", 3, 10, 0b10000)
    assert (quota.release, quota.release_hours) == ("notice", 48)
    assert (quota.author, quota.created_at, quota.changed_by) == (alice, NOW, keller)
    assert {one.reason_id for one in quota.reasons.all()} == {urgent.pk, usual.pk}
    listed = read(desk, f"quotas/?agenda={tilleuls.agendas['Lefèvre'].pk}")
    assert "fixé par Alice" in listed and "modifié par" in listed
    assert Entry.objects.filter(verb="agenda.change_quota").count() == 1
    refused = desk.post(f"{URL}quotas/{quota.pk}/", form | {"amount": "0"}, headers=HTMX)
    assert refused.status_code == 400
