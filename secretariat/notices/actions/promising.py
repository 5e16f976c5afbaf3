"""Promise that a patient will know, in the transaction of the fact; and take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from secretariat.core.prepared import insert
from secretariat.notices.actions.carrying import EARLIER, leave_message
from secretariat.notices.models import Attempt, Notice
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
    """Promise many notices of one kind, those promised before left as they are; but one taken
    back before anything left is promised again, since it is true again.

    Returns:
        How many are new.
    """
    wanted = {one.cause: one for one in promises}
    known = Notice.objects.filter(practice_id=practice_id, kind=kind, cause__in=list(wanted))
    for cause in known.values_list("cause", flat=True):
        del wanted[cause]
    back = known.filter(state=Notice.State.WITHDRAWN, told_at=None, answer="")
    unsaid = back.filter(Q(message=None) | Q(message__sent_at=None))
    for notice in unsaid.select_for_update(of=("self",), skip_locked=True).order_by("pk"):
        leave_message(notice)
        notice.state, notice.due_at, notice.why = Notice.State.PROMISED, at, ""
        notice.save(update_fields=["state", "due_at", "why", "detail"])
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


def hold_about(*, practice_id: int, about_ids: list[int]) -> None:
    """Lock what was promised about some rows before the first deed on them writes the day book:
    who tells one of these patients meanwhile holds the notice, and waits for the book."""
    about = Notice.objects.select_for_update().filter(
        practice_id=practice_id, about_id__in=about_ids
    )
    list(about.order_by("pk").values_list("pk"))


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
    was_open = [n for n in notices if n.state in OPEN]
    for notice in notices:
        if notice.state in OPEN:  # nobody need run after it any more
            notice.state, notice.answer_by = Notice.State.WITHDRAWN, None
            notice.save(update_fields=["state", "answer_by"])
        elif notice.answer_by is not None:
            notice.answer_by = None
            notice.save(update_fields=["answer_by"])
    leaving = _take_back_messages(was_open, at)
    heard = _heard([n for n in notices if n.told_at is None])
    return [
        n
        for n in notices
        if n.told_at or n.pk in heard or (n in was_open and n.message_id in leaving)
    ]


def _heard(notices: list[Notice]) -> set[int]:
    """Those not known to be told, of which a message or a voice on an answering machine may have
    reached someone all the same."""
    if not notices:
        return set()
    sent = {key for n in notices for key in (n.message_id, *n.detail.get(EARLIER, [])) if key}
    left = Message.objects.filter(
        pk__in=sent, state__in=(Message.State.SENT, Message.State.DELIVERED)
    )
    gone = set(left.values_list("pk", flat=True))
    spoken = Attempt.objects.filter(
        notice__in=notices, outcome=Attempt.Outcome.VOICEMAIL
    ).values_list("notice_id", flat=True)
    by_message = {n.pk for n in notices if gone & {n.message_id, *n.detail.get(EARLIER, [])}}
    return by_message | set(spoken)


def _take_back_messages(notices: list[Notice], at: datetime) -> set[int]:
    """Messages that carry nothing else are withdrawn; the others will say less.

    Returns:
        The keys of those that a worker has in hand: they may say it all the same.
    """
    keys = {n.message_id for n in notices if n.message_id}
    if not keys:
        return set()
    speaking = Notice.objects.filter(message_id__in=keys, state=Notice.State.CARRIED)
    shared = set(speaking.values_list("message_id", flat=True))
    outbox.withdraw(messages=Message.objects.filter(pk__in=keys - shared), at=at)
    return outbox.in_hand(message_ids=keys, at=at)
