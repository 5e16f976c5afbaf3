"""A kept connection is asked nothing, and yet a dead one is never used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import cast

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from secretariat.core.postgresql import statements
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
    assert kept.run_prepared("SELECT 1", []) == [(1,)]
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


def test_straight_or_counted_a_statement_answers_the_same(kept: DatabaseWrapper) -> None:
    sql = "SELECT %(day)s::date, %(few)s::bigint[], %(none)s::text, '5 %%', %(day)s::date"
    given = {"day": date(2026, 3, 29), "few": [1, 70_000], "none": None}
    kept.run_prepared("SELECT 1", [])  # from the second on, nothing is asked of the line
    straight = kept.run_prepared(sql, given)
    with CaptureQueriesContext(kept) as spied:
        assert kept.run_prepared(sql, given) == straight
    assert straight == [(date(2026, 3, 29), [1, 70_000], None, "5 %", date(2026, 3, 29))]
    assert len(spied) == 1


def test_a_refused_statement_breaks_its_transaction_as_any_other(kept: DatabaseWrapper) -> None:
    kept.run_prepared("SELECT 1", [])
    with pytest.raises(DataError), transaction.atomic():
        fetch("SELECT 1 / %s::int", [1])
        fetch("SELECT 1 / %s::int", [0])
    with pytest.raises(DataError):
        kept.run_prepared("SELECT 1 / %s::int", [0])
    assert kept.run_prepared("SELECT 1 / %s::int", [1]) == [(1,)]
    kept.needs_rollback = kept.in_atomic_block = True
    with pytest.raises(transaction.TransactionManagementError):
        kept.run_prepared("SELECT 1", [])


def test_a_transaction_begins_with_its_first_statement_and_rolls_back(
    kept: DatabaseWrapper,
) -> None:
    kept.set_autocommit(False)
    kept.run_prepared("SELECT set_config('app.user', '7', false)", [])
    kept.rollback()
    kept.set_autocommit(True)
    sql = "SELECT current_setting('app.user', true)"
    assert kept.run_prepared(sql, []) != [("7",)]
    assert kept.run_prepared(sql, []) != [("7",)], "after a rollback the statement is still there"


def test_prepared_statements_of_a_connection_are_bounded(
    kept: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MOST", 3)
    kept.run_prepared("SELECT 1", [])
    for number in range(9):
        assert kept.run_prepared(f"SELECT {number}", []) == [(number,)]
    asked = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'straight%%'"
    assert kept.run_prepared(asked, []) == [(3,)]
