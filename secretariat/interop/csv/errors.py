"""The lines that were not taken, in a file the practice can open, repair and import again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from .drafts import Problem
from .rows import Cell, Row
from .values import cell_text

LINE, PROBLEM = "Ligne du fichier", "Problème"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: Cell) -> str:
    """The cell as text that no spreadsheet takes for a formula (`values` takes the ' off again)."""
    written = cell_text(cell).replace("\0", "")
    return f"'{written}" if written.startswith(_FORMULA) else written


class ErrorFile:
    """A CSV of refused lines: number, problems, then the original cells.

    UTF-8 with a byte-order mark, semicolons, CRLF: what a French Excel opens with one click.

    Args:
        stream: text stream opened with `newline=""`; see `opened`.
        header: labels of the original columns.
    """

    def __init__(self, stream: TextIO, header: Sequence[str]) -> None:
        self.count = 0
        self._writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        self._writer.writerow([LINE, PROBLEM, *map(harmless, header)])

    def add(self, row: Row, problems: Iterable[Problem]) -> None:
        """One refused or incomplete line."""
        said = " ".join(
            f"{problem.column} : {problem.sentence}" if problem.column else problem.sentence
            for problem in problems
        )
        self._writer.writerow([row.number, harmless(said), *map(harmless, row.cells)])
        self.count += 1


def opened(path: Path) -> TextIO:
    """A new file ready for `ErrorFile` (it must not exist yet)."""
    return path.open("x", encoding="utf-8-sig", newline="")
