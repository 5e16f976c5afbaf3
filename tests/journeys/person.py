"""Someone at a desk: what the hands do and what the eyes see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.watch import Watch, unreadable

# Two seconds is what another desk is promised; the rest is for a machine with other work.
PATIENCE_MS = 15_000


@dataclass
class Person:
    """A person with a browser of their own."""

    login: str
    context: BrowserContext
    page: Page
    watch: Watch
    keys_pressed: int = 0

    def logs_in(self, password: str) -> None:
        """Through the login page."""
        self.page.get_by_label("Identifiant").fill(self.login)
        self.page.get_by_label("Mot de passe").fill(password)
        self.page.get_by_role("button", name="Entrer").click()

    def opens(self, screen: str) -> None:
        """A screen of the first level, by its link."""
        self.page.get_by_role("navigation", name="Écrans").get_by_role(
            "link", name=re.compile(f"^{screen}")
        ).click()
        expect(self.page).to_have_title(re.compile(screen))

    def goes_to(self, path: str) -> None:
        """An address of this site."""
        self.page.goto(path)

    def presses(self, *keys: str) -> None:
        """Keys, one after the other, counted: Alt+R is two."""
        self.page.wait_for_load_state()
        for key in keys:
            self.keys_pressed += len(key.split("+")) if len(key) > 1 else 1
            self.page.keyboard.press(key)

    def types(self, letters: str) -> None:
        """Letters, in the field that has the focus."""
        self.page.wait_for_load_state()
        self.page.keyboard.type(letters)

    @property
    def sheet(self) -> Locator:
        """The sheet in view."""
        return self.page.locator("section.sheet:not([hidden])")

    @property
    def tabs(self) -> Locator:
        """The sheets kept at the foot."""
        return self.page.get_by_role("navigation", name="Fiches ouvertes").locator(".tab")

    def field(self, label: str) -> Locator:
        """A field of the sheet in view, by its label."""
        return self.sheet.get_by_label(re.compile(rf"^{re.escape(label)}(\s\*)?$"))

    def finds(self, label: str, letters: str, name: str) -> None:
        """Type in a search box and take the answer that shows `name`."""
        box = self.sheet.get_by_role("combobox", name=label)
        box.click()
        box.press_sequentially(letters)
        self.sheet.get_by_role("option", name=re.compile(name, re.I)).first.click()

    def reads(self, words: str | re.Pattern[str], where: Locator | None = None) -> None:
        """These words come into view."""
        place = where if where is not None else self.page.locator("body")
        expect(place).to_contain_text(words)

    def is_told(self, words: str | re.Pattern[str]) -> None:
        """A notice says these words."""
        expect(self.page.locator("#notices .notice").filter(has_text=words).last).to_be_visible()

    def cannot_read(self) -> list[str]:
        """What axe finds wrong on the screen as it stands."""
        return unreadable(self.page)

    def can_read_everything(self) -> None:
        """Nothing on the screen that axe finds wrong."""
        found = self.cannot_read()
        assert not found, f"{self.page.url}\n" + "\n".join(found)

    @contextmanager
    def expecting(self, status: int, path: str) -> Iterator[None]:
        """In this block a refusal of the server is part of the scene."""
        with self.watch.expecting(status, path):
            yield
