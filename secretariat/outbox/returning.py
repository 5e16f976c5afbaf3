"""Read what came back by mail, practice by practice, and write it on the messages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from secretariat.core.scope import scope
from secretariat.outbox import actions, queries, sealing, sender_queries
from secretariat.outbox.channels.bounces import Bounce, Mailbox, MailboxSettings, Unreachable
from secretariat.outbox.models import MailSender, Message
from secretariat.practice.everywhere import every_practice

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
Opener = Callable[[MailSender], Mailbox]


def mailbox_of(sender: MailSender) -> Mailbox:
    """The mailbox that a mail sender describes.

    Raises:
        Unreadable: its password was sealed with another key.
    """
    return Mailbox(
        MailboxSettings(
            host=sender.bounce_host,
            port=sender.bounce_port,
            login=sender.bounce_login,
            password=sealing.unseal(sender.bounce_password_sealed),
            folder=sender.bounce_folder,
        )
    )


def read_all(clock: Clock, opened: Opener = mailbox_of) -> int:
    """Read the mailbox of each practice that has told one.

    Returns:
        How many messages are now known not to have arrived.
    """
    with every_practice():
        senders = sender_queries.with_a_bounce_mailbox()
    found = 0
    for sender in senders:
        with scope([sender.practice_id]):
            try:
                found += _written(sender.practice_id, opened(sender).bounces(), clock)
            except (Unreachable, sealing.Unreadable):
                log.warning("practice %s: its returned mail cannot be read", sender.practice_id)
    return found


def _written(practice_id: int, bounces: Iterable[Bounce], clock: Clock) -> int:
    found = 0
    for bounce in bounces:
        message = queries.by_stable_id(practice_id, bounce.stable_id)
        if message is None or message.channel != Message.Channel.EMAIL or not bounce.permanent:
            continue
        found += actions.undelivered(message=message, at=clock(), detail=bounce.reason)
    return found
