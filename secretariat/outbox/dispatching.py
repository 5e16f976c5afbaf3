"""Send what is due. Any number of workers may do it at once, and die at any moment.

A message leaves at least once, under the same `stable_id` each time: a worker that dies between
the channel's answer and its writing down leaves it to another. Two workers never have the same
message in hand.

This thread alone speaks to the database, and never waits for a gateway: calls are made by hands
(hands.py), several at once, and their answers are written down a few together.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import groupby

from secretariat.outbox import opening
from secretariat.outbox.actions import sending
from secretariat.outbox.channels import Channel, Outcome, Receipt, later
from secretariat.outbox.hands import ENDLESS, HANDS, LONGEST_S, Answers, Hand, answer, at_once
from secretariat.outbox.models import Message
from secretariat.outbox.preparing import Clock, Leaving, cents_left, hold_until_tomorrow, ready
from secretariat.outbox.quiet_hours import Limits
from secretariat.practice.everywhere import SomeFailed, every_practice, try_each

BATCH = 100
"""Messages taken in hand together, of all practices; each practice and channel in its turn."""
PAUSE = timedelta(minutes=1)
"""How long a way out that does not answer is left alone by the messages behind."""
SLOWEST = timedelta(seconds=90)
"""A call lasts less than that (`LONGEST_S`), and is written down before its lease ends."""
TOGETHER = 8
"""Answers written down in one transaction."""
LINGER_S = 0.1
"""How long an answer waits for others; a worker that dies meanwhile sends these again."""
LOOK_S = 1.0
"""How often more work is looked for while calls are going on."""

Wait = Callable[[], None]
Key = tuple[int, str]
"""A practice, a channel."""


def _at_once() -> None:
    """No pace."""


def _staying() -> bool:
    """Nobody asks us to leave."""
    return False


def dispatch(clock: Clock, *, wait: Wait = _at_once, leaving: Callable[[], bool] = _staying) -> int:
    """Send what is due in all practices, until nothing is.

    Args:
        clock: the present moment, read at each step.
        wait: called before each message leaves (pacing.py).
        leaving: whether the worker is asked to leave: nothing more is taken in hand.

    Returns:
        How many messages were taken in hand.

    Raises:
        SomeFailed: those of some practices are tried again when their lease is over.
    """
    run = _Run(clock, wait)
    try:
        taken = run.go(leaving)
    finally:
        run.dismiss()
    if run.failed:
        raise SomeFailed(f"outbox.dispatch : practices {sorted(run.failed)}")
    return taken


@dataclass
class _Way:
    """The messages of one practice by one channel: those that wait here, those that fly.

    Args:
        most: how many connections it may have.
        calls: how many at once; one more after each answer.
        left: cents of today that no message in the air has spoken for.
        spare: a channel that no hand has yet.
    """

    key: Key
    most: int
    limits: Limits = field(default_factory=Limits)
    waiting: deque[Leaving] = field(default_factory=deque)
    idle: list[Hand] = field(default_factory=list)
    spare: Channel | None = None
    confirms: bool = False
    flying: int = 0
    calls: int = 1
    left: int = 0

    @property
    def may_leave(self) -> bool:
        """Whether the next message may leave now; the money of one in the air may come back."""
        if not self.waiting or self.flying >= min(self.calls, self.most):
            return False
        return self.paid or not self.flying

    @property
    def paid(self) -> bool:
        """Whether there is money for the next message; an e-mail needs none."""
        return self.waiting[0].cents <= max(self.left, 0)

    def give_up(self) -> list[Message]:
        """Let go of those that wait here."""
        left = [one.message for one in self.waiting]
        self.waiting.clear()
        return left

    def dismiss(self) -> None:
        """Hang up the connections that do nothing."""
        while self.idle:
            self.idle.pop().dismiss()


@dataclass(frozen=True, slots=True)
class _Call:
    way: _Way
    leaving: Leaving
    since: float


class _Run:
    """One run, from the first claim to the last answer written down."""

    def __init__(self, clock: Clock, wait: Wait) -> None:
        self.failed: set[int] = set()
        self._clock, self._wait = clock, wait
        self._turns: deque[_Way] = deque()
        self._shut: set[Key] = set()
        self._answers: Answers = Answers()
        self._calls: dict[Hand, _Call] = {}
        self._heard: list[tuple[_Call, Receipt]] = []
        self._heard_since = self._look_again = 0.0

    def go(self, leaving: Callable[[], bool]) -> int:
        """Until nothing is due, or we are `leaving`; answers how many were taken in hand."""
        taken = 0
        while True:
            if (way := self._next()) is not None:
                self._let_leave(way)
                self._listen(0)
            elif not leaving() and (claimed := self._claim()):
                taken += claimed
            elif self._calls:
                self._listen(LINGER_S if self._heard else LOOK_S)
            else:
                self._write_down()
                return taken
            waited = time.monotonic() - self._heard_since
            if self._heard and (len(self._heard) >= TOGETHER or waited > LINGER_S):
                self._write_down()

    def dismiss(self) -> None:
        """Hang up everywhere."""
        for hand in self._calls:
            hand.dismiss()
        for way in self._turns:
            way.dismiss()

    def _next(self) -> _Way | None:
        """The next way by which a message may leave, each in its turn."""
        if len(self._calls) < HANDS:
            for _way in range(len(self._turns)):
                self._turns.rotate(-1)
                if self._turns[-1].may_leave:
                    return self._turns[-1]
        return None

    def _claim(self) -> int:
        """Take more in hand, for the ways that have nothing waiting; answers how many."""
        if (self._calls and time.monotonic() < self._look_again) or len(self._calls) >= HANDS:
            return 0
        self._write_down()  # what today has cost is read again
        held = {way.key for way in self._turns if way.waiting} | self._shut
        with every_practice():
            claimed = sending.claim(at=self._clock(), most=BATCH, but=held)
        known = {way.key: way for way in self._turns}
        for key, messages in groupby(sorted(claimed, key=_key), key=_key):
            if key not in known:
                known[key] = _Way(key, at_once(key[1]))
                self._turns.append(known[key])
            if not self._within(key[0], partial(self._prepare, known[key], list(messages))):
                self._shut.add(key)  # the rest would fail as well
        for way in [way for way in self._turns if not way.waiting and not way.flying]:
            way.dismiss()
            self._turns.remove(way)
        if not claimed:
            self._look_again = time.monotonic() + LOOK_S
        return len(claimed)

    def _prepare(self, way: _Way, messages: list[Message]) -> None:
        """Have the texts written, as far as the day's limits go."""
        practice_id, name = way.key
        way.limits = opening.limits_of(practice_id)
        way.spare = channel = opening.channel_of(practice_id, name)
        way.confirms = channel is not None and channel.confirms
        flying = sum(call.leaving.cents for call in self._calls.values() if call.way is way)
        way.left = cents_left(practice_id, way.limits, self._clock()) - flying
        way.waiting += ready(channel, messages, way.limits, way.flying, self._clock)

    def _let_leave(self, way: _Way) -> None:
        """The way's next message, unless its lease or the day's money is at its end."""
        first, at, practice_id = way.waiting[0], self._clock(), way.key[0]
        lease = first.message.leased_until
        if lease is not None and at > lease - SLOWEST:  # another worker might take it meanwhile
            back = partial(sending.put_back, messages=way.give_up(), next_at=at)
            self._within(practice_id, back)
        elif not way.paid:
            hold = partial(hold_until_tomorrow, way.give_up(), way.limits, at)
            self._within(practice_id, hold)
        elif way.idle or self._one_more_hand(way):
            self._wait()
            self._call(way.idle.pop(), way, way.waiting.popleft())
            if not way.waiting:  # it may have more
                self._look_again = 0.0

    def _call(self, hand: Hand, way: _Way, leaving: Leaving) -> None:
        way.left -= leaving.cents
        way.flying += 1
        self._calls[hand] = _Call(way, leaving, time.monotonic())
        hand.give(leaving.letter)

    def _one_more_hand(self, way: _Way) -> bool:
        """Whether the way has another connection now; its settings may have gone meanwhile."""
        if way.spare is None:
            self._within(way.key[0], partial(_open_another, way))
        channel, way.spare = way.spare, None
        if channel is None:
            self._close(way)
            return False
        way.idle.append(Hand(channel, self._answers))
        return True

    def _listen(self, seconds: float) -> None:
        """Hear all answers there are; wait so long for the first."""
        found = answer(self._answers, seconds)
        while found is not None:
            self._hear(*found)
            found = answer(self._answers, 0)
        while (oldest := next(iter(self._calls.items()), None)) is not None:
            hand, call = oldest
            if time.monotonic() - call.since < LONGEST_S:
                break
            hand.dismiss()
            self._hear(hand, later(ENDLESS, everyone=True))

    def _hear(self, hand: Hand, receipt: Receipt) -> None:
        call = self._calls.pop(hand, None)
        if call is None:  # it had been given up
            return
        way = call.way
        way.flying -= 1
        way.calls += 1
        way.idle.append(hand)
        if receipt.outcome is not Outcome.ACCEPTED:
            way.left += call.leaving.cents
        if not self._heard:
            self._heard_since = time.monotonic()
        self._heard.append((call, receipt))
        if receipt.outcome is Outcome.LATER and receipt.everyone:
            self._close(way)
        if way.key in self._shut:
            way.dismiss()

    def _close(self, way: _Way) -> None:
        """Nothing more leaves by this way in this run."""
        self._shut.add(way.key)
        behind = partial(sending.put_back, messages=way.give_up(), next_at=self._clock() + PAUSE)
        self._within(way.key[0], behind)

    def _write_down(self) -> None:
        """What the channels answered, practice by practice."""
        heard, self._heard = self._heard, []
        by_practice: dict[int, list[sending.Tried]] = defaultdict(list)
        for call, receipt in heard:
            tried = sending.Tried(
                call.leaving.message, receipt, call.leaving.cents, call.way.confirms
            )
            by_practice[call.way.key[0]].append(tried)
        for practice_id, tries in by_practice.items():
            self._within(practice_id, partial(_record, tries, self._clock))

    def _within(self, practice_id: int, work: Callable[[], object]) -> bool:
        """Do it in the scope of the practice, whether it can be done or not."""

        def done() -> int:
            work()
            return 1

        try:
            try_each("outbox.dispatch", [(practice_id, done)])
        except SomeFailed:
            self.failed.add(practice_id)
            return False
        return True


def _key(message: Message) -> Key:
    return message.practice_id, message.channel


def _open_another(way: _Way) -> None:
    way.spare = opening.channel_of(*way.key)


def _record(tries: Sequence[sending.Tried], clock: Clock) -> None:
    """Together; in halves when one of them cannot be written down: that one will leave again."""
    try:
        sending.record(tries=tries, at=clock())
    except Exception:
        if len(tries) == 1:
            raise
        half = len(tries) // 2
        try:
            _record(tries[:half], clock)
        finally:
            _record(tries[half:], clock)
