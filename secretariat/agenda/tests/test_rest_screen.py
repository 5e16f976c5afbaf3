"""The rest of visits given together, at the desk: moved, cancelled, put back."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from secretariat.agenda.models import Appointment, VisitGroup
from secretariat.agenda.tests.desk_forms import HTMX, book, undo_of
from secretariat.agenda.tests.test_together_screen import (
    Desk,
    Moment,
    give,
    person,
    rows,
    series,
    shown,
    standing,
    the_morning,
)
from secretariat.practice.models import Staff
from tests.cast import TODAY, House

__all__ = ["the_morning"]  # a fixture


@pytest.fixture
def mondays(tilleuls: House, alice: Staff, at_desk: Desk) -> list[Appointment]:
    """Three Mondays at nine, given together."""
    desk, jeanne = at_desk(alice), person(tilleuls, alice, "Jeanne")
    asked = series(tilleuls, jeanne, day="2026-11-30", weekdays=[0], number=3)
    give(desk, *rows(shown(desk, **asked)), kind="series", label="lundi, 3 fois")
    return standing()


def moving(visit: Appointment, day: str, clock: str = "09:00", **more: Any) -> dict[str, Any]:
    return {"agenda": visit.agenda_id, "day": day, "clock": clock, "version": visit.version} | more


def test_the_rest_is_moved_then_put_back(
    alice: Staff, mondays: list[Appointment], paris: Moment, at_desk: Desk
) -> None:
    desk, url = at_desk(alice), f"/agenda/appointments/{mondays[1].pk}/rest/move/"
    sheet = unescape(desk.get(url, headers=HTMX).content.decode())
    assert "lundi 14 décembre, 09:00" in sheet
    answer = desk.post(url, moving(mondays[1], "2026-12-08", "10:00"), headers=HTMX)
    assert answer.status_code == 204
    days = [date(2026, 12, 8), date(2026, 12, 15)]
    assert [one.starts_at for one in standing()][1:] == [paris(10, day=day) for day in days]
    assert desk.post(undo_of(answer), headers=HTMX).status_code == 204
    assert [one.starts_at for one in standing()] == [one.starts_at for one in mondays]


def test_those_that_can_move_are_asked_for_knowingly(
    tilleuls: House, alice: Staff, mondays: list[Appointment], paris: Moment, at_desk: Desk
) -> None:
    book(tilleuls, alice, paris(9, day=date(2026, 12, 8)))
    desk, url = at_desk(alice), f"/agenda/appointments/{mondays[0].pk}/rest/move/"
    refused = desk.post(url, moving(mondays[0], "2026-12-01"), headers=HTMX)
    said = unescape(refused.content.decode())
    assert refused.status_code == 409
    assert "lundi 7 décembre, 09:00" in said
    assert "Déplacer ceux qui peuvent" in said
    form = moving(mondays[0], "2026-12-01", those_that_can="1")
    assert desk.post(url, form, headers=HTMX).status_code == 204
    moved = [one.starts_at for one in standing() if one.group_id]
    assert moved == [paris(9, day=TODAY + timedelta(days=n)) for n in (8, 14, 22)]


def test_nothing_can_move_and_nothing_is_asked(
    alice: Staff, mondays: list[Appointment], at_desk: Desk
) -> None:
    url = f"/agenda/appointments/{mondays[0].pk}/rest/move/"
    refused = at_desk(alice).post(url, moving(mondays[0], "2026-11-29"), headers=HTMX)
    assert refused.status_code == 409
    assert "Déplacer ceux qui peuvent" not in unescape(refused.content.decode())
    unread = at_desk(alice).post(url, moving(mondays[0], "hier"), headers=HTMX)
    assert unread.status_code == 422


def test_the_rest_is_cancelled_then_given_back(
    alice: Staff, mondays: list[Appointment], at_desk: Desk
) -> None:
    desk = at_desk(alice)
    url = f"/agenda/appointments/{mondays[1].pk}/rest/cancellation/"
    form = {"version": mondays[1].version, "wanted_by": "patient", "why": "guérie"}
    answer = desk.post(url, form, headers=HTMX)
    assert answer.status_code == 204
    assert len(standing()) == 1
    desk.post(undo_of(answer), headers=HTMX)
    assert len(standing()) == 3


def test_an_undo_of_another_group_or_too_late_does_nothing(
    alice: Staff, mondays: list[Appointment], at_desk: Desk
) -> None:
    group = VisitGroup.objects.get()
    refused = at_desk(alice).post(f"/agenda/groups/{group.pk}/undo/x/", headers=HTMX)
    assert refused.status_code == 409
    assert len(standing()) == 3
