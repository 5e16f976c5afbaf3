"""Before a visit reason is changed: which times it hides or frees, whom it leaves outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from secretariat.agenda.actions.reasons import set_needs
from secretariat.agenda.actions.resources import add_resource
from secretariat.agenda.models import OfferedReason, ReasonNeed, VisitReason
from secretariat.agenda.reason_effect import (
    ReasonEffect,
    Times,
    changed_agendas,
    reason_effect_words,
)
from secretariat.agenda.tests.desk_forms import HTMX
from secretariat.agenda.tests.waiting_scene import given, person
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, TODAY, House

Paris = Callable[..., datetime]
Desk = Callable[[Staff], Client]


def said(before: dict[str, Times], after: dict[str, Times]) -> str:
    words = reason_effect_words(ReasonEffect(before, after))
    return " ".join(words).replace("\N{NO-BREAK SPACE}", " ")


def test_what_changes_is_said_in_one_sentence() -> None:
    one = {"Dr A": Times(15, 40, by_link=40)}
    assert said(one, one) == "Ce changement n’ouvre ni ne cache aucun créneau d’ici 8 semaines."
    assert said(one, {"Dr A": Times(15, 30, by_link=30)}) == (
        "Ce changement cache 10 créneaux de 15 min d’ici 8 semaines : il en reste 30."
    )
    assert said(one, {"Dr A": Times(20, 30, by_link=30)}) == (
        "30 créneaux de 20 min à donner d’ici 8 semaines, au lieu de 40 créneaux de 15 min."
    )
    assert said(one, {}) == (
        "Plus aucun créneau ne pourra être donné d’ici 8 semaines, au lieu de 40."
    )
    assert "Par un lien, un patient peut en choisir 4, au lieu de 40." in (
        said(one, {"Dr A": Times(15, 40, by_link=4)})
    )
    assert "Pour une première fois : 20 créneaux de 30 min au lieu de 40 créneaux de 15 min." in (
        said(one, {"Dr A": Times(15, 40, 30, 20, by_link=40)})
    )


def test_each_agenda_where_something_changes_has_its_line() -> None:
    done = ReasonEffect(
        {"Dr A": Times(15, 40), "Dr B": Times(15, 9), "Dr C": Times(15, 3)},
        {"Dr A": Times(15, 30), "Dr B": Times(15, 9), "Dr D": Times(15, 7)},
    )
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in changed_agendas(done)]
    assert lines == [
        "Dr A : 40, puis 30", "Dr C : 3, ne sera plus proposé",
        "Dr D : 7, n’était pas proposé",
    ]  # fmt: skip


@pytest.fixture
def nine_o_clock() -> Iterator[None]:
    """It is Monday, nine in the morning."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def form(tilleuls: House) -> dict[str, Any]:
    """The sheet of « Consultation » as it is."""
    offered = {f"offered_{one.pk}": "on" for one in tilleuls.agendas.values()}
    usual = {"name": "Consultation", "minutes": 15, "kind": "follow_up", "colour": 1}
    return offered | usual | {"active": "on", "bookable_by_remote": "on"}


def read(client: Client, house: House, form: dict[str, Any]) -> str:
    url = f"/agenda/settings/reasons/{house.reasons['Consultation'].pk}/effect/"
    answer = client.get(url, form)
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.usefixtures("nine_o_clock")
class TestTheSheet:
    """What it tells while it is typed; nothing is written."""

    def test_a_longer_visit_has_fewer_times(
        self, tilleuls: House, alice: Staff, at_desk: Desk, form: dict[str, Any]
    ) -> None:
        desk = at_desk(alice)
        lines = Entry.objects.count()
        assert "n’ouvre ni ne cache aucun créneau" in read(desk, tilleuls, form)
        text = read(desk, tilleuls, form | {"minutes": 30})
        assert "créneaux de 30 min à donner d’ici 8 semaines, au lieu de" in text
        assert "Aucun rendez-vous donné n’est touché." in text
        assert VisitReason.objects.get(name="Consultation").minutes == 15
        assert Entry.objects.count() == lines

    def test_visits_of_an_agenda_that_gives_it_no_more_are_named(
        self, tilleuls: House, alice: Staff, at_desk: Desk, form: dict[str, Any], paris: Paris
    ) -> None:
        given(tilleuls, person(tilleuls, "ARNAUD"), paris(9, 0, TODAY + timedelta(days=1)))
        del form[f"offered_{tilleuls.agendas['Lefèvre'].pk}"]
        text = read(at_desk(alice), tilleuls, form)
        assert "1 rendez-vous donné se trouverait hors des règles" in text
        assert "ARNAUD" in text
        assert "Dr Lefèvre" in text and "ne sera plus proposé" in text
        assert OfferedReason.objects.filter(agenda=tilleuls.agendas["Lefèvre"]).exists()

    def test_a_room_that_it_would_need_hides_times_and_leaves_visits_outside(
        self, tilleuls: House, alice: Staff, at_desk: Desk, form: dict[str, Any], paris: Paris
    ) -> None:
        given(tilleuls, person(tilleuls, "ARNAUD"), paris(9, 0, TODAY + timedelta(days=1)))
        room = add_resource(site=tilleuls.site, name="Salle 2", by=alice, at=NOW)
        set_needs(reason=tilleuls.reasons["Urgence"], needs=[[room]], by=alice, at=NOW)
        text = read(at_desk(alice), tilleuls, form | {"need_1": room.pk})
        assert "ARNAUD" in text
        twice = read(at_desk(alice), tilleuls, form | {"need_1": room.pk, "need_2": room.pk})
        assert "est coché deux fois" in twice
        assert ReasonNeed.objects.count() == 1

    def test_patients_of_another_age_are_named(
        self, tilleuls: House, alice: Staff, at_desk: Desk, form: dict[str, Any], paris: Paris
    ) -> None:
        given(tilleuls, person(tilleuls, "ARNAUD"), paris(9, 0, TODAY + timedelta(days=1)))
        assert "ARNAUD" not in read(at_desk(alice), tilleuls, form | {"age_to": 46})
        text = read(at_desk(alice), tilleuls, form | {"age_to": 45})
        assert "1 rendez-vous donné l’est à un patient d’un autre âge" in text
        assert "ARNAUD" in text
        refused = read(at_desk(alice), tilleuls, form | {"age_from": 40, "age_to": 30})
        assert "L’âge le plus haut est sous l’âge le plus bas" in refused

    def test_a_delay_for_patients_hides_times_behind_their_link(
        self, tilleuls: House, alice: Staff, at_desk: Desk, form: dict[str, Any]
    ) -> None:
        text = read(at_desk(alice), tilleuls, form | {"patient_notice_hours": 240})
        assert "Par un lien, un patient peut en choisir" in text

    def test_a_form_that_is_not_whole_says_nothing(
        self, tilleuls: House, alice: Staff, at_desk: Desk, form: dict[str, Any]
    ) -> None:
        assert read(at_desk(alice), tilleuls, form | {"minutes": ""}).strip() == ""
        sheet = at_desk(alice).get(
            f"/agenda/settings/reasons/{tilleuls.reasons['Consultation'].pk}/", headers=HTMX
        )
        assert "/effect/" in sheet.content.decode()
