"""Open any table that another program exports, and stream its rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from . import dialect, encoding, headers, workbook
from .encoding import TRUNCATED, Decoding
from .lines import Dialect, physical_lines, records
from .refusals import UnreadableTable
from .rows import MAX_ROWS, Row

SAMPLE = 200
_SAMPLE_CHARACTERS = 1_000_000
_OTHER_KINDS = (
    (
        b"\xd0\xcf\x11\xe0",
        "Ancien classeur Excel (.xls) ou classeur protégé par un mot de passe : "
        "enregistrez-le au format XLSX ou CSV, sans mot de passe.",
    ),
    (b"%PDF", "C’est un document PDF : demandez au logiciel un export CSV ou Excel."),
    (b"BEGIN:VCARD", "C’est un carnet d’adresses vCard : exportez les contacts au format CSV."),
    (b"BEGIN:VCALENDAR", "C’est un agenda iCalendar : importez-le par l’écran des agendas."),
    (b"<", "C’est une page web ou un fichier XML : enregistrez-le au format XLSX ou CSV."),
    (b"{", "C’est un fichier JSON : demandez au logiciel un export CSV ou Excel."),
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table understood: what its columns are called and how its rows are found.

    `header_row` is the line of the header in the file (0: the file has none, columns are called
    « Colonne 1 »…). `expected` is about how many rows there are, for a progress bar. `sha256` is
    that of the bytes: the same file imported twice can be recognised. `ragged`: the program that
    wrote it leaves out empty cells at the end of lines.
    """

    path: Path
    header: tuple[str, ...]
    header_row: int
    expected: int
    sha256: str
    decoding: Decoding | None = None
    dialect: Dialect | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    ragged: bool = False
    first: tuple[Row, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Every row below the header, as wide as it, faults marked; each call reads anew.

        Raises:
            UnreadableTable: the file is cut, or has more than `MAX_ROWS` rows.
        """
        last: Row | None = None
        below = (row for row in _records(self) if row.number > self.header_row)
        for count, raw in enumerate(below, start=1):
            if count > MAX_ROWS:
                raise UnreadableTable(
                    f"Le fichier a plus de {MAX_ROWS} lignes : découpez-le.", line=raw.number
                )
            if last is not None:
                yield self._aligned(last)
            last = raw
        if last is None:
            return
        if self.cut_short(last):
            raise UnreadableTable(TRUNCATED, line=last.number)
        yield self._aligned(last)

    def sample(self, count: int = SAMPLE) -> list[Row]:
        """The first rows (at most `SAMPLE`), for a preview; the file is not read again."""
        below = [row for row in self.first if row.number > self.header_row]
        return [self._aligned(row) for row in below[:count]]

    def cut_short(self, last: Row) -> bool:
        """A last line without its end and with cells missing: the copy was interrupted."""
        return (
            self.decoding is not None
            and not self.decoding.ends_with_newline
            and not self.ragged
            and last.fault is None
            and len(last.cells) < len(self.header)
        )

    def _aligned(self, row: Row) -> Row:
        width, cells = len(self.header), row.cells
        while len(cells) > width and not cells[-1]:
            cells = cells[:-1]
        lenient = self.ragged or self.decoding is None
        if row.fault is None and (len(cells) > width or (len(cells) < width and not lenient)):
            fault = f"La ligne a {len(cells)} cellules au lieu de {width}."
            return replace(row, cells=cells, fault=fault)
        return replace(row, cells=cells + ("",) * (width - len(cells)))


def open_table(
    path: Path,
    *,
    encoding_name: str | None = None,
    separator: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> Table:
    """Understand the file at `path` (CSV, TSV, TXT or XLSX, told by its content, not its name).

    Args:
        path: a file on this machine.
        encoding_name: imposes an encoding (a Python codec name) instead of guessing.
        separator: imposes a separator.
        sheet: chooses a sheet of a workbook; by default the first one that has rows.
        header_row: imposes the line of the header (0: there is none).

    Raises:
        UnreadableTable: nothing in it can be read; the sentence says why and what to do.
    """
    with path.open("rb") as stream:
        head = stream.read(64)
    if head.startswith(b"PK"):
        table = _open_workbook(path, sheet)
    else:
        _refuse_other_kinds(head)
        table = _open_text(path, encoding_name, separator)
    return _with_header(table, header_row)


def _refuse_other_kinds(head: bytes) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, sentence in _OTHER_KINDS:
        if start.startswith(magic):
            raise UnreadableTable(sentence)


def _open_text(path: Path, encoding_name: str | None, separator: str | None) -> Table:
    decoding = encoding.detect(path, encoding=encoding_name)
    sample: list[str] = []
    characters = 0
    for line in islice(physical_lines(path, decoding), SAMPLE):
        sample.append(line)
        characters += len(line)
        if characters > _SAMPLE_CHARACTERS:
            break
    found = Dialect(separator) if separator else dialect.detect(sample)
    table = Table(path, (), 0, decoding.lines, decoding.sha256, decoding=decoding, dialect=found)
    return replace(table, first=tuple(islice(_records(table), SAMPLE)))


def _open_workbook(path: Path, sheet: str | None) -> Table:
    survey = workbook.survey(path, sheet, SAMPLE)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Table(
        path,
        (),
        0,
        survey.expected,
        digest,
        sheet=survey.sheet,
        sheets=survey.sheets,
        first=survey.first,
    )


def _records(table: Table) -> Iterator[Row]:
    if table.decoding is None or table.dialect is None:
        return workbook.rows(table.path, table.sheet or "")
    lines = physical_lines(table.path, table.decoding)
    ends = table.decoding.ends_with_newline
    return records(lines, table.dialect, ends_with_newline=ends)


def _with_header(table: Table, header_row: int | None) -> Table:
    first = table.first
    if not first:
        raise UnreadableTable("Le fichier est vide.")
    if header_row is None:
        index = headers.find(first)
    else:
        index = next((i for i, row in enumerate(first) if row.number == header_row), None)
        if index is None and header_row:
            raise UnreadableTable(f"La ligne {header_row} est vide ou trop loin pour un en-tête.")
    body = first if index is None else first[index + 1 :]
    if index is None:
        common = Counter(len(row.cells) for row in body).most_common(1)[0][0]
        named = headers.labels(("",) * common)
    else:
        named = headers.labels(first[index].cells)
    short = sum(len(row.cells) < len(named) for row in body if row.fault is None)
    table = replace(
        table,
        header=named,
        header_row=0 if index is None else first[index].number,
        ragged=short >= 3 and short * 10 > len(body),
    )
    if body and len(first) < SAMPLE and table.cut_short(body[-1]):
        raise UnreadableTable(TRUNCATED, line=body[-1].number)
    return table
