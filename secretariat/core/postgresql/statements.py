"""Prepared statements without a cursor: half the time of a small read (decision 18).

psycopg turns values and rows from and to Python as ever; what is spared is the cursor’s own work:
reading the text anew, choosing whether to prepare, polling the line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any, cast

import psycopg
from psycopg import errors, pq
from psycopg.adapt import PyFormat, Transformer

Params = Sequence[object] | Mapping[str, object]
# The product has a few dozen texts; a number is small, middle or big, a list too.
MOST = 500
_DONE = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_PLACE = re.compile(r"%(?:%|s|\((\w+)\)s)")


class Statements:
    """Those of one connection, each parsed and planned once for the types it is given."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._adapter = Transformer(connection)
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._numbers = count()

    def run(self, sql: str, params: Params) -> list[tuple[Any, ...]]:
        """All rows of `sql`, whose places are `%s` or `%(name)s`.

        Raises:
            psycopg.Error: as a cursor would.
        """
        text, named = _numbered(sql)
        values = [params[name] for name in named] if isinstance(params, Mapping) else params
        adapter = self._adapter
        dumped = adapter.dump_sequence(values, [PyFormat.AUTO] * len(values))
        types = adapter.types or ()
        name = self._names.get((sql, types)) or self._prepare(sql, text, types)
        given = cast(Sequence[bytes], dumped)  # or None, which psycopg sends as NULL
        result = self._connection.pgconn.exec_prepared(name, given, adapter.formats)
        self._check(result)
        adapter.set_pgresult(result)
        return adapter.load_rows(0, result.ntuples, tuple)

    def begin(self) -> None:
        """Open a transaction, as psycopg does before the first statement of its cursors."""
        self._check(self._connection.pgconn.exec_(b"BEGIN"))

    def _prepare(self, sql: str, text: bytes, types: tuple[int, ...]) -> bytes:
        line = self._connection.pgconn
        if len(self._names) >= MOST:
            line.exec_(b"DEALLOCATE " + self._names.pop(next(iter(self._names))))
        name = f"straight_{next(self._numbers)}".encode()
        self._check(line.prepare(name, text, types))
        self._names[sql, types] = name
        return name

    def _check(self, result: pq.abc.PGresult) -> None:
        if result.status not in _DONE:
            raise errors.error_from_result(result, self._connection.info.encoding)


@cache
def _numbered(sql: str) -> tuple[bytes, list[str]]:
    """The text as PostgreSQL wants it (`$1`), and the names of its places if they have some."""
    names: list[str] = []
    numbers = count(1)

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[1] is None:
            return f"${next(numbers)}"
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return _PLACE.sub(place, sql).encode(), names
