"""Who can be called on stage: `alice = at_desk("secretaire")`."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.desk_site import Desk
from tests.journeys import chromium
from tests.journeys.person import PATIENCE_MS, Person
from tests.journeys.prompter import Prompter
from tests.journeys.watch import Watch

DESK = {"width": 1366, "height": 768}
TELEPHONE = {"width": 390, "height": 844}
# What each desk showed when a scene went wrong.
PICTURES = Path("var/journeys")
ENDED_WELL = pytest.StashKey[bool]()


@pytest.fixture(scope="package")
def prompter(desk: Desk) -> Iterator[Prompter]:
    """Who is already there when the scene opens."""
    with Prompter(desk.database_url) as found:
        yield found


# Until the end of these tests only: a running Playwright keeps Django from its database.
@pytest.fixture(scope="package")
def browser(desk: Desk) -> Iterator[Browser]:
    """One browser for all; each person has their own cookies in it."""
    expect.set_options(timeout=PATIENCE_MS)
    with chromium.running() as found:
        yield found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the desks know how the scene ended."""
    report = yield
    if report.when == "call":
        item.stash[ENDED_WELL] = report.passed
    return report


@pytest.fixture
def at_desk(
    desk: Desk, browser: Browser, prompter: Prompter, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Person]]:
    """Someone at a desk of their own, come in already unless `at_the_door`.

    At the end, nothing must have gone wrong there.
    """
    present: list[Person] = []

    def sit(
        login: str, size: dict[str, int] = DESK, *, at_the_door: bool = False, **options: Any
    ) -> Person:
        context = browser.new_context(
            base_url=desk.url, viewport=size, locale="fr-FR", timezone_id="Europe/Paris",  # type: ignore[arg-type]
            **options,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        person = Person(login, context, context.new_page(), Watch(context))
        present.append(person)
        if not at_the_door:
            # Not through the login page: it rightly refuses thirty people a minute.
            key = prompter.session(login)
            context.add_cookies([{"name": "session", "value": key, "url": desk.url}])
        person.goes_to("/")
        return person

    yield sit
    for number, person in enumerate(present):
        if not request.node.stash.get(ENDED_WELL, True):
            name = f"{request.node.name}-{number}-{person.login}.png"
            person.page.screenshot(path=PICTURES / name)
        person.context.close()
    troubles = {
        f"{person.login}: {one}": None for person in present for one in person.watch.troubles
    }
    assert not troubles, "\n".join(troubles)
