"""Letters to print, printed, posted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from secretariat.outbox.models import BatchLetter, LetterBatch, Message
from secretariat.practice.models import Site
from secretariat.practice.queries import sites

POSTED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Tray:
    """What stands on the page.

    Args:
        waiting: letters that no batch has taken.
        to_post: batches printed; `withdrawn` of each counts the letters to take out.
        posted: the last ones.
    """

    waiting: int
    to_post: list[LetterBatch]
    posted: list[LetterBatch]


def tray(practice_id: int) -> Tray:
    """Three statements, whatever the number of letters."""
    batched = BatchLetter.objects.filter(practice_id=practice_id).values("message_id")
    waiting = Message.objects.filter(
        practice_id=practice_id, channel=Message.Channel.LETTER, state=Message.State.WAITING
    ).exclude(pk__in=batched)
    gone = Q(letters__message__state=Message.State.WITHDRAWN)
    batches = (
        LetterBatch.objects.filter(practice_id=practice_id)
        .select_related("printed_by", "posted_by")
        .annotate(count=Count("letters"), withdrawn=Count("letters", filter=gone))
        .order_by("-printed_at")
    )
    return Tray(
        waiting.count(),
        list(batches.filter(posted_at__isnull=True)[:100]),
        list(batches.filter(posted_at__isnull=False)[:POSTED_SHOWN]),
    )


def batch(practice_id: int, pk: int) -> LetterBatch | None:
    """One batch of the practice."""
    return LetterBatch.objects.filter(practice_id=practice_id, pk=pk).first()


def letters(batch: LetterBatch) -> list[BatchLetter]:
    """Its letters in order, without those withdrawn since."""
    kept = batch.letters.select_related("message").exclude(message__state=Message.State.WITHDRAWN)
    return list(kept.order_by("place"))


def sender(practice_id: int) -> Site | None:
    """The address that the letters come from: the practice's first site."""
    known = sites(practice_id)
    return known[0] if known else None
