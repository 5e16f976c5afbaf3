"""A locum holds an agenda for some days, within limits of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions import absences, replacements
from secretariat.agenda.models import Absence, Replacement
from secretariat.agenda.tests.desk_forms import HTMX, book, events
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice.models import Practitioner, Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, TODAY, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
URL = "/agenda/settings/replacements/"
FRIDAY = date(2026, 11, 27)


@pytest.fixture(autouse=True)
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


def stand_in(house: House, by: Staff, **how: Any) -> replacements.StandIn:
    wanted: dict[str, Any] = {
        "agenda": house.agenda("Lefèvre"), "practitioner": house.practitioners["Moreau"],
        "from_date": TODAY, "to_date": FRIDAY, "by": by, "at": NOW,
    } | how  # fmt: skip
    return replacements.replace(**wanted)


def test_a_locum_leaves_reasons_to_the_holder(tilleuls: House, alice: Staff, paris: Moment) -> None:
    visit = book(tilleuls, alice, paris(10), title="M. Pivoine")
    left = [tilleuls.reasons["Urgence"], visit.reason]
    noted, hit = stand_in(tilleuls, alice, not_taken=left, most_per_half_day=8)
    assert hit == [visit]
    assert {limit.reason for limit in noted.limits.all()} == set(left)
    assert Entry.objects.latest("number").verb == "agenda.replace"


@pytest.mark.parametrize(
    "facts",
    [{"to_date": date(2026, 11, 1)}, {"to_date": date(2028, 1, 1)}, {"most_per_half_day": 0}],
)
def test_impossible_replacements_are_refused(
    tilleuls: House, alice: Staff, facts: dict[str, Any]
) -> None:
    with pytest.raises(BadInput):
        stand_in(tilleuls, alice, **facts)


def test_nobody_replaces_themselves_nor_twice(tilleuls: House, alice: Staff) -> None:
    with pytest.raises(BadInput, match="Dr Lefèvre ne peut pas se remplacer"):
        stand_in(tilleuls, alice, practitioner=tilleuls.practitioners["Lefèvre"])
    first, _ = stand_in(tilleuls, alice)
    with pytest.raises(replacements.AnotherLocum, match="Dr Moreau remplace déjà Dr Lefèvre du 23"):
        stand_in(tilleuls, alice, from_date=FRIDAY, to_date=FRIDAY)
    replacements.end_replacement(replacement=first, last_day=TODAY, by=alice, at=NOW)
    stand_in(tilleuls, alice, from_date=FRIDAY)


def test_one_who_has_not_begun_does_not_come(tilleuls: House, alice: Staff) -> None:
    noted, _ = stand_in(tilleuls, alice, from_date=FRIDAY)
    ended = replacements.end_replacement(replacement=noted, last_day=TODAY, by=alice, at=NOW)
    assert (ended.cancelled_by, ended.to_date) == (alice, FRIDAY)
    again = replacements.end_replacement(replacement=noted, last_day=TODAY, by=alice, at=NOW)
    assert again.cancelled_at == NOW
    assert Entry.objects.filter(verb="agenda.end_replacement").count() == 1


def test_the_locum_may_be_away_too(tilleuls: House, alice: Staff, paris: Moment) -> None:
    agenda = tilleuls.agenda("Lefèvre")
    hours = {"starts_at": paris(9), "ends_at": paris(12), "by": alice, "at": NOW}
    with pytest.raises(absences.NoLocum, match="Personne ne remplace Dr Lefèvre"):
        absences.absent(agenda=agenda, of_locum=True, **hours)  # type: ignore[arg-type]
    stand_in(tilleuls, alice)
    absences.absent(agenda=agenda, **hours)  # type: ignore[arg-type]
    absences.absent(agenda=agenda, of_locum=True, **hours)  # type: ignore[arg-type]
    with pytest.raises(absences.AlreadyAway):
        absences.absent(agenda=agenda, of_locum=True, **hours)  # type: ignore[arg-type]
    assert Absence.objects.filter(of_locum=True).count() == 1


def test_the_remote_secretary_notes_no_replacement(tilleuls: House, zoe: Staff) -> None:
    with pytest.raises(NotAllowed):
        stand_in(tilleuls, zoe)


def test_a_locum_who_never_came_is_noted_with_their_name(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    read = unescape(client.get(URL).content.decode())
    assert "Aucun remplacement en cours" in read
    form = {
        "agenda": str(tilleuls.agendas["Lefèvre"].pk), "family_name": "Roitelet",
        "from_date": "2026-11-23", "to_date": "2026-11-27", "most_per_half_day": "8",
        "not_taken": [str(tilleuls.reasons["Première consultation"].pk)],
    }  # fmt: skip
    answer = client.post(f"{URL}new/", form, headers=HTMX)
    assert events(answer)["notice"]["text"] == "Remplacement noté."
    locum = Practitioner.objects.get(family_name="Roitelet")
    assert locum.speciality == "Médecine générale"
    read = unescape(client.get(URL, {"part": "list"}).content.decode())
    assert "Dr Roitelet remplace Dr Lefèvre du lundi 23 novembre 2026 au vendredi 27" in read
    assert "ne prend pas : Première consultation" in read
    assert "au plus 8 rendez-vous par demi-journée" in read
    hours = unescape(client.get("/agenda/settings/").content.decode())
    assert "C’est le remplaçant qui s’absente" in hours
    noted = Replacement.objects.get()
    urgent = tilleuls.reasons["Urgence"]
    answer = client.post(f"{URL}{noted.pk}/limits/", {"not_taken": [urgent.pk]}, headers=HTMX)
    assert events(answer)["notice"]["text"] == "Limites du remplaçant changées."
    read = unescape(client.get(URL, {"part": "list"}).content.decode())
    assert "ne prend pas : Urgence" in read
    assert "par demi-journée<" not in read
    client.post(f"{URL}{noted.pk}/end/", {"last_day": "2026-11-20"}, headers=HTMX)
    noted.refresh_from_db()
    assert noted.cancelled_by == alice


def test_someone_must_be_named_once(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    form = {
        "agenda": str(tilleuls.agendas["Lefèvre"].pk), "from_date": "2026-11-23",
        "to_date": "2026-11-27",
    }  # fmt: skip
    client = at_desk(alice)
    answer = client.post(f"{URL}new/", form, headers=HTMX)
    assert "Choisissez le remplaçant, ou écrivez son nom" in unescape(answer.content.decode())
    both = form | {"practitioner": str(tilleuls.practitioners["Moreau"].pk), "family_name": "Roy"}
    assert client.post(f"{URL}new/", both, headers=HTMX).status_code == 400
    assert not Replacement.objects.exists()
