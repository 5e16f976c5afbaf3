"""Take back what a key pressed too soon has written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from secretariat.core.refusal import Refusal
from secretariat.notices.actions.reaching import held, hold, note_down, reopen
from secretariat.notices.models import Attempt, Notice
from secretariat.outbox import actions as outbox
from secretariat.outbox.models import Message
from secretariat.practice.models import Staff


class AlreadyLeft(Refusal):
    """A message that has left cannot be taken back."""


_LEFT = "Ce message est déjà parti : il ne peut plus être repris."


@transaction.atomic
def untry(*, attempts: Sequence[Attempt], by: Staff, at: datetime) -> list[Notice]:
    """These tries did not happen; who was « told » by one is to be reached again.

    Raises:
        NotAllowed.
    """
    notices = []
    hold([attempt.notice for attempt in attempts])
    for attempt in attempts:
        current = held(attempt.notice, by)
        note_down(current, "notices.untry", by, at, how=attempt.how, outcome=attempt.outcome)
        if attempt.outcome == Attempt.Outcome.TOLD:
            current = reopen(notice=current, by=by, at=at)
        attempt.delete()
        notices.append(current)
    return notices


@transaction.atomic
def hold_back(*, notice: Notice, by: Staff, at: datetime) -> Notice:
    """Undo « écrire à nouveau » or « courrier » while nothing has left: a person calls instead.

    Raises:
        NotAllowed, AlreadyLeft.
    """
    current = held(notice, by)
    if current.state not in {Notice.State.PROMISED, Notice.State.CARRIED}:
        return current
    message = current.message if current.state == Notice.State.CARRIED else None
    if message is not None and message.state != Message.State.WAITING:
        raise AlreadyLeft(_LEFT)
    current.state, current.why = Notice.State.UNREACHED, "Rouvert : à prévenir."
    current.unreached_at = current.unreached_at or at
    current.save(update_fields=["state", "why", "unreached_at"])
    _withdraw_alone(message, at)
    note_down(current, "notices.hold_back", by, at)
    return current


def _withdraw_alone(message: Message | None, at: datetime) -> None:
    """The message too, unless it tells something else to someone."""
    if message is None:
        return
    if Notice.objects.filter(message=message, state=Notice.State.CARRIED).exists():
        return
    if outbox.withdraw(messages=[message], at=at):
        raise AlreadyLeft(_LEFT)
