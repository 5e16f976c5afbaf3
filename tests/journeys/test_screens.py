"""Every screen, for everyone who may open it, on the desk's screen and on a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person

# Beside the rooms: what opens from them, as a page of its own.
SHEETS = (
    "/agenda/week/", "/agenda/rooms/", "/agenda/book/", "/agenda/find/", "/agenda/together/",
    "/agenda/together/?tab=family", "/agenda/together/?tab=series", "/calls/new/",
    "/patients/?q=ma", "/patients/new/", "/walk-ins/new/", "/agenda/settings/reasons/",
    "/agenda/settings/reasons/new/", "/agenda/settings/quotas/", "/agenda/settings/replacements/",
    "/agenda/settings/resources/", "/agenda/settings/resources/new/", "/agenda/settings/places/",
    "/agenda/settings/protocols/",
    "/agenda/settings/protocols/new/", "/accounts/2fa/", "/accounts/password/change/",
)  # fmt: skip


def _rooms(person: Person) -> list[str]:
    """Where the links of the first level lead."""
    links = person.page.get_by_role("navigation", name="Écrans").get_by_role("link")
    return [link.get_attribute("href") or "" for link in links.all()]


def _opens_all(person: Person, screens: Sequence[str]) -> None:
    troubles = []
    for path in screens:
        person.goes_to(path)
        expect(person.page.get_by_role("heading", level=1).first).to_be_attached()
        expect(person.page.locator("[aria-busy=true]")).to_have_count(0)
        wider = person.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wider > 0:
            troubles.append(f"{path} is wider than the screen by {wider} px")
        troubles += [f"{path} {one}" for one in person.cannot_read()]
    assert not troubles, "\n".join(troubles)


def test_all_screens_of_the_secretary_can_be_read(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    _opens_all(alice, [*_rooms(alice), *SHEETS])


def test_a_sheet_opened_as_a_page_keeps_its_form(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    alice.goes_to("/agenda/book/?at=2030-01-06T10:00")  # a Sunday: the refusal loads by itself
    alice.reads("Aucune ouverture n’est prévue")
    expect(alice.page.get_by_role("button", name="Donner le rendez-vous")).to_be_visible()


def test_all_screens_can_be_read_on_a_telephone(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire", size=TELEPHONE)
    _opens_all(alice, [*_rooms(alice), *SHEETS[:-2]])


def test_the_screen_can_be_read_at_twice_its_size(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire", size={"width": 683, "height": 384})
    _opens_all(alice, _rooms(alice)[:4])


@pytest.mark.parametrize("login", ["medecin", "remplacant", "responsable"])
def test_the_others_can_read_their_screens(at_desk: Callable[..., Person], login: str) -> None:
    person = at_desk(login)
    rooms = _rooms(person)
    assert len(rooms) > 2
    _opens_all(person, rooms)


def test_the_watch_hears_what_goes_wrong(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire")
    alice.page.evaluate("document.querySelector('#page').append(document.createElement('img'))")
    assert any("image-alt" in one for one in alice.cannot_read())
    alice.page.evaluate("document.body.setAttribute('style', 'color: red')")
    alice.page.evaluate("fetch('/nowhere/')")
    alice.goes_to("/day/")
    heard = "\n".join(alice.watch.troubles)
    assert re.search(r"policy: style-src-attr refused inline", heard)
    assert "404 GET /nowhere/" in heard
    alice.watch.troubles.clear()
