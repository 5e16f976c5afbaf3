"""The day book: one line for every deed, chained, never rewritten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from secretariat.core.prepared import fetch, insert
from secretariat.practice.models import Practice, Staff
from secretariat.privacy.models import Entry

_HEAD = (
    "SELECT number, digest FROM privacy_entry WHERE practice_id = %s ORDER BY number DESC LIMIT 1"
)


def note(
    *,
    practice_id: int,
    by: Staff | None,
    at: datetime,
    verb: str,
    subject: models.Model | None = None,
    patient_id: int | None = None,
    **detail: Any,
) -> Entry:
    """Write a line, last in the action's transaction: it holds the practice's chain until commit.

    Args:
        practice_id: whose book.
        by: who acted; None for the system itself.
        at: when, UTC.
        verb: `room.verb`, such as "agenda.book".
        subject: the row acted upon.
        patient_id: whose file it concerns, for the patient page.
        detail: plain values; no free text about health.
    """
    entry = Entry(
        practice_id=practice_id,
        staff=by,
        by_name=by.display_name if by else "Secrétariat",
        at=at,
        verb=verb,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        patient_id=patient_id,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str),
    )
    insert(entry)
    return entry


@dataclass(frozen=True, slots=True)
class Break:
    """The first line where a chain no longer holds."""

    practice_id: int
    number: int
    what: str


def digest(entry: Entry) -> str:
    """The digest a line must bear, counted again in Python from its columns."""
    micros = int(entry.at.timestamp()) * 1_000_000 + entry.at.microsecond
    parts = [
        entry.previous, entry.practice_id, entry.number, micros, entry.staff_id or 0, entry.by_name,
        entry.verb, entry.subject_kind, entry.subject_id or 0, entry.patient_id or 0, entry.detail,
    ]  # fmt: skip
    return hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()


def _lines(practice: Practice) -> Iterator[Entry]:
    return Entry.objects.filter(practice=practice).order_by("number").iterator(chunk_size=2000)


def verify(practice: Practice, anchors: dict[int, str] | None = None) -> Break | None:
    """Walk a practice's chain and name its first bad line.

    Args:
        practice: its scope must be open.
        anchors: {line number: digest} kept outside the database; a missing or
            different line betrays a cut tail or a chain counted anew.
    """
    anchors = dict(anchors or {})
    previous, number = "", 0
    for entry in _lines(practice):
        if entry.number != number + 1:
            return Break(practice.pk, number + 1, "ligne absente")
        if entry.previous != previous or entry.digest != digest(entry):
            return Break(practice.pk, entry.number, "ligne modifiée")
        if anchors.pop(entry.number, entry.digest) != entry.digest:
            return Break(
                practice.pk, entry.number, "ligne différente de l’ancre gardée hors de la base"
            )
        previous, number = entry.digest, entry.number
    if anchors:
        return Break(practice.pk, min(anchors), "fin du journal coupée")
    return None


def head(practice_id: int) -> tuple[int, str]:
    """Number and digest of the last line; (0, "") for an empty book."""
    last = fetch(_HEAD, [practice_id])
    return last[0] if last else (0, "")
