"""Which sign separates the cells of this file?"""

from __future__ import annotations

import math
import re
from collections import Counter

from . import headers
from .lines import Dialect, records
from .refusals import UnreadableTable

SEPARATORS = (";", "\t", ",", "|")
_HINT = re.compile(r'^"?sep=(.)"?\s*$', re.IGNORECASE)


def detect(sample: list[str]) -> Dialect:
    """Separator and quote of a file.

    Args:
        sample: the first physical lines.

    Raises:
        UnreadableTable: no separator gives at least two columns.
    """
    hint = _HINT.match(sample[0]) if sample else None
    if hint:
        return Dialect(hint[1])
    if not any(sign.isalnum() for line in sample for sign in line):
        raise UnreadableTable("Le fichier est vide.")
    scored = [(_agreement(sample, separator), separator) for separator in SEPARATORS]
    score, separator = max(scored, key=lambda pair: pair[0])
    if not score:
        raise UnreadableTable(
            "Aucun séparateur reconnu : le fichier n’a qu’une colonne. "
            "Exportez-le avec des points-virgules, des tabulations ou des virgules."
        )
    return Dialect(separator, _quote(sample, separator))


def _agreement(sample: list[str], separator: str) -> float:
    """How well lines agree on their number of cells (0 when most have one cell).

    More cells are better, and known labels better still: addresses are full of commas.
    """
    rows = records(iter(sample), Dialect(separator), ends_with_newline=True)
    sound = [row for row in rows if row.fault is None]
    widths = [len(row.cells) for row in sound]
    if not widths:
        return 0.0
    several = Counter(width for width in widths if width > 1)
    if sum(several.values()) * 2 < len(widths):
        return 0.0
    width, count = several.most_common(1)[0]
    labels = max(headers.known_labels(row) for row in sound[: headers.SEARCHED])
    return count / len(widths) * math.sqrt(min(width, 20)) * (1 + labels)


def _quote(sample: list[str], separator: str) -> str:
    """An apostrophe only when nearly every filled cell is enclosed in two of them."""
    cells = [cell.strip() for line in sample[:50] for cell in line.split(separator)]
    filled = [cell for cell in cells if cell]
    enclosed = sum(len(cell) > 1 and cell[0] == cell[-1] == "'" for cell in filled)
    return "'" if filled and enclosed > 0.8 * len(filled) else '"'
