"""Statements that every request sends: written once, planned once a connection.

The model layer spends 0.3 to 0.7 ms writing the SQL of a small read and PostgreSQL as much
planning it; these cost 0.06 ms. For a handful of hot reads only: nothing here knows the models'
filters. Row-level security holds as for any statement: a policy reads the scope when it runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import NoneType
from typing import Any, TypeVar, cast

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg.types.numeric import Int8

from secretariat.core.postgresql.base import DatabaseWrapper

Row = TypeVar("Row", bound=models.Model)


def fetch(sql: str, params: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
    """All rows of `sql`.

    Args:
        sql: always the same text, with `%s` (or `%(name)s`) for what changes; lists are cast
            (`%s::bigint[]`).
    """
    return cast(DatabaseWrapper, connection).run_prepared(sql, params)


@cache
def columns(model: type[models.Model], alias: str) -> str:
    """What `row` needs of a table, under `alias`."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


def width(model: type[models.Model]) -> int:
    """How many values `columns` brings."""
    return len(model._meta.concrete_fields)


def row(model: type[Row], values: Sequence[Any]) -> Row:
    """The model's row, as a queryset would have made it."""
    names, converted = _shape(model)
    if converted:
        values = list(values)
        for place, convert in converted:
            values[place] = convert(values[place], None, connection)
    return model.from_db("default", names, values)


@cache
def _shape(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields
    converted = [
        (place, field.from_db_value)
        for place, field in enumerate(fields)
        if hasattr(field, "from_db_value")
    ]
    return [field.attname for field in fields], converted


def insert(new: models.Model, *, unless_refused: bool = False) -> bool:
    """Write a new row and give `new` its key; no signal is sent.

    Args:
        unless_refused: when a unique or exclusion constraint refuses the row, write nothing and
            answer False, where an error would cost a savepoint around each insert.
    """
    sql, fields = _insertion(type(new), unless_refused)
    held = new.__dict__
    written = fetch(sql, [_bound(field, held[field.attname]) for field in fields])
    if not written:
        return False
    new.pk = written[0][0]
    new._state.adding, new._state.db = False, "default"
    return True


@cache
def _insertion(model: type[models.Model], unless_refused: bool) -> tuple[str, list[Any]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    conflict = " ON CONFLICT DO NOTHING" if unless_refused else ""
    table, key = model._meta.db_table, model._meta.pk.column
    sql = f'INSERT INTO "{table}" ({names}) VALUES ({places}){conflict} RETURNING "{key}"'  # noqa: S608
    return sql, fields


def _bound(field: Any, value: Any) -> Any:
    """What the driver is given, without asking the field when it would give the same back."""
    if isinstance(field, _OWN_WAYS) or type(value) not in _AS_THEY_ARE:
        value = field.get_db_prep_save(value, connection)
    # Integers always of one type: the statement would be prepared anew for each size of number.
    return Int8(value) if type(value) is int else value


_AS_THEY_ARE = (int, str, bool, NoneType)
_OWN_WAYS = (models.JSONField, ArrayField)
