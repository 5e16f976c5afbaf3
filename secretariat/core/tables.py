"""A migration operation that makes all the tables of a room at once."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, SeparateDatabaseAndState
from django.db.migrations.state import ProjectState


class CreateTables(SeparateDatabaseAndState):
    """The same as its `tables` one after the other, but quick.

    After each `CreateModel`, Django makes anew every class that is related to the new one, and
    here all are, through the practice: most of the time of an empty database's first migration.
    Here they are made once, when all the tables are known.
    """

    def __init__(self, tables: Sequence[CreateModel]) -> None:
        super().__init__(database_operations=tables, state_operations=tables)

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__name__, [self.state_operations], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Tell Django of all the tables before it makes any class."""
        state.__dict__.pop("apps", None)  # cached classes: Django keeps them up to date, one by one
        super().state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the tables, their keys and indexes."""
        for table in self.database_operations:
            table.database_forwards(app_label, schema_editor, from_state, to_state)
        # Keys and indexes now, not after all: Django then records the migration in the same
        # transaction, and whoever is killed midway leaves a room whole or not begun.
        for statement in schema_editor.deferred_sql:
            schema_editor.execute(statement, None)
        schema_editor.deferred_sql.clear()
