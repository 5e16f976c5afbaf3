"""Chains of reasons, and the order of proposals."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from secretariat.agenda.actions import protocols
from secretariat.agenda.actions.protocols import Step
from secretariat.agenda.actions.ranking import set_ranking
from secretariat.agenda.models import Protocol, Ranking
from secretariat.agenda.tests.desk_forms import HTMX
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Desk = Callable[[Staff], Client]
URL = "/agenda/settings/protocols/"


def chain(house: House, by: Staff, name: str = "ECG puis médecin") -> Protocol:
    first, then = house.reasons["Urgence"], house.reasons["Consultation"]
    return protocols.add_protocol(name=name, steps=[Step(first), Step(then, 0, 20)], by=by, at=NOW)


def test_reasons_follow_each_other(tilleuls: House, alice: Staff) -> None:
    one = chain(tilleuls, alice, "  ECG puis   médecin ")
    assert one.name == "ECG puis médecin"
    found = one.steps.order_by("position").values_list("reason__name", "wait_from", "wait_to")
    assert list(found) == [("Urgence", 0, 30), ("Consultation", 0, 20)]
    with pytest.raises(protocols.ProtocolExists, match="existe déjà"):
        chain(tilleuls, alice)
    steps = [Step(tilleuls.reasons[name], 5, 10) for name in ("Consultation", "Urgence")]
    changed = protocols.change_protocol(
        protocol=one, name="Inverse", steps=steps, active=False, by=alice, at=NOW
    )
    assert (changed.name, changed.active, changed.steps.count()) == ("Inverse", False, 2)
    assert Entry.objects.latest("number").verb == "agenda.change_protocol"


def test_a_chain_that_cannot_be_followed_is_refused(tilleuls: House, alice: Staff) -> None:
    step = Step(tilleuls.reasons["Consultation"])
    for name, steps in (
        ("Seule", [step]), ("Longue", [step] * 7), (" ", [step, step]),
        ("Inverse", [step, step._replace(wait_from=20, wait_to=10)]),
        ("Toute la nuit", [step, step._replace(wait_to=481)]),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            protocols.add_protocol(name=name, steps=steps, by=alice, at=NOW)
    assert not Protocol.objects.exists()


def test_a_chain_is_written_on_the_screen(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    client = at_desk(alice)
    assert "Aucun enchaînement." in client.get(URL).content.decode()
    first, then = tilleuls.reasons["Urgence"].pk, tilleuls.reasons["Consultation"].pk
    form = {"name": "Assistante puis médecin", "reason_1": first, "reason_2": then, "to_2": "0"}
    assert client.post(f"{URL}new/", form, headers=HTMX).status_code == 204
    read = unescape(client.get(URL).content.decode())
    assert "Urgence, puis Consultation aussitôt après" in read
    one = Protocol.objects.get()
    assert "Étape 6" in client.get(f"{URL}{one.pk}/").content.decode()
    client.post(
        f"{URL}{one.pk}/", form | {"reason_3": first, "from_3": "10", "to_3": "20"}, headers=HTMX
    )
    read = unescape(client.get(URL, {"part": "list"}).content.decode())
    assert "puis Urgence 10 à 20 min après" in read
    assert "plus proposé" in read


def test_the_order_of_proposals_is_chosen(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    client = at_desk(alice)
    assert "ordre d’origine" in unescape(client.get(URL).content.decode())
    form = {"earliest": "9", "usual": "3", "compact": "0", "balance": "1"}
    assert client.post("/agenda/settings/ranking/", form, headers=HTMX).status_code == 204
    client.post("/agenda/settings/ranking/", form | {"usual": "4"}, headers=HTMX)
    chosen = Ranking.objects.get()
    assert (chosen.earliest, chosen.usual, chosen.author) == (9, 4, alice)
    assert "fixé par Alice" in client.get(URL).content.decode()


def test_weights_that_order_nothing_are_refused(tilleuls: House, alice: Staff, zoe: Staff) -> None:
    with pytest.raises(BadInput, match="de 0"):
        set_ranking(earliest=11, usual=0, compact=0, balance=0, by=alice, at=NOW)
    with pytest.raises(BadInput, match="Au moins un"):
        set_ranking(earliest=0, usual=0, compact=0, balance=0, by=alice, at=NOW)
    with pytest.raises(NotAllowed):
        set_ranking(earliest=1, usual=0, compact=0, balance=0, by=zoe, at=NOW)
    with pytest.raises(NotAllowed):
        chain(tilleuls, zoe)
