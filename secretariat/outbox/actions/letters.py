"""Letters to post: print those that wait, say that they were posted, or put them back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from secretariat.core.refusal import NotAllowed, Refusal
from secretariat.outbox.actions.sending import leave_out, write_down
from secretariat.outbox.models import BatchLetter, Delivery, LetterBatch, Message
from secretariat.outbox.rendering import texts
from secretariat.outbox.signals import acted, settled
from secretariat.practice.models import Staff

MOST = 200
"""Letters of one batch: what a printer's tray holds, and a person folds in an hour."""


class NothingToPrint(Refusal):
    """No letter waits."""


class AlreadyPosted(Refusal):
    """Someone has said that the batch was posted."""


@transaction.atomic
def print_letters(*, practice_id: int, by: Staff, at: datetime) -> LetterBatch:
    """Put the letters that wait in one batch, oldest first, as they read now.

    One that has nothing left to say is withdrawn instead.

    Raises:
        NotAllowed, NothingToPrint.
    """
    _must_write(by, practice_id)
    waiting = Message.objects.select_for_update(skip_locked=True).filter(
        practice_id=practice_id, channel=Message.Channel.LETTER, state=Message.State.WAITING
    )
    batched = BatchLetter.objects.filter(practice_id=practice_id).values("message_id")
    letters = list(waiting.exclude(pk__in=batched).order_by("created_at", "pk")[:MOST])
    said = texts(letters)
    for message in letters:
        if message.pk not in said:
            leave_out(message=message, at=at)
    speaking = [message for message in letters if message.pk in said]
    if not speaking:
        raise NothingToPrint("Aucun courrier n’attend d’être imprimé.")
    write_down(texts=said, messages=speaking)
    batch = LetterBatch.objects.create(practice_id=practice_id, printed_at=at, printed_by=by)
    BatchLetter.objects.bulk_create(
        BatchLetter(
            practice_id=practice_id, batch=batch, message=message, place=place,
            address="\n".join(said[message.pk].address),
        )
        for place, message in enumerate(speaking, start=1)
    )  # fmt: skip
    _note(batch, "outbox.print_letters", by, at, letters=len(speaking))
    return batch


@transaction.atomic
def post_letters(*, batch: LetterBatch, by: Staff, at: datetime) -> int:
    """Say that a batch was posted: each of its letters is sent, save those withdrawn meanwhile.

    Returns:
        How many letters left.

    Raises:
        NotAllowed, AlreadyPosted.
    """
    _must_write(by, batch.practice_id)
    current = _open(batch)
    current.posted_at, current.posted_by = at, by
    current.save(update_fields=["posted_at", "posted_by"])
    messages = list(
        Message.objects.select_for_update()
        .filter(pk__in=current.letters.values("message_id"), state=Message.State.WAITING)
        .exclude(body="")
        .order_by("pk")
    )
    for message in messages:
        message.state, message.sent_at, message.leased_until = Message.State.SENT, at, None
        message.attempts += 1
        message.save(update_fields=["state", "sent_at", "leased_until", "attempts"])
        Delivery.objects.create(
            practice_id=message.practice_id, message=message, at=at,
            outcome=Delivery.Outcome.ACCEPTED, detail=f"Posté par {by.display_name}",
        )  # fmt: skip
        settled.send(post_letters, messages=[message], at=at)
    _note(current, "outbox.post_letters", by, at, letters=len(messages))
    return len(messages)


@transaction.atomic
def put_back_letters(*, batch: LetterBatch, by: Staff, at: datetime) -> None:
    """The printing went wrong, or nobody will post it: its letters wait again.

    Raises:
        NotAllowed, AlreadyPosted.
    """
    _must_write(by, batch.practice_id)
    current = _open(batch)
    number = current.pk
    current.delete()
    current.pk = number
    _note(current, "outbox.put_back_letters", by, at)


def _open(batch: LetterBatch) -> LetterBatch:
    current = LetterBatch.objects.select_for_update().filter(pk=batch.pk).first()
    if current is None or current.posted_at:
        raise AlreadyPosted("Ce paquet de courriers a déjà été posté, ou remis en attente.")
    return current


def _must_write(by: Staff, practice_id: int) -> None:
    if by.practice_id != practice_id or not by.may("notices.work"):
        raise NotAllowed("Votre poste ne permet pas d’écrire aux patients.")


def _note(batch: LetterBatch, verb: str, by: Staff, at: datetime, **detail: int) -> None:
    acted.send(LetterBatch, verb=verb, row=batch, by=by, at=at, detail=detail)
