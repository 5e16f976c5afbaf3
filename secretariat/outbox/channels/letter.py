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
from typing import Any

import typst

from secretariat.core import pdf

PRINT = Path(__file__).resolve().parent.parent / "print"
LINES = 6
"""A French address has six lines at most, of 38 letters."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One letter as it is printed: plain text, and the PDFs printed behind it."""

    address: Sequence[str]
    subject: str
    body: str
    enclosed: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the head of each letter."""

    practice: str
    lines: Sequence[str]
    dated: str


def letters(head: Head, papers: Sequence[Paper]) -> bytes:
    """A PDF, one letter a page at least, each followed by what is enclosed; no empty page."""
    told = _told("letters.typ", head, papers)
    drawn = _drawn(told)
    if not any(paper.enclosed for paper in papers):
        return drawn
    ends = json.loads(typst.query(selector="<end>", field="value", **told))
    parts: list[tuple[bytes, range | None]] = []
    for first, end, paper in zip([0, *ends], ends, papers, strict=False):
        parts += [(drawn, range(first, end)), *((one, None) for one in paper.enclosed)]
    return pdf.merged(parts)


def labels(papers: Sequence[Paper]) -> bytes:
    """A PDF of labels, in the same order."""
    return _drawn(_told("labels.typ", Head("", (), ""), papers))


def _drawn(told: dict[str, Any]) -> bytes:
    found = typst.compile(**told)
    assert isinstance(found, bytes)  # noqa: S101 - one PDF, never a list of images
    return found


def _told(template: str, head: Head, papers: Sequence[Paper]) -> dict[str, Any]:
    """What typst is asked: a template and data."""
    told = {"head": asdict(head), "letters": [_said(paper) for paper in papers]}
    return {
        "input": PRINT / template,
        "root": PRINT,
        "ignore_system_fonts": True,
        "sys_inputs": {"told": json.dumps(told)},
    }


def _said(paper: Paper) -> dict[str, object]:
    paragraphs = [one.strip() for one in paper.body.split("\n\n")]
    return {
        "address": [line.strip() for line in paper.address if line.strip()][:LINES],
        "subject": paper.subject,
        "paragraphs": [one.splitlines() for one in paragraphs if one],
    }
