"""Django's PostgreSQL engine, with two things less to send at each request (decision 18)."""

from __future__ import annotations

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base, operations


class PreparedCursor(psycopg.Cursor[Any]):
    """Parsed and planned once a connection, then only run: a third of the time of a small read."""

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> PreparedCursor:
        """Run, prepared unless the connection forbids it."""
        super().execute(query, params, prepare=self.connection.prepare_threshold is not None)
        return self


class DatabaseOperations(operations.DatabaseOperations):
    """Spied statements show their values, prepared or not."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """The statement as it would be typed."""
        if isinstance(getattr(cursor, "cursor", cursor), PreparedCursor):
            return str(self.compose_sql(sql, params))
        return str(super().last_executed_query(cursor, sql, params))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is asked nothing to know that it lives."""

    ops_class = DatabaseOperations

    def is_usable(self) -> bool:
        """Whether the server is still there, asked once a request.

        A server that stopped, or closed this connection, has hung up: there is something to read
        on a line where nobody speaks. Silence means alive and costs 2 µs, `SELECT 1` 0.1 ms. After
        an error, or when something was said, the question is really asked.
        """
        if self.connection is not None and not self.errors_occurred and self._silent():
            return True
        return bool(super().is_usable())

    def init_connection_state(self) -> None:
        """Keep to one plan a prepared statement: planning costs more than running these.

        Left alone, PostgreSQL plans those with a range of dates at each use (0.7 ms), and finds
        the same plan each time.
        """
        super().init_connection_state()
        self._kept = PreparedCursor(self.connection)
        self._kept.execute("SET plan_cache_mode = force_generic_plan")

    def _silent(self) -> bool:
        connection = self.connection
        if connection.closed or connection.pgconn.transaction_status != 0:
            return False
        line = select.poll()
        line.register(connection.pgconn.socket, select.POLLIN)
        return not line.poll(0)

    def prepared_cursor(self) -> Any:
        """The cursor of the few statements that every request sends, one for the connection's life.

        To make one each time costs as much as to use it. Take all rows before the next statement.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        return self._prepare_cursor(self._kept)  # type: ignore[attr-defined]
