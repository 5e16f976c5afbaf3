"""What may leave now of a practice's messages by one channel, with its text: just before it does.

Called by the dispatcher alone, in the scope of the practice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from secretariat.outbox import queries
from secretariat.outbox.actions import sending
from secretariat.outbox.channels import Attachment, Channel, Letter, Outcome, Receipt
from secretariat.outbox.joined import contents
from secretariat.outbox.models import Message
from secretariat.outbox.quiet_hours import Limits, allowed_from, day_of
from secretariat.outbox.rendering import Text, texts

NO_WAY = "Aucun envoi n’est réglé pour ce canal : voir Réglages, Envois."
TOO_LATE = "Trop tard : ce message n’aurait plus rien dit d’utile."
UNWRITTEN = "Le texte de ce message n’a pas pu être écrit."
FULL = "Limite du jour atteinte pour les SMS de ce cabinet."

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message ready to leave.

    Args:
        cents: what it costs if it is accepted.
    """

    message: Message
    letter: Letter
    cents: int


def ready(
    channel: Channel | None, messages: list[Message], limits: Limits, flying: int, clock: Clock
) -> list[Leaving]:
    """Those that may leave now, written; the others wait, are withdrawn, or are given up.

    Args:
        channel: their way out; None when the practice has none.
        messages: of one practice and one channel, in hand.
        flying: how many left before them, of which nothing is written down yet.
    """
    messages = list(_in_time(messages, limits, flying, clock()))
    if channel is None:
        for message in messages:
            sending.give_up(message=message, why=NO_WAY, at=clock())
        return []
    return list(_written_for(channel, messages, clock)) if messages else []


def cents_left(practice_id: int, limits: Limits, at: datetime) -> int:
    """What the practice's text messages may still cost today, in cents."""
    return limits.cents_a_day - queries.cents_between(practice_id, *day_of(at, limits))


def hold_until_tomorrow(messages: Sequence[Message], limits: Limits, at: datetime) -> None:
    """The day's money is spent: the rest waits, or is given up while a person can still call."""
    tomorrow = allowed_from(day_of(at, limits)[1], limits)
    late = [one for one in messages if one.expires_at and tomorrow >= one.expires_at]
    for message in late:
        sending.give_up(message=message, why=FULL, at=at)
    waiting = [one for one in messages if one not in late]
    sending.put_back(messages=waiting, next_at=tomorrow)


def _in_time(
    messages: list[Message], limits: Limits, flying: int, at: datetime
) -> Iterator[Message]:
    """Those that may leave now; the others wait for the morning, or are given up."""
    allowed = allowed_from(at, limits)
    left = _left_today(messages, limits, at) - flying
    for message in messages:
        again = at if message.urgent else max(allowed, message.created_at + limits.delay)
        late = again if again > at else at
        if message.channel == Message.Channel.SMS and again <= at:
            left -= 1
            if left < 0:
                again = late = allowed_from(day_of(at, limits)[1], limits)
        if message.expires_at and late >= message.expires_at:
            why = FULL if left < 0 else TOO_LATE
            sending.give_up(message=message, why=why, at=at)
        elif again > at:
            sending.put_back(messages=[message], next_at=again)
        else:
            yield message


def _left_today(messages: list[Message], limits: Limits, at: datetime) -> int:
    if messages[0].channel != Message.Channel.SMS:
        return 0
    sent = queries.sent_between(messages[0].practice_id, "sms", *day_of(at, limits))
    return limits.sms_a_day - sent


def _written_for(channel: Channel, messages: list[Message], clock: Clock) -> Iterator[Leaving]:
    written = _with_texts(messages, clock)
    wanted = {one for _message, text in written for one in text.joined}
    files = contents(wanted, messages[0].channel) if wanted else {}
    for message, text in written:
        if any(one.reference not in files for one in text.joined):  # taken back at this moment
            _not_written(message, clock)
            continue
        joined = tuple(Attachment(one.name, files[one.reference]) for one in text.joined)
        letter = Letter(
            stable_id=message.stable_id, to=message.address, subject=text.subject,
            body=text.body, language=message.language, attachments=joined,
        )  # fmt: skip
        yield Leaving(message, letter, channel.cents(text.body))


def _with_texts(messages: list[Message], clock: Clock) -> list[tuple[Message, Text]]:
    said, unwritable = _written(messages)
    speaking = [message for message in messages if message.pk in said]
    for message in messages:
        if message in unwritable:
            _not_written(message, clock)
        elif message.pk not in said:
            sending.leave_out(message=message, at=clock())
    sending.write_down(texts=said, messages=speaking)
    return [(message, said[message.pk]) for message in speaking]


def _not_written(message: Message, clock: Clock) -> None:
    tried = sending.Tried(message, Receipt(Outcome.LATER, detail=UNWRITTEN))
    sending.record(tries=[tried], at=clock())


def _written(messages: list[Message]) -> tuple[dict[int, Text], list[Message]]:
    """What each says, and those that cannot be written: one of them never stops the others."""
    try:
        return texts(messages), []
    except Exception:
        log.exception("a message of practice %s cannot be written", messages[0].practice_id)
    said: dict[int, Text] = {}
    unwritable = []
    for message in messages:
        try:
            said |= texts([message])
        except Exception:
            log.exception("message %s cannot be written", message.pk)
            unwritable.append(message)
    return said, unwritable
