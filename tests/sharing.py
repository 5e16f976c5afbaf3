"""How the suite is shared out among processes (`pytest -n`, as `make test` does).

Each process has a PostgreSQL server of its own (tests/database.py). A folder whose tests share
what is dear (a running site, a seeded database) stays in one process, and such folders come
first, being the longest. The rest goes file by file to whoever is free.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/journeys/", "tests/races/", "tests/ops/", "tests/house/")


def share(nodeid: str) -> str:
    """With which tests one test goes: those of its folder, or of its file."""
    place = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if place.startswith(folder)), place)


class ByPlace(LoadScopeScheduling):  # type: ignore[misc]
    """xdist's scheduling by scope, the scope being `share`."""

    def _split_scope(self, nodeid: str) -> str:
        return share(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByPlace:
    """Heard by xdist before it deals the tests out."""
    config.option.loadscopereorder = False  # our order, not the number of tests
    return ByPlace(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """The dearest come first, whatever order others gave them."""
    yield
    items.sort(key=lambda item: _rank(share(item.nodeid)))


def _rank(place: str) -> int:
    return TOGETHER.index(place) if place in TOGETHER else len(TOGETHER)
