"""XLSX workbooks, read row by row, never trusted.

A workbook is a zip of XML: sizes are checked before anything is unpacked, entities are refused by
defusedxml (openpyxl uses it when installed), formulas give the value their program last kept.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import DEFUSEDXML, load_workbook

from .refusals import UnreadableTable
from .rows import MAX_CELL, MAX_COLUMNS, Cell, Row

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MAX_BYTES = 50 * 1024**2
MAX_UNPACKED = 600 * 1024**2
MAX_STRINGS = 80 * 1024**2
"""Unpacked size of the table of shared strings, the only big part held in memory."""
MAX_OTHER_PART = 10 * 1024**2
MAX_PARTS = 2_000

BROKEN = "Le classeur est abîmé ou coupé : enregistrez-le de nouveau depuis le tableur."


@dataclass(frozen=True, slots=True)
class Survey:
    """What one opening of a workbook tells: its visible sheets, the chosen one, its first rows.

    `expected` is how many rows that sheet announces (0: it does not say).
    """

    sheets: tuple[str, ...]
    sheet: str
    expected: int
    first: tuple[Row, ...]


def survey(path: Path, sheet: str | None, count: int) -> Survey:
    """Look at the first `count` filled rows of `sheet`, or of the first sheet that has any.

    Raises:
        UnreadableTable: not a workbook, damaged, dangerous, empty, or without that sheet.
    """
    with _opened(path) as book:
        shown = [one for one in book.worksheets if one.sheet_state == "visible"]
        names = tuple(one.title for one in shown or book.worksheets)
        if sheet is not None and sheet not in names:
            raise UnreadableTable(f"Le classeur n’a pas de feuille « {sheet} ».")
        for name in names if sheet is None else (sheet,):
            expected = int(book[name].max_row or 0)
            first = tuple(islice(_filled(book, name), count))
            if first:
                return Survey(names, name, expected, first)
    raise UnreadableTable("Le classeur est vide.")


def rows(path: Path, sheet: str) -> Iterator[Row]:
    """Filled rows of one sheet, with their numbers in it.

    Raises:
        UnreadableTable: as `survey`; or more than `MAX_COLUMNS` columns.
    """
    with _opened(path) as book:
        yield from _filled(book, sheet)


def _filled(book: Workbook, sheet: str) -> Iterator[Row]:
    found = book[sheet]
    found.reset_dimensions()  # programs write wrong ones
    for number, values in enumerate(found.iter_rows(values_only=True), start=1):
        row = _row(number, values)
        if row is not None:
            yield row


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    """The workbook, read-only; whatever goes wrong inside becomes one French sentence."""
    if not DEFUSEDXML:  # pragma: no cover - a broken installation
        raise RuntimeError("defusedxml is missing: workbooks would be read without protection")
    _check_archive(path)
    try:
        with path.open("rb") as stream:
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except UnreadableTable:
        raise
    except Exception as error:  # hostile bytes may raise anything in three libraries
        raise UnreadableTable(BROKEN, cause=type(error).__name__) from error


def _check_archive(path: Path) -> None:
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableTable(
            f"Le classeur dépasse {MAX_BYTES // 1024**2} Mo : enregistrez-le au format CSV."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if "[Content_Types].xml" not in names:
                raise UnreadableTable(_other_zip(archive, names))
            _check_sizes(parts)
            for part in parts:
                _check_start(archive, part)
    except UnreadableTable:
        raise
    except Exception as error:  # truncated, encrypted, or forged zip
        raise UnreadableTable(BROKEN, cause=type(error).__name__) from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    too_big = len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED
    for part in parts:
        name = part.filename.lower()
        if "worksheets/" in name or "media/" in name:
            continue
        limit = MAX_STRINGS if name.endswith("sharedstrings.xml") else MAX_OTHER_PART
        too_big = too_big or (name.endswith((".xml", ".rels")) and part.file_size > limit)
    if too_big:
        raise UnreadableTable(
            "Le classeur est trop volumineux une fois décompressé : enregistrez la feuille "
            "des patients seule, au format CSV."
        )


def _check_start(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if not part.filename.lower().endswith((".xml", ".rels")):
        return
    with archive.open(part) as stream:
        start = stream.read(4096)
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise UnreadableTable("Le classeur contient des définitions interdites (DTD) : refusé.")


def _other_zip(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
        kind = archive.read("mimetype")
        if b"opendocument.spreadsheet" in kind:
            return "Format OpenDocument (.ods) : enregistrez le classeur au format XLSX ou CSV."
    return "C’est une archive ZIP, pas un classeur : décompressez-la et choisissez le tableau."


def _row(number: int, values: tuple[object, ...]) -> Row | None:
    cells = [_cell(value) for value in values]
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        return None
    if len(cells) > MAX_COLUMNS:
        raise UnreadableTable(
            f"La ligne {number} a {len(cells)} colonnes ; {MAX_COLUMNS} au plus sont acceptées.",
            line=number,
        )
    if any(isinstance(cell, str) and len(cell) > MAX_CELL for cell in cells):
        short: tuple[Cell, ...] = tuple(
            cell[:200] if isinstance(cell, str) else cell for cell in cells
        )
        return Row(number, short, f"Cellule trop longue (plus de {MAX_CELL} caractères).")
    return Row(number, tuple(cells))


def _cell(value: object) -> Cell:  # noqa: PLR0911 - one line for each kind of value
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("_x000D_", "").strip()
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date):
        return value
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
