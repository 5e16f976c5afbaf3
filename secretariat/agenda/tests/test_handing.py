"""Documents handed over at the desk are noted, once, and can be un-noted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from secretariat.agenda.models import Appointment
from secretariat.agenda.tests.desk_forms import HTMX, undo_of
from secretariat.agenda.tests.test_documents import OTHER, kept
from secretariat.agenda.tests.waiting_scene import given, person
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import TODAY, House

Desk = Callable[[Staff], Client]


@pytest.fixture
def visit(tilleuls: House, paris: Callable[..., datetime]) -> Appointment:
    """Of a patient who comes tomorrow."""
    return given(tilleuls, person(tilleuls, "ARNAUD"), paris(9, 0, TODAY + timedelta(days=1)))


def shown(desk: Client, visit: Appointment) -> str:
    return unescape(desk.get(f"/agenda/appointments/{visit.pk}/").content.decode())


def deeds() -> list[str]:
    found = Entry.objects.filter(verb__endswith="_documents").order_by("number")
    return list(found.values_list("verb", flat=True))


def test_what_was_handed_over_is_in_the_visits_story_and_asked_no_more(
    tilleuls: House, alice: Staff, keller: Staff, at_desk: Desk, visit: Appointment
) -> None:
    desk, url = at_desk(alice), f"/agenda/appointments/{visit.pk}/documents/"
    kept(tilleuls, "Préparation")
    assert "Remis en main propre" in shown(desk, visit)
    answer = desk.post(url, headers=HTMX)
    assert answer.status_code == 204
    text = shown(desk, visit)
    assert "Remis en main propre : Préparation" in text  # the story
    assert "par Alice" in text
    assert f'"{url}"' not in text  # nothing left to hand
    desk.post(url, headers=HTMX)
    assert deeds() == ["agenda.hand_documents"]
    kept(tilleuls, "Lunettes", OTHER)
    assert f'"{url}"' in shown(desk, visit)
    at_desk(keller).post(url, headers=HTMX)
    assert Entry.objects.order_by("number").last().patient_id == visit.patient_id  # type: ignore[union-attr]
    assert "Remis en main propre : Lunettes" in shown(desk, visit)
    assert desk.post(undo_of(answer), headers=HTMX).status_code == 204
    text = shown(desk, visit)
    assert "Remise des documents notée par erreur" in text
    assert "Remis en main propre, les 2" in text
    desk.post(undo_of(answer), headers=HTMX)
    assert deeds()[-1] == "agenda.take_back_documents" and len(deeds()) == 3


def test_a_visit_without_documents_has_nothing_to_hand(
    alice: Staff, at_desk: Desk, visit: Appointment
) -> None:
    desk = at_desk(alice)
    assert "main propre" not in shown(desk, visit)
    desk.post(f"/agenda/appointments/{visit.pk}/documents/", headers=HTMX)
    assert deeds() == []
