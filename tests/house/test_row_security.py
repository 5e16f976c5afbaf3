"""The wall between practices stands in the database, whatever the code forgets."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from secretariat.floor_plan import PLAN
from tests.house import tree

pytestmark = pytest.mark.django_db

SHARED: dict[str, str] = {
    "practice_user": "a login; rights and practices come from posts",
    "practice_user_groups": "Django's own table, unused: roles are classes",
    "practice_user_user_permissions": "Django's own table, unused: roles are classes",
    "core_formtoken": "a random token and who claimed it",
}
"""Tables of our rooms that belong to no practice, each with its reason."""

OWN_KEY = {"practice_practice": "id"}
"""Tables whose practice is not in a column named practice_id."""

WALLS = """
SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
       array(SELECT p.polcmd::text FROM pg_policy p WHERE p.polrelid = c.oid),
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive)
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND (c.relname = ANY (%s) OR EXISTS (
        SELECT FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attname = 'practice_id' AND NOT a.attisdropped))
"""
EVERY_VERB = {"r", "a", "w", "d"}  # pg_policy.polcmd: select, insert, update, delete; * is all


def our_tables() -> set[str]:
    """Tables of the rooms' models, their automatic many-to-many tables too."""
    models = apps.get_models(include_auto_created=True)
    return {m._meta.db_table for m in models if m._meta.app_label in PLAN and m._meta.managed}


def walls() -> dict[str, tuple[bool, bool, set[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(WALLS, [list(OWN_KEY)])
        return {row[0]: (row[1], row[2], set(row[3])) for row in cursor.fetchall()}


def test_every_table_of_a_practice_stands_behind_its_wall() -> None:
    open_tables = []
    for table, (enabled, forced, verbs) in walls().items():
        if not enabled or not forced:
            open_tables.append(f"{table}: row-level security is not enabled and forced")
        elif "*" not in verbs and not verbs >= EVERY_VERB:
            open_tables.append(f"{table}: no policy for {sorted(EVERY_VERB - verbs)}")
    assert not open_tables, tree.told("Tables without a wall", open_tables)


def test_every_table_belongs_to_a_practice_or_says_why_not() -> None:
    homeless = sorted(our_tables() - walls().keys() - SHARED.keys())
    assert not homeless, tree.told("Tables without practice_id and without a reason", homeless)
    gone = sorted(SHARED.keys() - our_tables())
    assert not gone, tree.told("Shared tables that are gone", gone)


def test_every_practice_column_is_filled() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND column_name = 'practice_id' AND is_nullable = 'YES'"
        )
        nullable = [row[0] for row in cursor.fetchall()]
    assert not nullable, tree.told("Rows that could belong to nobody", nullable)


def test_a_row_points_only_to_rows_of_its_own_practice() -> None:
    loose = [
        f"{table}.{column} → {target}"
        for table, column, target in foreign_keys(1)
        if {table, target} <= walls().keys() - OWN_KEY.keys()
        and (table, column, target) not in foreign_keys(2)
    ]
    assert not loose, tree.told("Foreign keys without SamePractice", loose)


def foreign_keys(width: int) -> set[tuple[str, str, str]]:
    """Table, column and target of foreign keys over `width` columns, practice_id aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text"
            "  FROM pg_constraint c"
            "  JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)"
            " WHERE c.contype = 'f' AND cardinality(c.conkey) = %s AND a.attname <> 'practice_id'",
            [width],
        )
        return {(table, column, target) for table, column, target in cursor.fetchall()}


def test_the_application_cannot_climb_over_the_wall() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SHOW row_security")
        assert cursor.fetchone() == ("on",)


def test_without_a_scope_nothing_is_seen() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.practices', '', false)")
        for table in walls():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            assert cursor.fetchone() == (0,), f"{table} shows rows to nobody in particular"
