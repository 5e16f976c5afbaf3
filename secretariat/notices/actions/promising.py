"""Promise that a patient will know, in the transaction of the fact; and take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from secretariat.core.prepared import insert
from secretariat.notices.models import Notice
from secretariat.outbox import actions as outbox
from secretariat.outbox.models import Message
from secretariat.practice.models import Staff

OPEN = (Notice.State.PROMISED, Notice.State.CARRIED, Notice.State.UNREACHED)


def promise(
    *,
    practice_id: int,
    kind: str,
    cause: str,
    patient_id: int,
    by: Staff | None,
    at: datetime,
    about_id: int | None = None,
    about_at: datetime | None = None,
    due_at: datetime | None = None,
    needed_by: datetime | None = None,
    answer_by: datetime | None = None,
    must: bool = True,
    detail: Mapping[str, Any] | None = None,
) -> Notice | None:
    """Promise a notice: one row, in the caller's transaction. Nothing is sent here.

    The deed that causes it writes the day book; the notice itself is the contact ledger's line.

    Args:
        kind: a declared kind (kinds.py).
        cause: what for; the same cause of a kind is promised once, whoever asks and how often.
        by: who acted; None for the background work.
        about_id, about_at: the visit or other row, and the moment of that visit.
        due_at: when it may leave; now by default. A short delay lets an undo withdraw it.
        needed_by: when the patient must know; the visit's moment by default.
        answer_by: an answer is awaited until then, if at all.
        must: someone has to deal with it when it cannot be told; False for a courtesy.
        detail: plain values for the text; nothing about health.

    Returns:
        The notice, or None when it was promised before.
    """
    notice = Notice(
        practice_id=practice_id, kind=kind, cause=cause, patient_id=patient_id,
        about_id=about_id, about_at=about_at, due_at=due_at or at,
        needed_by=needed_by or about_at, answer_by=answer_by, must=must,
        detail=dict(detail or {}), created_at=at, created_by=by,
    )  # fmt: skip
    return notice if insert(notice, unless_refused=True) else None


@dataclass(frozen=True, slots=True)
class Promise:
    """One of many: what `promise` takes, without what they share."""

    cause: str
    patient_id: int
    about_id: int | None = None
    about_at: datetime | None = None
    must: bool = True
    detail: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def promise_many(
    *, practice_id: int, kind: str, promises: Iterable[Promise], by: Staff | None, at: datetime
) -> int:
    """Promise many notices of one kind, those promised before left as they are.

    Returns:
        How many are new.
    """
    wanted = {one.cause: one for one in promises}
    known = Notice.objects.filter(practice_id=practice_id, kind=kind, cause__in=list(wanted))
    for cause in known.values_list("cause", flat=True):
        del wanted[cause]
    notices = [
        Notice(
            practice_id=practice_id, kind=kind, cause=one.cause, patient_id=one.patient_id,
            about_id=one.about_id, about_at=one.about_at, needed_by=one.about_at, due_at=at,
            must=one.must, detail=dict(one.detail), created_at=at, created_by=by,
        )
        for one in wanted.values()
    ]  # fmt: skip
    # Another run may be as far: the constraint decides, and neither fails.
    Notice.objects.bulk_create(notices, batch_size=1000, ignore_conflicts=True)
    return len(notices)


@transaction.atomic
def withdraw(
    *, practice_id: int, kinds: tuple[str, ...], about_ids: list[int], at: datetime
) -> list[Notice]:
    """Take back what was promised about some rows and has not left; it no longer is true.

    Args:
        kinds: which kinds of notice; ("visit.",) takes all those that begin so.

    Returns:
        The notices that patients may have received already: they need a correction.
    """
    found = Notice.objects.select_for_update().filter(
        practice_id=practice_id, about_id__in=about_ids
    )
    notices = [n for n in found.order_by("pk") if n.kind.startswith(kinds)]
    gone: list[Notice] = []
    for notice in notices:
        if notice.state in OPEN and not _has_left(notice):
            notice.state = Notice.State.WITHDRAWN
            notice.save(update_fields=["state"])
        elif notice.told_at or _has_left(notice):
            gone.append(notice)
            if notice.state in OPEN:  # nobody need run after it any more
                notice.state = Notice.State.WITHDRAWN
                notice.save(update_fields=["state"])
    _take_back_messages(notices, at)
    return gone


def _has_left(notice: Notice) -> bool:
    """Whether a message of it may have reached someone."""
    if notice.message_id is None or notice.message is None:
        return False
    return notice.message.state in {Message.State.SENT, Message.State.DELIVERED}


def _take_back_messages(notices: list[Notice], at: datetime) -> None:
    """Messages that carry nothing else are withdrawn; the others will say less."""
    keys = {n.message_id for n in notices if n.message_id and n.state == Notice.State.WITHDRAWN}
    speaking = Notice.objects.filter(message_id__in=keys, state=Notice.State.CARRIED)
    empty = keys - set(speaking.values_list("message_id", flat=True))
    if empty:
        outbox.withdraw(messages=Message.objects.filter(pk__in=empty), at=at)
