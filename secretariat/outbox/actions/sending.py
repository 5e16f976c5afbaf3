"""Take messages in hand, and write what became of each. Called by the dispatcher alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from secretariat.core.prepared import columns, fetch, insert, row
from secretariat.outbox.channels import Outcome, Receipt
from secretariat.outbox.joined import kept
from secretariat.outbox.models import Delivery, Message
from secretariat.outbox.rendering import Text
from secretariat.outbox.signals import settled

LEASE = timedelta(minutes=3)
"""Longer than the slowest sending of a batch; a dead worker's messages wait that long."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
"""How long before the next attempt; past the last one the channel is given up."""

_CLAIM = """
UPDATE outbox_message SET leased_until = %s, attempts = attempts + 1 WHERE id IN (
    SELECT id FROM outbox_message
     WHERE state = 'waiting' AND next_at <= %s AND channel <> 'letter'
       AND (leased_until IS NULL OR leased_until <= %s)
     ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


_TEXTS = """
WITH written AS (
    UPDATE outbox_message AS message
    SET subject = said.subject, body = said.body, joined = said.joined::jsonb
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
         AS said (id, subject, body, joined)
    WHERE message.id = said.id RETURNING message.id
)
SELECT count(*) FROM written
"""
_HELD = f"SELECT {columns(Message, 'm')} FROM outbox_message m WHERE m.id = %s FOR UPDATE"  # noqa: S608
_KEPT = """
UPDATE outbox_message SET leased_until = %s, reference = %s, cents = %s, confirmed_later = %s,
    state = %s, sent_at = %s, settled_at = %s, next_at = %s, failure = %s
WHERE id = %s RETURNING id
"""


def claim(*, at: datetime, most: int) -> list[Message]:
    """Take up to `most` messages in hand, oldest first: no other worker gets them meanwhile.

    The lease is committed before anything leaves: a worker that dies leaves its messages to
    another, which sends them again under the same `stable_id`.
    """
    with transaction.atomic():
        rows = fetch(_CLAIM, [at + LEASE, at, at, most])
    return list(Message.objects.filter(pk__in=[pk for (pk,) in rows]).order_by("next_at", "pk"))


def put_back(*, messages: Sequence[Message], next_at: datetime) -> None:
    """Give back messages that were not tried: nothing counts as an attempt."""
    for message in messages:
        message.attempts -= 1
        message.next_at, message.leased_until = next_at, None
        message.save(update_fields=["attempts", "next_at", "leased_until"])


@transaction.atomic
def leave_out(*, message: Message, at: datetime) -> None:
    """Withdraw a message that has nothing left to say."""
    message.state, message.settled_at = Message.State.WITHDRAWN, at
    message.leased_until = None
    message.save(update_fields=["state", "settled_at", "leased_until"])
    settled.send(leave_out, message=message, at=at)


def write_down(*, texts: Mapping[int, Text], messages: Sequence[Message]) -> None:
    """Keep what each message says before it leaves: it may be delivered before we hear of it."""
    for message in messages:
        text = texts[message.pk]
        message.subject, message.body = text.subject[:200], text.body
        message.joined = kept(text.joined)
    if messages:
        keys = [message.pk for message in messages]
        said = [[one.subject for one in messages], [one.body for one in messages]]
        fetch(_TEXTS, [keys, *said, [json.dumps(one.joined) for one in messages]])


@transaction.atomic
def record(*, message: Message, receipt: Receipt, cents: int, confirms: bool, at: datetime) -> None:
    """Write what the channel answered to one attempt; what came back quicker than it stays.

    Args:
        cents: what it cost if it was accepted, in euro cents.
        confirms: the channel will say whether it arrived.
    """
    current = row(Message, fetch(_HELD, [message.pk])[0])
    insert(
        Delivery(
            practice_id=current.practice_id, message=current, at=at,
            outcome=receipt.outcome.value, detail=receipt.detail[:300],
        )
    )  # fmt: skip
    current.leased_until = None
    before = current.state
    if receipt.outcome is Outcome.ACCEPTED:
        current.reference, current.cents = receipt.reference[:120], cents
        current.confirmed_later = confirms
    if before == Message.State.WAITING:
        _move_on(current, receipt, at)
    _keep(current)
    if current.state != before:
        settled.send(record, message=current, at=at)


def _keep(current: Message) -> None:
    """What an attempt may change in a message, in one statement planned once."""
    fetch(_KEPT, [
        current.leased_until, current.reference, current.cents, current.confirmed_later,
        current.state, current.sent_at, current.settled_at, current.next_at, current.failure,
        current.pk,
    ])  # fmt: skip


def _move_on(message: Message, receipt: Receipt, at: datetime) -> None:
    if receipt.outcome is Outcome.ACCEPTED:
        message.state, message.sent_at = Message.State.SENT, at
    elif receipt.outcome is Outcome.LATER and (again := _next(message, receipt, at)):
        message.next_at, message.failure = again, receipt.detail[:300]
    else:
        message.state, message.settled_at = Message.State.FAILED, at
        message.failure = receipt.detail[:300]


@transaction.atomic
def give_up(*, message: Message, why: str, at: datetime) -> None:
    """A message that cannot leave: no way out, or too late."""
    message.state, message.settled_at = Message.State.FAILED, at
    message.leased_until, message.failure = None, why[:300]
    message.save(update_fields=["state", "settled_at", "leased_until", "failure"])
    settled.send(give_up, message=message, at=at)


def _next(message: Message, receipt: Receipt, at: datetime) -> datetime | None:
    """When to try again; None when it has been tried enough or would come too late."""
    if message.attempts > len(WAITS):
        return None
    wait = WAITS[message.attempts - 1]
    if receipt.retry_after_s:
        wait = max(wait, timedelta(seconds=receipt.retry_after_s))
    again = at + wait
    return None if message.expires_at and again >= message.expires_at else again
