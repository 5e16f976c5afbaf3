"""Documents that go with a reason: brought, named, allowed to leave, removed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum

from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import InstructionDocument, VisitReason
from secretariat.core import pdf
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

LIMIT_BYTES = 5 * 1024 * 1024
JOINED_BYTES = 8 * 1024 * 1024
"""All that one reason joins to an e-mail; many servers refuse more than 10 MB, once encoded."""
MOST = 6
TITLE, NAME = 120, 100
PROMISE = (
    "Ce document ne dit rien de la santé du patient : ni motif, ni spécialité, ni examen, ni nom."
)
"""What someone says under their name before a document may leave."""


class DocumentTooBig(BadInput):
    """The file is bigger than a sheet of instructions."""

    status = 413


class DocumentExists(Refusal):
    """Two documents of a reason cannot have one title."""


class DocumentGone(Refusal):
    """Someone removed it meanwhile."""


@transaction.atomic
def add_document(
    *, reason: VisitReason, title: str, file_name: str, content: bytes, by: Staff, at: datetime
) -> InstructionDocument:
    """Keep a PDF for those who come for `reason`; it is confidential until someone says otherwise.

    Args:
        file_name: as the person's computer names it.

    Raises:
        NotAllowed, BadInput, NotAPdf, DocumentTooBig, DocumentExists.
    """
    must_rule(by)
    if len(content) > LIMIT_BYTES:
        raise DocumentTooBig("Ce fichier dépasse 5 Mo : enregistrez-le en plus léger.")
    pages = pdf.checked(content)
    _lock(reason)
    standing = _standing(reason)
    if standing.count() >= MOST:
        raise BadInput(f"Ce motif a déjà {MOST} documents : retirez-en un d’abord.")
    document = InstructionDocument(
        practice_id=reason.practice_id, reason=reason, title=_free(reason, title),
        file_name=clean_name(file_name), content=content, size=len(content), pages=pages,
        sha256=hashlib.sha256(content).hexdigest(), author=by, created_at=at,
    )  # fmt: skip
    document.save()
    _note(document, "agenda.add_document", by, at, sha256=document.sha256, size=document.size)
    return document


@transaction.atomic
def rename_document(
    *, document: InstructionDocument, title: str, by: Staff, at: datetime
) -> InstructionDocument:
    """Give a document another title.

    Raises:
        NotAllowed, BadInput, DocumentExists, DocumentGone.
    """
    must_rule(by)
    current = _current(document)
    before, current.title = current.title, _free(current.reason, title, but=current.pk)
    current.save(update_fields=["title"])
    _note(current, "agenda.rename_document", by, at, before=before)
    return current


@transaction.atomic
def allow_joining(*, document: InstructionDocument, by: Staff, at: datetime) -> InstructionDocument:
    """Say, under one's name, that a document may leave by e-mail and behind a link (`PROMISE`).

    Raises:
        NotAllowed, BadInput, DocumentGone.
    """
    must_rule(by)
    current = _current(document)
    if current.joinable_at is not None:
        return current
    others = _standing(current.reason).filter(joinable_at__isnull=False)
    together = others.aggregate(all=Sum("size"))["all"] or 0
    if together + current.size > JOINED_BYTES:
        raise BadInput(
            "Les documents joints d’un motif ne dépassent pas 8 Mo ensemble :"
            " celui-ci reste confidentiel."
        )
    current.joinable_at, current.joinable_by = at, by
    current.save(update_fields=["joinable_at", "joinable_by"])
    _note(current, "agenda.allow_joining", by, at, sha256=current.sha256, said=PROMISE)
    return current


@transaction.atomic
def keep_confidential(
    *, document: InstructionDocument, by: Staff, at: datetime
) -> InstructionDocument:
    """Let a document leave no more: it is handed over or posted, and its links answer nothing.

    Raises:
        NotAllowed, DocumentGone.
    """
    must_rule(by)
    current = _current(document)
    current.joinable_at, current.joinable_by = None, None
    current.save(update_fields=["joinable_at", "joinable_by"])
    _note(current, "agenda.keep_confidential", by, at)
    return current


@transaction.atomic
def remove_document(*, document: InstructionDocument, by: Staff, at: datetime) -> None:
    """Give a document no more, and erase its bytes; its title stays for what was sent.

    Raises:
        NotAllowed, DocumentGone.
    """
    must_rule(by)
    current = _current(document)
    current.removed_at, current.removed_by, current.content = at, by, b""
    current.save(update_fields=["removed_at", "removed_by", "content"])
    _note(current, "agenda.remove_document", by, at, sha256=current.sha256)


def clean_name(given: str) -> str:
    """A file's name without folder, control or direction signs, ending in « .pdf ».

    >>> clean_name("C:\\\\fiches\\\\Préparation.PDF")
    'Préparation.pdf'
    """
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    stem = re.sub(r"(?i)\.pdf$", "", last)
    plain = " ".join(re.sub(r"[^\w .'’()-]+", " ", stem).split()).strip(". ")
    return f"{plain[: NAME - 4].strip() or 'document'}.pdf"


def _current(document: InstructionDocument) -> InstructionDocument:
    """The document as it stands, its reason's documents held until the end."""
    _lock(document.reason)
    found = InstructionDocument.objects.defer("content").select_related("reason")
    current = found.filter(pk=document.pk, removed_at__isnull=True).first()
    if current is None:
        raise DocumentGone("Ce document a été retiré entre-temps.")
    return current


def _lock(reason: VisitReason) -> None:
    VisitReason.objects.select_for_update().get(pk=reason.pk, practice_id=reason.practice_id)


def _standing(reason: VisitReason) -> Any:
    return InstructionDocument.objects.filter(reason=reason, removed_at__isnull=True)


def _free(reason: VisitReason, title: str, but: int | None = None) -> str:
    """The title as it is kept, when no other document of the reason has it."""
    said = " ".join(unicodedata.normalize("NFC", title).split())
    if not said or not said.isprintable():
        raise BadInput("Donnez un titre à ce document.")
    if len(said) > TITLE:
        raise BadInput(f"Ce titre est trop long : {TITLE} lettres au plus.")
    if _standing(reason).filter(title=said).exclude(pk=but).exists():
        raise DocumentExists(f"« {said} » est déjà un document de ce motif : rien n’a été écrit.")
    return said


def _note(document: InstructionDocument, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(
        practice_id=document.practice_id, by=by, at=at, verb=verb, subject=document,
        reason=document.reason_id, title=document.title, **detail,
    )  # fmt: skip
