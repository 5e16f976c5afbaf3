"""From the lines of a text file to records, however badly the quotes are kept.

The standard `csv` module swallows the rest of the file after one quote that is never closed. Here
such a line is reported alone and reading goes on at the next line.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from .encoding import TRUNCATED, Decoding
from .refusals import UnreadableTable
from .rows import MAX_CELL, MAX_COLUMNS, Row

MAX_LINE = 262_144
"""Characters in one line of the file; a longer one is reported and skipped."""
MAX_LINES_IN_CELL = 200
_ILLEGIBLE = re.compile(r"[\ud800-\udfff\ufffd]")

TOO_LONG = f"Ligne ou cellule trop longue (plus de {MAX_CELL} caractères)."
UNCLOSED = "Un guillemet est ouvert et jamais refermé."
ILLEGIBLE = "Un caractère est illisible : l’encodage de cette ligne n’est pas celui du fichier."
NUL = "La ligne contient un caractère nul."


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are separated and quoted."""

    separator: str
    quote: str = '"'


def physical_lines(path: Path, decoding: Decoding) -> Iterator[str]:
    """Lines of the file, never more than `MAX_LINE` + 1 characters of each."""
    with path.open(encoding=decoding.encoding, errors=decoding.errors, newline=None) as stream:
        while line := stream.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE and not line.endswith("\n"):
                _skip_line(stream)
            yield line


def _skip_line(stream: TextIO) -> None:
    while part := stream.readline(MAX_LINE):
        if part.endswith("\n"):
            return


class _Feed:
    """Lines one after the other, numbered, that can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._returned: deque[str] = deque()
        self.number = 0

    def take(self) -> str | None:
        line = self._returned.popleft() if self._returned else next(self._lines, None)
        if line is not None:
            self.number += 1
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)


def records(lines: Iterator[str], dialect: Dialect, *, ends_with_newline: bool) -> Iterator[Row]:
    """Records of the file, blank ones left out, faulty ones marked.

    Args:
        lines: physical lines, with their ends.
        dialect: separator and quote.
        ends_with_newline: False lets a quote still open at the last line mean a cut file.

    Raises:
        UnreadableTable: the file stops inside a quoted cell, or has too many columns.
    """
    feed = _Feed(lines)
    while (first := feed.take()) is not None:
        start = feed.number
        if len(first) > MAX_LINE:
            yield Row(start, (first[:200],), TOO_LONG)
            continue
        if dialect.quote not in first:
            cells: list[str] | str = first.rstrip("\n").split(dialect.separator)
        else:
            cells = _quoted(first, feed, dialect, cut_possible=not ends_with_newline)
        if isinstance(cells, str):
            yield Row(start, (first.rstrip("\n")[:200],), cells)
            continue
        row = _checked(start, cells)
        if not row.blank:
            yield row


def _quoted(first: str, feed: _Feed, dialect: Dialect, *, cut_possible: bool) -> list[str] | str:
    """Cells of a record that has quotes, over several lines if need be; or its fault."""
    taken: list[str] = []
    at_end = False

    def supply() -> Iterator[str]:
        nonlocal at_end
        yield first
        while len(taken) < MAX_LINES_IN_CELL:
            line = feed.take()
            if line is None:
                break
            taken.append(line)
            yield line
        else:
            raise csv.Error
        at_end = True

    try:
        cells = next(csv.reader(supply(), delimiter=dialect.separator, quotechar=dialect.quote))
    except csv.Error:  # too many lines, or a cell beyond the standard module's own limit
        feed.give_back(taken)
        return UNCLOSED if taken else TOO_LONG
    if not at_end:
        return cells
    if cut_possible and not _other_records(first, taken, dialect.separator):
        raise UnreadableTable(TRUNCATED)
    feed.give_back(taken)
    return UNCLOSED


def _other_records(first: str, taken: list[str], separator: str) -> bool:
    """Whole records follow: the quote was forgotten, the file was not cut."""
    expected = max(1, first.count(separator))
    return any(line.count(separator) >= expected for line in taken)


def _checked(number: int, cells: list[str]) -> Row:
    if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
        raise UnreadableTable(
            f"La ligne {number} a {len(cells)} colonnes ; {MAX_COLUMNS} au plus sont acceptées.",
            line=number,
        )
    text = "".join(cells)
    fault = None
    if len(text) > MAX_CELL and any(len(cell) > MAX_CELL for cell in cells):
        fault, cells = TOO_LONG, [cell[:200] for cell in cells]
    elif not text.isascii() and _ILLEGIBLE.search(text):
        fault, cells = ILLEGIBLE, [_ILLEGIBLE.sub("?", cell) for cell in cells]
    elif "\0" in text:
        fault, cells = NUL, [cell.replace("\0", "") for cell in cells]
    return Row(number, tuple(cell.strip() for cell in cells), fault)
