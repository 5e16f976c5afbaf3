"""How the suite is shared out among processes (`pytest -n`, as `make test` does).

Each process has a PostgreSQL server of its own (tests/database.py). What needs the running site
stays in one process, which starts it once; it comes first, being the longest. The rest goes
file by file to whoever is free.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

_FIRST = ("desk", "template")
"""Fixtures that cost much and serve the whole session; who needs one goes with the others."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Name the group of each test; the dearest come first, whatever order others gave them."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    yield
    items.sort(key=lambda item: _rank(_group(item)))


def _group(item: pytest.Item) -> str:
    needed = getattr(item, "fixturenames", ())
    return next((name for name in _FIRST if name in needed), item.location[0])


def _rank(group: str) -> int:
    return _FIRST.index(group) if group in _FIRST else len(_FIRST)
