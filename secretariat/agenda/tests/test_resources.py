"""Rooms and equipment: declared once, never taken away from visits to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from django.test import Client

from secretariat.agenda.actions import reasons, resources
from secretariat.agenda.actions.placing import OutsideHours
from secretariat.agenda.models import Resource, ResourceUse
from secretariat.agenda.tests.desk_forms import HTMX, book
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice.models import Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Moment = Callable[..., datetime]
Desk = Callable[[Staff], Client]
URL = "/agenda/settings/resources/"


def room(house: House, by: Staff, name: str = "Salle de chirurgie") -> Resource:
    return resources.add_resource(site=house.site, name=name, by=by, at=NOW)


def taken(house: House, by: Staff, one: Resource, starts_at: datetime) -> None:
    visit = book(house, by, starts_at, title="M. Pivoine")
    ResourceUse.objects.create(
        practice=house.practice, appointment=visit, resource=one, starts_at=visit.starts_at,
        ends_at=visit.ends_at,
    )  # fmt: skip


def test_a_room_is_declared_once_a_site(tilleuls: House, alice: Staff) -> None:
    one = room(tilleuls, alice, "  Salle   2 ")
    assert (one.name, one.kind, one.accessible) == ("Salle 2", "room", True)
    assert Entry.objects.latest("number").verb == "agenda.add_resource"
    with pytest.raises(resources.ResourceExists, match="« Salle 2 » existe déjà à Cabinet"):
        room(tilleuls, alice, "Salle 2")
    with pytest.raises(BadInput):
        room(tilleuls, alice, " ")
    laser = resources.change_resource(
        resource=one, name="Laser", kind="equipment", accessible=False, by=alice, at=NOW
    )
    assert (laser.name, laser.kind, laser.accessible) == ("Laser", "equipment", False)


def test_a_room_that_visits_to_come_take_is_not_retired(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    one = room(tilleuls, alice)
    taken(tilleuls, alice, one, paris(10))
    with pytest.raises(resources.ResourceTaken, match="1 rendez-vous à venir"):
        resources.retire(resource=one, by=alice, at=NOW)
    # Once they are over, nothing holds it.
    assert not resources.retire(resource=one, by=alice, at=paris(20)).active
    assert resources.bring_back(resource=one, by=alice, at=paris(20)).active


def test_a_reason_keeps_a_room_it_can_take(tilleuls: House, alice: Staff) -> None:
    one, other = room(tilleuls, alice), room(tilleuls, alice, "Salle 2")
    reason = tilleuls.reasons["Consultation"]
    reasons.set_needs(reason=reason, needs=[[one, other]], by=alice, at=NOW)
    resources.retire(resource=other, by=alice, at=NOW)
    with pytest.raises(resources.ResourceNeeded, match="ne pourrait plus être donné ici : Consul"):
        resources.retire(resource=one, by=alice, at=NOW)


def test_the_list_and_the_sheet_say_what_takes_it(
    tilleuls: House, alice: Staff, paris: Moment, at_desk: Desk
) -> None:
    client = at_desk(alice)
    assert "Aucune salle, aucun matériel." in unescape(client.get(URL).content.decode())
    form = {"name": "Laser", "kind": "equipment", "site": tilleuls.site.pk}
    assert client.post(f"{URL}new/", form, headers=HTMX).status_code == 204
    laser = Resource.objects.get()
    assert not laser.accessible
    taken(tilleuls, alice, laser, paris(10, day=NOW.date().replace(year=2027)))
    assert "M. Pivoine" in client.get(f"{URL}{laser.pk}/").content.decode()
    refused = client.post(f"{URL}{laser.pk}/retirement/", headers=HTMX)
    assert refused.status_code == 409
    assert "déplacez-les d’abord" in unescape(refused.content.decode())
    client.post(f"{URL}{laser.pk}/", form | {"name": "Laser CO₂"}, headers=HTMX)
    assert "Laser CO₂" in client.get(URL, {"part": "list"}).content.decode()


def test_a_reason_whose_only_room_is_retired_is_given_nowhere_until_another_one_will_do(
    tilleuls: House, alice: Staff, paris: Moment
) -> None:
    one = room(tilleuls, alice)
    control = tilleuls.reasons["Consultation"]
    reasons.set_needs(reason=control, needs=[[one]], by=alice, at=NOW)
    Resource.objects.update(active=False)  # while the reason was put away, for instance
    with pytest.raises(OutsideHours, match="une salle ou un matériel que ce site n’a pas"):
        book(tilleuls, alice, paris(10), reason=control)
    other = room(tilleuls, alice, "Salle 3")
    reasons.set_needs(reason=control, needs=[[one, other]], by=alice, at=NOW)
    given = book(tilleuls, alice, paris(10), reason=control)
    assert [use.resource for use in given.resources_used.all()] == [other]


def test_the_remote_secretary_declares_nothing(tilleuls: House, zoe: Staff) -> None:
    with pytest.raises(NotAllowed):
        room(tilleuls, zoe)
