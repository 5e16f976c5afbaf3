"""An absence of several weeks, and what is said of patients once a replan was taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions import book
from secretariat.agenda.actions import replanning as ours
from secretariat.agenda.models import Replan
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.tests.waiting_scene import person
from secretariat.notices.actions import told
from secretariat.notices.models import Notice
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Paris = Callable[..., datetime]
Desk = Callable[[Staff], Client]
Away = Callable[..., Replan]


@pytest.fixture
def away(tilleuls: House, alice: Staff, paris: Paris) -> Away:
    """Dr Lefèvre leaves tomorrow for some days: one visit on each of these (0 is tomorrow)."""

    def leave(days: int, *visits: int, until: date | None = None) -> Replan:
        agenda, first = tilleuls.agenda("Lefèvre"), TODAY + timedelta(days=1)
        for number, name in zip(visits, ("ARNAUD", "BERGER", "CARON"), strict=False):
            book(
                agenda=agenda, patient=person(tilleuls, name, mobile="0639980001"),
                reason=tilleuls.reasons["Consultation"], by=alice, at=NOW - timedelta(days=9),
                starts_at=paris(10, 0, first + timedelta(days=number)),
            )  # fmt: skip
        period = ours.Period(
            paris(0, 0, first), paris(0, 0, first + timedelta(days=days)), close=True
        )
        return ours.replan(agenda=agenda, period=period, by=alice, at=NOW)

    return leave


def days_after(replan: Replan) -> list[int | None]:
    """How many days after its own each visit is proposed."""
    return [
        (line.starts_at.date() - line.was_at.date()).days if line.starts_at else None
        for line in replan_facts.lines_of(replan)
    ]


def windows(replan: Replan) -> list[tuple[int, int]]:
    """Between which days after its own a time is looked for, for each visit."""
    draft = replan_facts.draft(replan, NOW)
    own = {line.pk: line.was_at.date() for line in draft.lines}
    return [
        ((one.first_day - own[one.id]).days, (one.last_day - own[one.id]).days)
        for one in draft.moving
    ]


def test_each_visit_of_a_long_absence_is_looked_for_around_its_own_day(away: Away) -> None:
    # Four weeks and a half: the last visit has its three weeks, the first until a week after.
    draft = away(31, 0, 29)
    assert windows(draft) == [(0, 37), (0, 20)]
    first, last = days_after(draft)
    # The doctor is back on Christmas Day, a Friday: on Monday the 28th.
    assert (first, last) == (34, 5)


def test_nobody_is_looked_for_more_than_six_weeks_ahead(away: Away) -> None:
    assert windows(away(80, 0, 79)) == [(0, 41), (0, 20)]


def test_where_an_absence_hits_many_three_weeks_from_its_first_day_are_looked_at(
    away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replan_facts, "MANY", 1)
    assert windows(away(31, 0, 9)) == [(0, 20), (0, 11)]


def test_a_day_away_is_looked_at_as_before(away: Away) -> None:
    draft = away(1, 0)
    assert windows(draft) == [(0, 20)]
    assert days_after(draft) == [1]


def test_once_undone_the_list_says_who_had_heard_and_of_the_correction(
    away: Away, alice: Staff, at_desk: Desk
) -> None:
    draft = away(3, 0, 1)
    ours.approve(replan=draft, by=alice, at=NOW)
    heard = Notice.objects.filter(kind="replan.proposed").order_by("pk")[0]
    told(notice=heard, how="phone", by=alice, at=NOW)
    ours.undo(replan=draft, by=alice, at=NOW + timedelta(minutes=5))

    def shown() -> str:
        with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
            answer = at_desk(alice).get(f"/agenda/replans/{draft.pk}/")
        return unescape(answer.content.decode())

    text = shown()
    assert text.count("prévenu, correction à envoyer") == 1
    assert text.count("n’en avait rien su") == 1
    correction = Notice.objects.get(kind="visit.moved", about_id=heard.about_id)
    told(notice=correction, how="phone", by=alice, at=NOW + timedelta(minutes=6))
    text = shown()
    assert "prévenu, puis de la correction" in text
    assert "Prévenu</span>" not in text
    Notice.objects.filter(pk=correction.pk).update(
        state="unreached", told_at=None, told_by=None, told_how="", unreached_at=NOW,
        why="Numéro non attribué.",
    )  # fmt: skip
    assert "correction à dire : non joint" in shown()
