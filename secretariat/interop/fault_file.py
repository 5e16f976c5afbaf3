"""The lines that an import did not take, as a file that a French spreadsheet opens."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from typing import BinaryIO

from secretariat.interop.csv.drafts import Problem
from secretariat.interop.csv.errors import ErrorFile
from secretariat.interop.csv.rows import Row
from secretariat.interop.models import ImportFile, ImportLine

_IN_MEMORY = 2 * 1024**2
_ENTRY = ("Titre", "Début")


def written(file: ImportFile, lines: Iterable[ImportLine]) -> BinaryIO:
    """An open file, at its beginning; no cell of it is a formula."""
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (sent, then closed)
    text = io.TextIOWrapper(spool, encoding="utf-8-sig", newline="", write_through=True)
    header = file.options.get("header") if file.kind == ImportFile.Kind.PATIENTS else _ENTRY
    errors = ErrorFile(text, [str(label) for label in header or ()])
    for line in lines:
        cells = line.content.get("cells", []) if isinstance(line.content, dict) else []
        row = Row(line.number, tuple(str(cell) for cell in cells))
        errors.add(row, [Problem("", "", line.sentence, blocking=True)])
    text.flush()
    text.detach()
    spool.seek(0)
    return spool  # type: ignore[return-value]
