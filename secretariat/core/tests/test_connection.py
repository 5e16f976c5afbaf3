"""A kept connection is asked nothing, and yet a dead one is never used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secretariat.core.postgresql.base import DatabaseWrapper
from secretariat.core.prepared import fetch

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Iterator[DatabaseWrapper]:
    """A connection beside the test's own, between two requests."""
    other = cast(DatabaseWrapper, connection.copy())
    other.ensure_connection()
    yield other
    other.close()


def test_a_silent_line_is_alive_and_a_closed_one_is_opened_again(kept: DatabaseWrapper) -> None:
    pid = kept.connection.info.backend_pid
    kept.close_if_unusable_or_obsolete()
    kept.close_if_health_check_failed()
    assert kept.connection.info.backend_pid == pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert cursor.fetchone() == (True,)
    kept.close_if_unusable_or_obsolete()
    cursor = kept.prepared_cursor()
    cursor.execute("SELECT 1")
    assert cursor.fetchone() == (1,)
    assert kept.connection.info.backend_pid != pid


def test_what_the_server_says_meanwhile_is_no_hanging_up(kept: DatabaseWrapper) -> None:
    pid = kept.connection.info.backend_pid
    with kept.cursor() as cursor:
        cursor.execute("LISTEN news")
    teller = connection.copy()
    with teller.cursor() as cursor:
        cursor.execute("NOTIFY news")
    teller.close()
    kept.close_if_unusable_or_obsolete()
    kept.close_if_health_check_failed()
    assert kept.connection.info.backend_pid == pid


def test_a_prepared_statement_is_counted_and_shown_with_its_values() -> None:
    with CaptureQueriesContext(connection) as spied:
        assert fetch("SELECT %s::text", ["l’été"]) == [("l’été",)]
    assert [query["sql"] for query in spied.captured_queries] == ["SELECT 'l’été'::text"]
