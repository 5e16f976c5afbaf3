"""Fixtures for every room. The database comes from tests/database.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests import database

# How long an example takes says how busy the machine is, not whether the rule is true. The same
# examples each time: a red test is red for everyone. Others: `--hypothesis-profile=explore`.
_ANY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", _ANY_MACHINE)
settings.register_profile("house", _ANY_MACHINE, derandomize=True)
settings.load_profile("house")

# Django must be ready before the cast's models are read.
pytest_plugins = ["tests.cast", "tests.desk_site", "tests.house.no_network", "tests.sharing"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Overrides pytest-django's: the first test that needs the database starts the server."""
    with database.server():
        yield
