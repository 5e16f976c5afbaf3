"""Rules change: the visits they leave outside are told, listed, and replanned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions import openings, reasons
from secretariat.agenda.actions import replanning as ours
from secretariat.agenda.models import Appointment, OpeningRule, Replan, Resource
from secretariat.agenda.queries import replan_facts
from secretariat.agenda.queries.outside import outside
from secretariat.agenda.tests.desk_forms import HTMX, book, events
from secretariat.patients.actions import register
from secretariat.practice.models import Staff
from tests.cast import NOW, TODAY, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
TUESDAY = TODAY + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("nine_o_clock")


@pytest.fixture
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def given(tilleuls: House, alice: Staff, paris: Moment) -> Callable[..., Appointment]:
    """A consultation of someone, at Dr Lefèvre's unless said otherwise."""
    known: list[Appointment] = []

    def give(hour: int, minute: int = 0, *, weeks: int = 0, **how: Any) -> Appointment:
        patient = register(
            practice=tilleuls.practice, by=alice, at=NOW,
            birth_name=f"Arnaud{'abcdef'[len(known)]}",
            given_names="Anne", birth_date=TODAY.replace(year=1950 + len(known)), sex="F",
        )  # fmt: skip
        day = TUESDAY + timedelta(weeks=weeks)
        known.append(
            book(tilleuls, alice, paris(hour, minute, day), patient=patient, title="", **how)
        )
        return known[-1]

    return give


def morning(house: House) -> OpeningRule:
    """Tuesday from nine to noon."""
    return OpeningRule.objects.get(agenda=house.agendas["Lefèvre"], weekday=1, starts=time(9))


def stop(client: Client, rule: OpeningRule) -> dict[str, Any]:
    url = f"/agenda/settings/openings/{rule.pk}/end/"
    return events(client.post(url, {"last_day": "2026-11-23"}, headers=HTMX))


def test_hours_stopped_open_the_list_of_the_visits_left_and_their_draft(
    tilleuls: House, given: Callable[..., Appointment], alice: Staff, at_desk: Desk
) -> None:
    hit = [given(10), given(11, weeks=1)]
    given(15)
    told = stop(at_desk(alice), morning(tilleuls))
    assert "2 rendez-vous se trouvent hors des règles" in told["notice"]["text"]
    url = told["openSheet"]["url"]
    assert url == f"/agenda/settings/outside/?visits={hit[0].pk},{hit[1].pk}"
    client = at_desk(alice)
    shown = unescape(client.get(url).content.decode())
    assert "Replanifier ces 2 visites" in shown
    form = {"visits": f"{hit[0].pk},{hit[1].pk}"}
    answer = client.post("/agenda/outside/replan/", form, headers=HTMX)
    draft = Replan.objects.get()
    assert answer.headers["HX-Redirect"] == f"/agenda/replans/{draft.pk}/"
    assert "les règles ont changé" in unescape(
        client.get(f"/agenda/replans/{draft.pk}/").content.decode()
    )
    lines = replan_facts.lines_of(draft)
    assert [one.appointment_id for one in lines] == [one.pk for one in hit]
    # Each looks from its own day on: the second does not come three weeks early.
    assert [one.starts_at.date() - one.was_at.date() for one in lines if one.starts_at] == [
        timedelta(0), timedelta(0)
    ]  # fmt: skip
    client.post("/agenda/outside/replan/", form, headers=HTMX)
    assert Replan.objects.get() == draft
    assert ours.approve(replan=draft, by=alice, at=NOW).written
    assert "Aucun rendez-vous n’est hors des règles" in unescape(client.get(url).content.decode())
    assert client.post("/agenda/outside/replan/", form, headers=HTMX).status_code == 409


def test_who_stands_there_knowingly_is_not_counted(
    tilleuls: House, given: Callable[..., Appointment], alice: Staff, at_desk: Desk
) -> None:
    given(10)
    given(10, squeeze=True)
    given(12, 30, force=True)
    told = stop(at_desk(alice), morning(tilleuls))
    assert "1 rendez-vous se trouve hors des règles" in told["notice"]["text"]


def test_what_was_outside_before_is_not_blamed_on_the_change(
    tilleuls: House, given: Callable[..., Appointment], alice: Staff, at_desk: Desk
) -> None:
    given(10)
    morning(tilleuls).delete()
    afternoon = OpeningRule.objects.get(agenda=tilleuls.agendas["Lefèvre"], weekday=1)
    told = stop(at_desk(alice), afternoon)
    assert "hors des règles" not in told["notice"]["text"]
    assert "openSheet" not in told


def test_an_exceptional_opening_removed_is_previewed_and_told(
    tilleuls: House, given: Callable[..., Appointment], alice: Staff, at_desk: Desk
) -> None:
    noon = openings.add_exception(
        agenda=tilleuls.agenda("Lefèvre"), date=TUESDAY, kind="open", starts=time(12),
        ends=time(13), by=alice, at=NOW,
    )  # fmt: skip
    given(12, 15)
    client, url = at_desk(alice), f"/agenda/settings/exceptions/{noon.pk}/removal/"
    preview = unescape(client.get(f"{url}effect/").content.decode())
    assert "ferme 4 créneaux" in preview
    assert "1 rendez-vous donné se trouverait hors des heures" in preview
    told = events(client.post(url, headers=HTMX))
    assert "1 rendez-vous se trouve hors des règles" in told["notice"]["text"]


def reason_form(house: House, **changes: Any) -> dict[str, Any]:
    form: dict[str, Any] = {
        "name": "Consultation", "minutes": 15, "kind": "follow_up", "mode": "on_site",
        "active": "on", "colour": 1, "minutes_before": 0, "minutes_after": 0, "more_minutes": 0,
    }  # fmt: skip
    form |= {f"offered_{agenda.pk}": "on" for agenda in house.agendas.values()}
    return {key: value for key, value in (form | changes).items() if value is not None}


def test_a_reason_no_longer_offered_sends_its_visits_to_who_offers_it(
    tilleuls: House, given: Callable[..., Appointment], alice: Staff, at_desk: Desk
) -> None:
    hit = given(10)
    reason = tilleuls.reasons["Consultation"]
    form = reason_form(tilleuls, **{f"offered_{tilleuls.agendas['Lefèvre'].pk}": None})
    answer = at_desk(alice).post(f"/agenda/settings/reasons/{reason.pk}/", form, headers=HTMX)
    assert answer.status_code == 204, answer.content.decode()
    told = events(answer)
    assert told["openSheet"]["url"].endswith(f"?visits={hit.pk}")
    draft = ours.replan_visits(visits=[hit], by=alice, at=NOW)
    # Dr Moreau offers it, but is of another speciality: the secretary chooses.
    assert [one.starts_at for one in replan_facts.lines_of(draft)] == [None]


def test_a_reason_that_now_needs_a_room_leaves_out_visits_without_it_who_keep_their_hour(
    tilleuls: House, given: Callable[..., Appointment], alice: Staff
) -> None:
    hit = given(10)
    agendas = [tilleuls.agenda("Lefèvre")]
    assert outside(agendas, NOW) == set()
    room = Resource.objects.create(practice=tilleuls.practice, site=tilleuls.site, name="Salle 2")
    reasons.set_needs(reason=tilleuls.reasons["Consultation"], needs=[[room]], by=alice, at=NOW)
    assert outside(agendas, NOW) == {hit.pk}
    draft = ours.replan_visits(visits=[hit], by=alice, at=NOW)
    assert [one.why for one in replan_facts.lines_of(draft)] == ["garde son heure"]
    assert ours.approve(replan=draft, by=alice, at=NOW).written
    assert outside(agendas, NOW) == set()
    assert [use.resource for use in hit.resources_used.all()] == [room]
