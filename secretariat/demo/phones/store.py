"""What the invented telephones and mailboxes have received, in memory."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

FICTION = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649", "+3363998")
"""Numbers that nobody has: kept for films and demonstrations (Arcep, décision 2018-0881)."""
PHONES, TEXTS, MAILS = 400, 40, 200
REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text message on a telephone; `mine` when its holder wrote it."""

    body: str
    at: datetime
    sender: str = ""
    mine: bool = False


@dataclass(slots=True)
class Phone:
    """A telephone: off, it receives nothing."""

    number: str
    texts: deque[Text] = field(default_factory=lambda: deque(maxlen=TEXTS))
    off: bool = False
    # Where the gateway tells what became of the last message, and its holder's answers.
    callback: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that arrived."""

    sender: str
    to: str
    subject: str
    body: str
    at: datetime


def is_fiction(number: str) -> bool:
    """Whether the number belongs to nobody."""
    return number.startswith(FICTION) and len(number) == 12 and number[1:].isdigit()


class Store:
    """Safe to use from several threads; the last phone reached comes first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._phones: OrderedDict[str, Phone] = OrderedDict()
        self._mails: deque[Mail] = deque(maxlen=MAILS)
        self._known: OrderedDict[str, str] = OrderedDict()
        self._start = secrets.token_hex(4)
        self._numbers = count(1)
        self.received = 0

    def take(self, number: str, text: Text, *, key: str, callback: str) -> tuple[str, bool, bool]:
        """Keep a text message; one whose key was seen before is not kept twice.

        Returns:
            Our name for it, whether it is new, and whether it was delivered.
        """
        with self._lock:
            phone = self._phone(number)
            phone.callback = callback or phone.callback
            if key and key in self._known:
                return self._known[key], False, not phone.off
            # Another start of the demonstration must not give the same names again.
            reference = f"{self._start}-{next(self._numbers)}"
            self._known[key or reference] = reference
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
            self.received += 1
            if not phone.off:
                phone.texts.append(text)
            return reference, True, not phone.off

    def answer(self, number: str, text: Text) -> str:
        """Keep what the holder of a phone writes back; its callback, "" for nobody."""
        with self._lock:
            phone = self._phone(number)
            phone.texts.append(text)
            return phone.callback

    def switch(self, number: str) -> None:
        """Turn a phone off, or on again."""
        with self._lock:
            phone = self._phone(number)
            phone.off = not phone.off

    def keep(self, mail: Mail) -> None:
        """Keep a mail."""
        with self._lock:
            self._mails.appendleft(mail)
            self.received += 1

    def phones(self) -> list[Phone]:
        """Copies, the last reached first."""
        with self._lock:
            return [
                Phone(one.number, deque(one.texts), one.off, one.callback)
                for one in reversed(self._phones.values())
            ]

    def mails(self) -> list[Mail]:
        """The last received first."""
        with self._lock:
            return list(self._mails)

    def _phone(self, number: str) -> Phone:
        phone = self._phones.setdefault(number, Phone(number))
        self._phones.move_to_end(number)
        if len(self._phones) > PHONES:
            self._phones.popitem(last=False)
        return phone
