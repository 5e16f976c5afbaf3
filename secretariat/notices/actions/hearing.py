"""What became of a message, written on the notices that it carried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from secretariat.core.prepared import fetch
from secretariat.notices.actions.carrying import leave_message, unreached
from secretariat.notices.models import Notice, Stop
from secretariat.notices.writing import KIND
from secretariat.outbox import actions as outbox
from secretariat.outbox.models import Message
from secretariat.practice.models import Staff
from secretariat.privacy import daybook


@transaction.atomic(savepoint=False)  # within the deed that it hears of
def messages_settled(*, messages: Sequence[Message], at: datetime) -> None:
    """Told when it arrived; when it failed, another way is tried, then a person is asked."""
    by_key = {message.pk: message for message in messages}
    notices = Notice.objects.select_for_update().filter(message_id__in=by_key).order_by("pk")
    told = []
    for notice in notices:
        message = by_key[notice.message_id or 0]
        match message.state:
            case Message.State.DELIVERED:
                told.append(_told(notice, message, at))
            case Message.State.SENT if not message.confirmed_later:
                told.append(_told(notice, message, at))
            case Message.State.FAILED:
                _another_way(notice, message, at)
            case Message.State.WITHDRAWN if notice.state == Notice.State.CARRIED:
                # Its writer found that it was no longer true.
                notice.state = Notice.State.WITHDRAWN
                notice.save(update_fields=["state"])
    _keep_told([notice for notice in told if notice is not None])


def _told(notice: Notice, message: Message, at: datetime) -> Notice | None:
    """The notice if it changes."""
    if notice.state not in {Notice.State.CARRIED, Notice.State.UNREACHED}:
        return None
    if notice.told_at is None:
        notice.told_at, notice.told_how = at, message.channel
    if not notice.answer:  # who has answered already, and asks for something, waits for it still
        notice.state, notice.why = Notice.State.TOLD, ""
    return notice


_TOLD = """
UPDATE notices_notice AS n
SET state = told.state, why = told.why, told_at = told.told_at, told_how = told.told_how
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[], %s::text[])
     AS told (id, state, why, told_at, told_how)
WHERE n.id = told.id AND n.id = ANY(%s::bigint[]) RETURNING n.id
"""


def _keep_told(notices: Sequence[Notice]) -> None:
    """In one statement planned once: there is one for each message that leaves."""
    if notices:
        keys = [one.pk for one in notices]
        fetch(_TOLD, [
            keys, [str(one.state) for one in notices],
            [one.why for one in notices], [one.told_at for one in notices],
            [one.told_how for one in notices], keys,
        ])  # fmt: skip


def _another_way(notice: Notice, message: Message, at: datetime) -> None:
    """Back to those to be carried, without this address; unless someone told them meanwhile."""
    by_this_message = notice.told_by_id is None and not notice.answer
    if notice.state == Notice.State.TOLD and not by_this_message:
        return
    if notice.state not in {Notice.State.CARRIED, Notice.State.TOLD}:
        return
    notice.told_at, notice.told_how = None, ""
    notice.tried = [*notice.tried, message.address]
    if message.channel == Message.Channel.LETTER:
        unreached(notice, message.failure, at)
        return
    leave_message(notice)
    notice.state, notice.due_at, notice.why = Notice.State.PROMISED, at, message.failure
    notice.save()


@transaction.atomic
def stop(*, practice_id: int, address: str, at: datetime, by: Staff | None = None) -> bool:
    """Write to an address no more: its holder said so.

    Args:
        address: E.164 or e-mail.
        by: who wrote it down; None when « STOP » came by message.

    Returns:
        Whether it is new.
    """
    _row, new = Stop.objects.get_or_create(
        practice_id=practice_id, address=address, defaults={"at": at, "by": by}
    )
    if new:
        _hold_back(practice_id, address, at)
        daybook.note(practice_id=practice_id, by=by, at=at, verb="notices.stop", subject=_row)
    return new


def _hold_back(practice_id: int, address: str, at: datetime) -> None:
    """What was about to leave for the address goes another way, or to a person."""
    waiting = Message.objects.filter(
        practice_id=practice_id, kind=KIND, address=address, state=Message.State.WAITING
    )
    carried = Notice.objects.select_for_update(of=("self",)).filter(
        message__in=waiting, state=Notice.State.CARRIED
    )
    for notice in carried.order_by("pk"):
        leave_message(notice)
        notice.state, notice.due_at = Notice.State.PROMISED, at
        notice.save(update_fields=["state", "due_at", "detail"])
    outbox.withdraw(messages=waiting, at=at)


@transaction.atomic
def allow_again(*, practice_id: int, address: str, by: Staff, at: datetime) -> None:
    """The holder of an address wants messages again, and said it to `by`."""
    found = Stop.objects.filter(practice_id=practice_id, address=address).first()
    if found is not None:
        daybook.note(practice_id=practice_id, by=by, at=at, verb="notices.allow", subject=found)
        found.delete()
