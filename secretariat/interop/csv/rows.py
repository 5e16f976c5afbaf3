"""A row of a table, with the line it had in the original file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# Text, or a native date of a workbook (a `datetime` when it carries an hour).
Cell = str | date

MAX_CELL = 32_767
"""Characters in one cell: what a spreadsheet itself accepts."""
MAX_COLUMNS = 250
MAX_ROWS = 300_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record.

    `number` is the line of the file (or the row of the sheet) where it begins, counted from 1.
    `fault`, when set, is a French sentence saying why this row must not be taken as it is.
    """

    number: int
    cells: tuple[Cell, ...]
    fault: str | None = None

    @property
    def blank(self) -> bool:
        """No cell holds anything."""
        return not any(self.cells)
