"""Letters on paper: two PDFs to print, drawn by typst from data alone, without any network.

The address stands where French window envelopes show it (DL, window of 35 × 100 mm at the right:
NF Z11-001, NF Z10-011): 105 mm from the left edge, 50 mm from the top of an A4 folded in three.
Labels: three columns of eight, 70 × 37 mm.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

PRINT = Path(__file__).resolve().parent.parent / "print"
LINES = 6
"""A French address has six lines at most, of 38 letters."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One letter as it is printed; all of it plain text."""

    address: Sequence[str]
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of each letter."""

    practice: str
    lines: Sequence[str]
    dated: str


def letters(head: Head, papers: Sequence[Paper]) -> bytes:
    """A PDF, one letter a page at least; empty pages follow none."""
    return _drawn("letters.typ", head, papers)


def labels(papers: Sequence[Paper]) -> bytes:
    """A PDF of labels, in the same order."""
    return _drawn("labels.typ", Head("", (), ""), papers)


def _drawn(template: str, head: Head, papers: Sequence[Paper]) -> bytes:
    told = {"head": asdict(head), "letters": [_told(paper) for paper in papers]}
    found = typst.compile(
        PRINT / template,
        root=PRINT,
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told)},
    )
    assert isinstance(found, bytes)  # noqa: S101 - one PDF, never a list of images
    return found


def _told(paper: Paper) -> dict[str, object]:
    paragraphs = [one.strip() for one in paper.body.split("\n\n")]
    return {
        "address": [line.strip() for line in paper.address if line.strip()][:LINES],
        "subject": paper.subject,
        "paragraphs": [one.splitlines() for one in paragraphs if one],
    }
