"""A patient answers, by a link or to someone who calls."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.notices.models import Notice
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


@transaction.atomic
def answer(*, notice: Notice, answer: str, by: Staff, at: datetime) -> Notice:
    """Write a patient's answer; whoever answers knows, so nobody need look for them.

    Args:
        answer: one of `Notice.Answer`, not empty; the last one counts.
        by: the post of links, or the secretary who was on the telephone.
    """
    current = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("message")
        .get(pk=notice.pk, practice_id=by.practice_id)
    )
    if current.answer == answer:
        return current
    current.answer, current.answered_at, current.answer_by = answer, at, None
    if current.told_at is None:
        channel = current.message.channel if current.message else Notice.How.PHONE
        current.told_at, current.told_how = at, channel
    current.state, current.why = Notice.State.TOLD, ""
    current.save()
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb="notices.answer", subject=current,
        patient_id=current.patient_id, answer=answer,
    )  # fmt: skip
    return current


@transaction.atomic
def ask_another(*, notice: Notice, wanted: str, by: Staff, at: datetime) -> Notice:
    """A patient asks for another time and waits for the practice: someone calls back.

    Args:
        wanted: a day and an hour among those that were shown, or "".
    """
    current = answer(notice=notice, answer=Notice.Answer.OTHER, by=by, at=at)
    current.state, current.unreached_at = Notice.State.UNREACHED, at
    current.why = f"Demande un autre moment : {wanted}." if wanted else "Demande un autre moment."
    current.save(update_fields=["state", "unreached_at", "why"])
    return current
