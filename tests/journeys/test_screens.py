"""Every screen, for everyone who may open it, on the desk's screen and on a telephone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import TELEPHONE
from tests.journeys.person import Person

SCREENS = ("/day/", "/agenda/", "/agenda/week/", "/calls/", "/patients/", "/patients/?q=ma")


def _opens_all(person: Person, screens: tuple[str, ...]) -> None:
    unreadable = []
    for path in screens:
        person.goes_to(path)
        expect(person.page.locator("main h1")).to_be_visible()
        expect(person.page.locator("[aria-busy=true]")).to_have_count(0)
        unreadable += [f"{path} {one}" for one in person.cannot_read()]
    assert not unreadable, "\n".join(unreadable)


def test_all_screens_of_the_secretary_can_be_read(at_desk: Callable[..., Person]) -> None:
    _opens_all(at_desk("secretaire"), SCREENS)


def test_all_screens_can_be_read_on_a_telephone(at_desk: Callable[..., Person]) -> None:
    alice = at_desk("secretaire", size=TELEPHONE)
    _opens_all(alice, SCREENS)
    for path in SCREENS:
        alice.goes_to(path)
        wider = alice.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, f"{path} is wider than the telephone by {wider} px"


@pytest.mark.parametrize("login", ["medecin", "remplacant", "responsable"])
def test_the_others_can_read_their_screens(at_desk: Callable[..., Person], login: str) -> None:
    person = at_desk(login)
    links = person.page.get_by_role("navigation", name="Écrans").get_by_role("link")
    paths = tuple(link.get_attribute("href") or "" for link in links.all())
    assert paths
    _opens_all(person, paths)
