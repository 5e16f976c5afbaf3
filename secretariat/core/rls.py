"""Migration operations for the truths that the database itself keeps."""

from __future__ import annotations

from django.db import migrations

# One expression everywhere: an unset or empty setting means "no practice".
PRACTICES = "ANY (COALESCE(NULLIF(current_setting('app.practices', true), ''), '{}')::bigint[])"
USER = "COALESCE(NULLIF(current_setting('app.user', true), ''), '0')::bigint"


class PracticeIsolation(migrations.RunSQL):
    """Row-level security on `table`, forced on its owner too.

    Args:
        table: name of the table.
        column: column that holds the practice (`id` for the practice itself).
        also: a further SQL condition that lets a row be read (never written).
    """

    def __init__(self, table: str, column: str = "practice_id", also: str = "") -> None:
        self.table, self.column, self.also = table, column, also
        mine = f'"{column}" = {PRACTICES}'
        seen = f"{mine} OR ({also})" if also else mine
        super().__init__(
            sql=[
                f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
                f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
                f'CREATE POLICY practice_reads ON "{table}" FOR SELECT USING ({seen})',
                f'CREATE POLICY practice_adds ON "{table}" FOR INSERT WITH CHECK ({mine})',
                f'CREATE POLICY practice_changes ON "{table}" FOR UPDATE '
                f"USING ({mine}) WITH CHECK ({mine})",
                f'CREATE POLICY practice_removes ON "{table}" FOR DELETE USING ({mine})',
            ],
            reverse_sql=[  # type: ignore[arg-type]
                f'DROP POLICY practice_{verb} ON "{table}"'
                for verb in ("reads", "adds", "changes", "removes")
            ]
            + [
                f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
                f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
            ],
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__name__, [self.table, self.column, self.also], {})


class PracticeKey(migrations.RunSQL):
    """Make (id, practice_id) of `table` a key that `SamePractice` can point to."""

    def __init__(self, table: str) -> None:
        self.table = table
        name = f"{table}_id_practice"
        super().__init__(
            sql=f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" UNIQUE (id, practice_id)',
            reverse_sql=f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__name__, [self.table], {})


class SamePractice(migrations.RunSQL):
    """A row of `table` can only point, by `column`, to a row of its own practice.

    Plain foreign keys are checked outside row-level security, so without this a
    forged id could tie a row to another practice's patient.
    """

    def __init__(self, table: str, column: str, target: str) -> None:
        self.table, self.column, self.target = table, column, target
        name = f"{table}_{column}_same_practice"
        super().__init__(
            sql=(
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" '
                f'FOREIGN KEY ("{column}", practice_id) '
                f'REFERENCES "{target}" (id, practice_id) DEFERRABLE INITIALLY DEFERRED'
            ),
            reverse_sql=f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
        )

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__name__, [self.table, self.column, self.target], {})
