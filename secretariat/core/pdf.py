"""PDF files that people bring: whether they are what they say, and one after the other.

Nothing in them is run or followed; what could act by itself in a reader is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from secretariat.core.refusal import BadInput

# It tells the bytes that it meets: a refusal says enough.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

MOST_PAGES = 40
ACTING = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"})
"""Actions that a document asks of whoever opens it (ISO 32000-1, 12.6.4)."""
UNREAD = (
    "Ce fichier n’est pas un PDF lisible : enregistrez-le de nouveau en PDF. Rien n’a été gardé."
)


class NotAPdf(BadInput):
    """These bytes are no PDF that can be given to a patient."""


class ActingPdf(NotAPdf):
    """This PDF runs a program, holds another file, or asks for a password."""


def checked(content: bytes) -> int:
    """Read a file whole, and answer how many pages it has.

    Raises:
        NotAPdf: it is something else, is cut short, or is empty; too long.
        ActingPdf: it would act by itself in a reader.
    """
    if not content.startswith(b"%PDF-"):
        raise NotAPdf(UNREAD)
    try:
        return _pages(PdfReader(BytesIO(content)))
    except NotAPdf:
        raise
    except Exception as error:  # whatever a parser meets in bytes that anyone may have made
        raise NotAPdf(UNREAD) from error


def _pages(reader: PdfReader) -> int:
    if reader.is_encrypted:
        raise ActingPdf("Ce PDF est protégé par un mot de passe : enregistrez-le sans protection.")
    pages = len(reader.pages)
    if not pages:
        raise NotAPdf(UNREAD)
    if pages > MOST_PAGES:
        raise NotAPdf(f"Ce PDF a {pages} pages : un document à remettre en a {MOST_PAGES} au plus.")
    root = reader.root_object
    names = _dictionary(root.get("/Names"))
    holders = [root, *reader.pages]
    if "/JavaScript" in names or "/EmbeddedFiles" in names or any(map(_acts, holders)):
        raise ActingPdf(
            "Ce PDF contient un programme ou un fichier joint : enregistrez-en une version simple."
        )
    for page in reader.pages:
        page.get_contents()
    return pages


def _acts(holder: Any) -> bool:
    """Whether a document, a page or something on it acts when it is opened or passed over."""
    asked = [_dictionary(holder.get("/OpenAction")), _dictionary(holder.get("/A"))]
    asked += [_dictionary(one) for one in _dictionary(holder.get("/AA")).values()]
    if any(one.get("/S") in ACTING for one in asked):
        return True
    notes = holder.get("/Annots")
    return any(_acts(_dictionary(note)) for note in (notes.get_object() if notes else ()))


def _dictionary(found: Any) -> dict[str, Any]:
    known = found.get_object() if found is not None else None
    return known if isinstance(known, dict) else {}


def merged(parts: Iterable[tuple[bytes, range | None]]) -> bytes:
    """Pages of several PDFs, one after the other.

    Args:
        parts: the bytes of each, and which of its pages, counted from 0; None for all. The same
            bytes given twice weigh once.

    Raises:
        NotAPdf: one of them cannot be read.
    """
    writer, readers = PdfWriter(), dict[int, PdfReader]()
    kept = list(parts)  # alive until the end: their identities are keys
    try:
        for content, wanted in kept:
            reader = readers.setdefault(id(content), PdfReader(BytesIO(content)))
            for number in wanted if wanted is not None else range(len(reader.pages)):
                writer.add_page(reader.pages[number])
    except PyPdfError as error:
        raise NotAPdf(UNREAD) from error
    written = BytesIO()
    writer.write(written)
    return written.getvalue()
