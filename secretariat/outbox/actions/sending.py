"""Take messages in hand, and write what became of each. Called by the dispatcher alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from secretariat.core.prepared import columns, fetch, row
from secretariat.outbox.channels import Outcome, Receipt
from secretariat.outbox.joined import kept
from secretariat.outbox.models import Message
from secretariat.outbox.rendering import Text
from secretariat.outbox.signals import settled

LEASE = timedelta(minutes=3)
"""Longer than the slowest sending of a batch; a dead worker's messages wait that long."""
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
"""How long before the next attempt; past the last one the channel is given up."""

_CLAIM = f"""
UPDATE outbox_message AS m SET leased_until = %s, attempts = attempts + 1
 WHERE id = ANY (ARRAY (
    SELECT id FROM outbox_message
     WHERE id = ANY (ARRAY (
           SELECT due.id FROM practice_practice p
            CROSS JOIN (VALUES ('sms'), ('email')) AS way (channel)
            CROSS JOIN LATERAL (
                  SELECT id, next_at, row_number() OVER (ORDER BY next_at) AS turn
                    FROM outbox_message o
                   WHERE o.practice_id = p.id AND o.channel = way.channel
                     AND o.state = 'waiting' AND o.next_at <= %s
                     AND (o.leased_until IS NULL OR o.leased_until <= %s)
                   ORDER BY next_at LIMIT %s) AS due
            WHERE NOT (p.id || way.channel) = ANY(%s::text[])
            ORDER BY due.turn, due.next_at LIMIT %s))
       AND state = 'waiting' AND (leased_until IS NULL OR leased_until <= %s)
       FOR UPDATE SKIP LOCKED))
RETURNING {columns(Message, "m")}
"""  # noqa: S608
"""The oldest of each practice and channel first: twenty thousand reminders of one practice are not
before the one message of another. What is held is looked at again once locked. Arrays, not joins:
planned on the empty table of a new installation, a join would begin anew for each row."""
_TEXTS = """
WITH written AS (
    UPDATE outbox_message AS message
    SET subject = said.subject, body = said.body, joined = said.joined::jsonb
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
         AS said (id, subject, body, joined)
    WHERE message.id = said.id AND message.id = ANY(%s::bigint[]) RETURNING message.id
)
SELECT count(*) FROM written
"""
_HELD = f"""
SELECT {columns(Message, "m")} FROM outbox_message m
WHERE m.id = ANY(%s::bigint[]) ORDER BY m.id FOR UPDATE
"""  # noqa: S608
# The keys are said twice: planned on an empty table, the join alone would read the whole of it.
_KEPT = """
UPDATE outbox_message AS m
SET leased_until = NULL, reference = kept.reference, cents = kept.cents,
    confirmed_later = kept.confirmed_later, state = kept.state, sent_at = kept.sent_at,
    settled_at = kept.settled_at, next_at = kept.next_at, failure = kept.failure
FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::bool[], %s::text[], %s::timestamptz[],
            %s::timestamptz[], %s::timestamptz[], %s::text[])
     AS kept (id, reference, cents, confirmed_later, state, sent_at, settled_at, next_at, failure)
WHERE m.id = kept.id AND m.id = ANY(%s::bigint[]) RETURNING m.id
"""
_ATTEMPTS = """
INSERT INTO outbox_delivery (practice_id, message_id, at, outcome, detail)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[], %s::text[])
RETURNING id
"""
_BACK = """
UPDATE outbox_message SET attempts = attempts - 1, next_at = %s, leased_until = NULL
WHERE id = ANY(%s::bigint[]) AND state = 'waiting' RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt.

    Args:
        message: as it was claimed.
        cents: what it costs if it was accepted, in euro cents.
        confirms: the channel will say whether it arrived.
    """

    message: Message
    receipt: Receipt
    cents: int = 0
    confirms: bool = False


def claim(*, at: datetime, most: int, but: Collection[tuple[int, str]] = ()) -> list[Message]:
    """Take up to `most` messages in hand, oldest first, each practice and channel in its turn: no
    other worker gets them meanwhile.

    The lease is committed before anything leaves: a worker that dies leaves its messages to
    another, which sends them again under the same `stable_id`.

    Args:
        but: practices and channels to leave alone.
    """
    held = [f"{practice_id}{channel}" for practice_id, channel in but]
    with transaction.atomic():
        rows = fetch(_CLAIM, [at + LEASE, at, at, most, held, most, at])
    claimed = [row(Message, values) for values in rows]
    return sorted(claimed, key=lambda message: (message.next_at, message.pk))


def put_back(*, messages: Sequence[Message], next_at: datetime) -> None:
    """Give back messages that were not tried: nothing counts as an attempt."""
    if messages:
        fetch(_BACK, [next_at, [message.pk for message in messages]])


@transaction.atomic
def leave_out(*, message: Message, at: datetime) -> None:
    """Withdraw a message that has nothing left to say."""
    message.state, message.settled_at = Message.State.WITHDRAWN, at
    message.leased_until = None
    message.save(update_fields=["state", "settled_at", "leased_until"])
    settled.send(leave_out, messages=[message], at=at)


def write_down(*, texts: Mapping[int, Text], messages: Sequence[Message]) -> None:
    """Keep what each message says before it leaves: it may be delivered before we hear of it."""
    for message in messages:
        text = texts[message.pk]
        message.subject, message.body = text.subject[:200], text.body
        message.joined = kept(text.joined)
    if messages:
        keys = [message.pk for message in messages]
        said = [[one.subject for one in messages], [one.body for one in messages]]
        fetch(_TEXTS, [keys, *said, [json.dumps(one.joined) for one in messages], keys])


@transaction.atomic
def record(*, tries: Sequence[Tried], at: datetime) -> None:
    """Write what the channel answered to attempts, of one practice; what came back quicker than
    we wrote stays."""
    by_key = {tried.message.pk: tried for tried in tries}
    current = [row(Message, values) for values in fetch(_HELD, [sorted(by_key)])]
    receipts = [by_key[message.pk].receipt for message in current]
    fetch(_ATTEMPTS, [
        [message.practice_id for message in current], [message.pk for message in current],
        [at] * len(current), [receipt.outcome.value for receipt in receipts],
        [receipt.detail[:300] for receipt in receipts],
    ])  # fmt: skip
    before = {message.pk: message.state for message in current}
    for message in current:
        _heard(message, by_key[message.pk], at)
    _keep(current)
    if changed := [message for message in current if message.state != before[message.pk]]:
        settled.send(record, messages=changed, at=at)


def _heard(message: Message, tried: Tried, at: datetime) -> None:
    message.leased_until = None
    if tried.receipt.outcome is Outcome.ACCEPTED:
        message.reference, message.cents = tried.receipt.reference[:120], tried.cents
        message.confirmed_later = tried.confirms
    if message.state == Message.State.WAITING:
        _move_on(message, tried.receipt, at)


def _keep(messages: Sequence[Message]) -> None:
    """What an attempt may change in messages, in one statement planned once."""
    keys = [one.pk for one in messages]
    fetch(_KEPT, [
        keys, [one.reference for one in messages],
        [one.cents for one in messages], [one.confirmed_later for one in messages],
        [str(one.state) for one in messages], [one.sent_at for one in messages],
        [one.settled_at for one in messages], [one.next_at for one in messages],
        [one.failure for one in messages], keys,
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
    settled.send(give_up, messages=[message], at=at)


def _next(message: Message, receipt: Receipt, at: datetime) -> datetime | None:
    """When to try again; None when it has been tried enough or would come too late."""
    if message.attempts > len(WAITS):
        return None
    wait = WAITS[message.attempts - 1]
    if receipt.retry_after_s:
        wait = max(wait, timedelta(seconds=receipt.retry_after_s))
    again = at + wait
    return None if message.expires_at and again >= message.expires_at else again
