"""Calls that overlap: each connection on a thread of its own, which knows no database.

A way out is asked as Postfix's queue manager asks a destination: one call first, one more for
each answer, up to a number that is polite to that kind of server. One that does not answer costs
one call, and the answer of one that is slow is waited for by its own letters only.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue

from secretariat.outbox.channels import Channel, Letter, Outcome, Receipt

AT_ONCE = {"sms": 16, "email": 2}
"""Connections of one practice to its gateway, and to its mail server, at the same time."""
HANDS = 64
"""Connections of all practices together."""
LONGEST_S = 60.0
"""A call that lasts longer is given up: a server may say one letter every nine seconds."""
UNEXPECTED = "L’envoi a échoué pour une raison imprévue."
ENDLESS = "Le serveur n’en finit pas de répondre. Nouvel essai automatique."

log = logging.getLogger(__name__)


def at_once(channel: str) -> int:
    """How many connections of one practice may be open by a channel; the operator may say another
    number (`SECRETARIAT_SMS_AT_ONCE`, `SECRETARIAT_EMAIL_AT_ONCE`)."""
    told = os.environ.get(f"SECRETARIAT_{channel.upper()}_AT_ONCE", "")
    return max(1, min(int(told), HANDS)) if told.isdecimal() else AT_ONCE.get(channel, 1)


class Hand:
    """One connection and its thread: takes a letter, puts its receipt among the answers.

    Args:
        channel: used and closed by the thread alone.
        answers: shared by all hands of a run.
    """

    def __init__(self, channel: Channel, answers: Answers) -> None:
        self._channel, self._answers = channel, answers
        self._letters: SimpleQueue[Letter | None] = SimpleQueue()
        # A call that never ends must not keep a worker from leaving.
        threading.Thread(target=self._work, name="outbox", daemon=True).start()

    def give(self, letter: Letter) -> None:
        """Send that letter; one at a time."""
        self._letters.put(letter)

    def dismiss(self) -> None:
        """Hang up after the letter in hand, if any."""
        self._letters.put(None)

    def _work(self) -> None:
        while (letter := self._letters.get()) is not None:
            self._answers.put((self, _sent(self._channel, letter)))
        with suppress(OSError):
            self._channel.close()


Answers = SimpleQueue[tuple[Hand, Receipt]]


def answer(answers: Answers, seconds: float) -> tuple[Hand, Receipt] | None:
    """The next answer, waited for so many seconds at most."""
    try:
        return answers.get(timeout=seconds) if seconds > 0 else answers.get_nowait()
    except Empty:
        return None


def _sent(channel: Channel, letter: Letter) -> Receipt:
    """The channel's answer; a fault of ours is an answer too, and never stops the others."""
    try:
        return channel.send(letter)
    except Exception:
        log.exception("message %s could not be sent", letter.stable_id)
        return Receipt(Outcome.LATER, detail=UNEXPECTED)
