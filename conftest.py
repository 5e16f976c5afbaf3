"""Fixtures for every room. The database comes from tests/database.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import database

# The same examples each time, however busy the machine: a red test is red for everyone.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

# Django must be ready before the cast's models are read.
pytest_plugins = ["tests.cast", "tests.desk_site", "tests.house.no_network", "tests.sharing"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Overrides pytest-django's: the first test that needs the database starts the server."""
    with database.server():
        yield
