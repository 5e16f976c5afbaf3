"""Sites: their holidays and the way between them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from html import unescape

import pytest
from django.test import Client

from secretariat.agenda.actions import agendas, openings, sites
from secretariat.agenda.models import Travel
from secretariat.agenda.tests.desk_forms import HTMX
from secretariat.core.refusal import BadInput, NotAllowed
from secretariat.practice import actions as practice
from secretariat.practice.models import Site, Staff
from secretariat.privacy.models import Entry
from tests.cast import NOW, House

Desk = Callable[[Staff], Client]
URL = "/agenda/settings/places/"


@pytest.fixture
def annexe(tilleuls: House, alice: Staff) -> Site:
    """A second site, where Dr Lefèvre receives as well."""
    site = practice.add_site(practice=tilleuls.practice, name="Annexe", by=None, at=NOW)
    agendas.open_agenda(practitioner=tilleuls.practitioners["Lefèvre"], site=site, by=alice, at=NOW)
    return site


def test_a_way_is_written_once_either_way(tilleuls: House, annexe: Site, alice: Staff) -> None:
    sites.set_travel(site=annexe, other=tilleuls.site, minutes=20, by=alice, at=NOW)
    sites.set_travel(site=tilleuls.site, other=annexe, minutes=25, by=alice, at=NOW)
    way = Travel.objects.get()
    assert (way.site, way.other, way.minutes) == (tilleuls.site, annexe, 25)
    assert Entry.objects.filter(verb="agenda.set_travel").count() == 2
    sites.set_travel(site=tilleuls.site, other=annexe, minutes=0, by=alice, at=NOW)
    assert not Travel.objects.exists()
    with pytest.raises(BadInput, match="d’un site à un autre"):
        sites.set_travel(site=annexe, other=annexe, minutes=5, by=alice, at=NOW)
    with pytest.raises(BadInput, match="8 heures"):
        sites.set_travel(site=annexe, other=tilleuls.site, minutes=481, by=alice, at=NOW)


def test_a_zone_that_rules_speak_of_stays(tilleuls: House, alice: Staff) -> None:
    sites.settle_site(site=tilleuls.site, school_zone="B", by=alice, at=NOW)
    openings.set_rule(
        agenda=tilleuls.agenda("Lefèvre"), weekday=5, starts=time(9), ends=time(12),
        from_date=date(2026, 12, 1), school_holidays="only", by=alice, at=NOW,
    )  # fmt: skip
    with pytest.raises(sites.ZoneNeeded, match="horaires de Cabinet des Tilleuls"):
        sites.settle_site(site=tilleuls.site, school_zone="", by=alice, at=NOW)
    with pytest.raises(BadInput):
        sites.settle_site(site=tilleuls.site, school_zone="D", by=alice, at=NOW)
    with pytest.raises(BadInput):
        sites.settle_site(site=tilleuls.site, region="Atlantide", by=alice, at=NOW)


def test_the_remote_secretary_settles_no_site(tilleuls: House, zoe: Staff, annexe: Site) -> None:
    with pytest.raises(NotAllowed):
        sites.settle_site(site=annexe, name="Chez Zoé", by=zoe, at=NOW)
    with pytest.raises(NotAllowed):
        practice.change_site(site=annexe, name="Chez Zoé", by=zoe, at=NOW)
    with pytest.raises(NotAllowed):
        sites.set_travel(site=annexe, other=tilleuls.site, minutes=5, by=zoe, at=NOW)


def test_sites_and_ways_on_the_screen(tilleuls: House, alice: Staff, at_desk: Desk) -> None:
    client = at_desk(alice)
    read = unescape(client.get(URL).content.decode())
    assert "Aucun médecin ne reçoit sur deux sites" in read
    assert "aucune zone choisie" in read
    form = {"name": "Cabinet des Tilleuls", "school_zone": "C", "region": "Alsace-Moselle"}
    url = f"{URL}{tilleuls.site.pk}/"
    assert "connues jusqu’au" in unescape(client.get(url).content.decode())
    assert client.post(url, form, headers=HTMX).status_code == 204
    tilleuls.site.refresh_from_db()
    site = tilleuls.site
    assert (site.school_zone, site.accessible, site.closes_on_holidays) == ("C", False, False)
    read = unescape(client.get(URL).content.decode())
    assert "vacances scolaires : zone C" in read
    assert "Alsace et Moselle" in read


def test_the_way_is_asked_for_who_goes(
    tilleuls: House, annexe: Site, alice: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    read = unescape(client.get(URL).content.decode())
    assert "Cabinet des Tilleuls — Annexe" in read
    assert "Dr Lefèvre" in read
    url = f"{URL}{tilleuls.site.pk}/to/{annexe.pk}/"
    assert client.post(url, {"minutes": "20"}, headers=HTMX).status_code == 204
    assert Travel.objects.get().minutes == 20


def test_a_site_is_added_by_the_manager(tilleuls: House, keller: Staff, at_desk: Desk) -> None:
    client = at_desk(keller)
    form = {"name": "Annexe", "town": "Bourg-Fictif", "accessible": "on"}
    assert client.post(f"{URL}new/", form, headers=HTMX).status_code == 204
    assert "Bourg-Fictif" in client.get(URL).content.decode()


def test_a_site_whose_name_says_why_one_comes_has_another_for_messages(
    tilleuls: House, alice: Staff, at_desk: Desk
) -> None:
    client = at_desk(alice)
    url = f"{URL}{tilleuls.site.pk}/"
    form = {"name": "Centre de dermatologie"}
    assert client.post(url, form, headers=HTMX).status_code == 204
    for page in (URL, url):
        assert "nomme « Dermatologie »" in unescape(client.get(page).content.decode())
    named = form | {"public_name": "Centre des Tilleuls"}
    assert client.post(url, named, headers=HTMX).status_code == 204
    for page in (URL, url):
        read = unescape(client.get(page).content.decode())
        assert "nomme « Dermatologie »" not in read and "Centre des Tilleuls" in read
