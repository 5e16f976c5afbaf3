"""Where does the table begin, below the title and the date of printing?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .rows import Cell, Row
from .synonyms import known

SEARCHED = 40
"""Records among which the header is looked for."""
_LIKE_DATA = re.compile(r"\d{2}|@")


def find(rows: Sequence[Row]) -> int | None:
    """Index in `rows` of the header, or None when the first record already is a patient."""
    head = rows[:SEARCHED]
    scores = [known_labels(row) for row in head]
    best = max(scores, default=0)
    if best >= 2:
        return scores.index(best)
    width = _usual_width(rows)
    for index, row in enumerate(head):
        if len(row.cells) >= width and _all_labels(row.cells):
            below = rows[index + 1 : index + 6]
            if not below or any(not _all_labels(other.cells) for other in below):
                return index
        elif len(row.cells) >= width:
            return None
    return None


def known_labels(row: Row) -> int:
    """How many different fields the cells of this row name exactly."""
    cells = [cell for cell in row.cells if isinstance(cell, str) and 0 < len(cell) <= 80]
    return len({field for cell in cells if (field := known(cell)) is not None})


def labels(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Column labels, each one named and different from the others."""
    seen: Counter[str] = Counter()
    named = []
    for position, cell in enumerate(cells, start=1):
        label = " ".join(str(cell).split())[:120] or f"Colonne {position}"
        seen[label] += 1
        while seen[label] > 1 and f"{label} ({seen[label]})" in seen:
            seen[label] += 1
        unique = label if seen[label] == 1 else f"{label} ({seen[label]})"
        seen[unique] += unique != label
        named.append(unique)
    return tuple(named)


def _usual_width(rows: Sequence[Row]) -> int:
    widths = Counter(len(row.cells) for row in rows)
    return widths.most_common(1)[0][0] if widths else 0


def _all_labels(cells: Sequence[Cell]) -> bool:
    """Short different words, no figures: how a header looks, in any language."""
    texts = [cell for cell in cells if cell]
    return (
        len(texts) * 2 >= len(cells)
        and len(set(texts)) == len(texts)
        and all(
            isinstance(text, str) and len(text) <= 60 and not _LIKE_DATA.search(text)
            for text in texts
        )
    )
