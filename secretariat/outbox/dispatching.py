"""Send what is due. Any number of workers may do it at once, and die at any moment.

A message leaves at least once, under the same `stable_id` each time: a worker that dies between
the channel's answer and its writing down leaves it to another. Two workers never have the same
message in hand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from secretariat.outbox import opening, queries
from secretariat.outbox.actions import sending
from secretariat.outbox.channels import Attachment, Channel, Letter, Outcome, Receipt
from secretariat.outbox.joined import contents
from secretariat.outbox.models import Message
from secretariat.outbox.quiet_hours import Limits, allowed_from, day_of
from secretariat.outbox.rendering import Text, texts
from secretariat.practice.everywhere import SomeFailed, every_practice, try_each

BATCH = 50
PAUSE = timedelta(minutes=1)
"""How long a way out that does not answer is left alone by the messages behind."""
SLOWEST = timedelta(seconds=90)
"""A server that takes its time at each step of one message (channels/mail.py)."""
NO_WAY = "Aucun envoi n’est réglé pour ce canal : voir Réglages, Envois."
TOO_LATE = "Trop tard : ce message n’aurait plus rien dit d’utile."
UNWRITTEN = "Le texte de ce message n’a pas pu être écrit."
FULL = "Limite du jour atteinte pour les SMS de ce cabinet."

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
Wait = Callable[[], None]
Way = tuple[int, str]
"""A practice, a channel."""


def _at_once() -> None:
    """No pace."""


def dispatch(clock: Clock, *, most: int | None = None, wait: Wait = _at_once) -> int:
    """Send what is due in all practices, until nothing is.

    Args:
        clock: the present moment, read at each step.
        most: stop after about that many.
        wait: called before each message leaves (pacing.py).

    Returns:
        How many messages were taken in hand.

    Raises:
        SomeFailed: those of some practices are tried again when their lease is over.
    """
    done, failed = 0, None
    while most is None or done < most:
        with every_practice():
            messages = sending.claim(at=clock(), most=BATCH)
        if not messages:
            break
        done += len(messages)
        todo = [
            (way[0], partial(_send_group, way, group, clock, wait))
            for way, group in _groups(messages)
        ]
        try:
            try_each("outbox.dispatch", todo)
        except SomeFailed as some:
            failed = some
    if failed:
        raise failed
    return done


def _groups(messages: Sequence[Message]) -> Iterator[tuple[Way, list[Message]]]:
    def way(message: Message) -> Way:
        return message.practice_id, message.channel

    for key, group in groupby(sorted(messages, key=way), key=way):
        yield key, list(group)


def _send_group(way: Way, messages: list[Message], clock: Clock, wait: Wait) -> int:
    """The messages of one practice by one channel; answers how many might leave."""
    practice_id, name = way
    limits = opening.limits_of(practice_id)
    messages = list(_in_time(messages, limits, clock()))
    if not messages:
        return 0
    channel = opening.channel_of(practice_id, name)
    if channel is None:
        for message in messages:
            sending.give_up(message=message, why=NO_WAY, at=clock())
        return 0
    try:
        _send_all(channel, _with_texts(messages, clock), limits, clock, wait)
    finally:
        with suppress(OSError):
            channel.close()
    return len(messages)


def _in_time(messages: list[Message], limits: Limits, at: datetime) -> Iterator[Message]:
    """Those that may leave now; the others wait for the morning, or are given up."""
    allowed = allowed_from(at, limits)
    left = _left_today(messages, limits, at)
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


def _with_texts(messages: list[Message], clock: Clock) -> list[tuple[Message, Text]]:
    said, unwritable = _written(messages)
    speaking = [message for message in messages if message.pk in said]
    for message in messages:
        if message in unwritable:
            receipt = Receipt(Outcome.LATER, detail=UNWRITTEN)
            sending.record(message=message, receipt=receipt, cents=0, confirms=False, at=clock())
        elif message.pk not in said:
            sending.leave_out(message=message, at=clock())
    sending.write_down(texts=said, messages=speaking)
    return [(message, said[message.pk]) for message in speaking]


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


def _send_all(
    channel: Channel, messages: list[tuple[Message, Text]], limits: Limits, clock: Clock, wait: Wait
) -> None:
    left = _cents_left(messages, limits, clock())
    files = _files(messages)
    for place, (message, text) in enumerate(messages):
        if _lease_ends(message, clock()):
            unsent = [other for other, _text in messages[place:]]
            sending.put_back(messages=unsent, next_at=clock())
            return
        left -= channel.cents(text.body)
        if left < 0:
            _hold_until_tomorrow([other for other, _text in messages[place:]], limits, clock())
            return
        wait()
        receipt = _sent(channel, message, text, files)
        sending.record(
            message=message,
            receipt=receipt,
            cents=channel.cents(text.body),
            confirms=channel.confirms,
            at=clock(),
        )
        if receipt.outcome is Outcome.LATER and receipt.everyone:
            behind = [other for other, _text in messages[place + 1 :]]
            sending.put_back(messages=behind, next_at=clock() + PAUSE)
            return


def _lease_ends(message: Message, at: datetime) -> bool:
    """Whether another worker might take the message before a slow server has answered for it."""
    return message.leased_until is not None and at > message.leased_until - SLOWEST


def _hold_until_tomorrow(messages: Sequence[Message], limits: Limits, at: datetime) -> None:
    """The day's money is spent: the rest waits, or is given up while a person can still call."""
    tomorrow = allowed_from(day_of(at, limits)[1], limits)
    for message in messages:
        if message.expires_at and tomorrow >= message.expires_at:
            sending.give_up(message=message, why=FULL, at=at)
        else:
            sending.put_back(messages=[message], next_at=tomorrow)


def _cents_left(messages: list[tuple[Message, Text]], limits: Limits, at: datetime) -> int:
    if not messages:
        return 0
    practice_id = messages[0][0].practice_id
    return limits.cents_a_day - queries.cents_between(practice_id, *day_of(at, limits))


def _files(messages: list[tuple[Message, Text]]) -> dict[str, bytes]:
    """The bytes of all that goes with messages of one channel, each file once."""
    wanted = {one for _message, text in messages for one in text.joined}
    return contents(wanted, messages[0][0].channel) if wanted else {}


def _sent(channel: Channel, message: Message, text: Text, files: Mapping[str, bytes]) -> Receipt:
    """The channel's answer; a fault of ours is an answer too, and never stops the others."""
    if any(one.reference not in files for one in text.joined):  # taken back at this very moment
        return Receipt(Outcome.LATER, detail=UNWRITTEN)
    try:
        return channel.send(
            Letter(
                stable_id=message.stable_id, to=message.address, subject=text.subject,
                body=text.body, language=message.language,
                attachments=tuple(
                    Attachment(one.name, files[one.reference]) for one in text.joined
                ),
            )
        )  # fmt: skip
    except Exception:
        log.exception("message %s could not be sent", message.pk)
        return Receipt(Outcome.LATER, detail="L’envoi a échoué pour une raison imprévue.")
