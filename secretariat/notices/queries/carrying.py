"""What choosing a way and writing a message need to know; a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q

from secretariat.notices.choosing import Point
from secretariat.notices.kinds import Wording
from secretariat.notices.models import Notice, Stop, Template
from secretariat.outbox.models import Message
from secretariat.patients.models import ContactPoint, Patient


def practices_with_work(at: datetime) -> list[int]:
    """The practices that have notices to send, or answers that did not come; all in scope."""
    work = Q(state=Notice.State.PROMISED, due_at__lte=at) | Q(
        state=Notice.State.TOLD, answer="", answer_by__lte=at, patient__deceased_on=None
    )
    found = Notice.objects.filter(work).values_list("practice_id", flat=True)
    return sorted(set(found))


def points_of(patient_ids: Collection[int]) -> dict[int, list[Point]]:
    """The contact points of some patients; an empty list for one who has none."""
    points: dict[int, list[Point]] = defaultdict(list)
    for point in ContactPoint.objects.filter(patient_id__in=patient_ids).order_by("rank", "pk"):
        points[point.patient_id].append(
            Point(point.system, point.value, point.accepts_messages, point.rank)
        )
    return points


def readers_of_english(patient_ids: Collection[int]) -> set[int]:
    """Those whose file asks for an interpreter of English: they are written to in it."""
    asking = Patient.objects.filter(pk__in=patient_ids, needs_interpreter__istartswith="angl")
    return set(asking.values_list("pk", flat=True))


def dead_among(patient_ids: Collection[int]) -> set[int]:
    """Those whose death is written on their file."""
    dead = Patient.objects.filter(pk__in=patient_ids, deceased_on__isnull=False)
    return set(dead.values_list("pk", flat=True))


def practices_without_news(before: datetime) -> list[int]:
    """The practices whose messages left before then without a word since; all in scope."""
    silent = Notice.objects.filter(
        state=Notice.State.CARRIED, message__state="sent", message__sent_at__lte=before
    )
    return sorted(set(silent.values_list("practice_id", flat=True)))


def stopped_among(practice_id: int, addresses: Iterable[str]) -> set[str]:
    """Which of `addresses` asked for no more messages from the practice."""
    found = Stop.objects.filter(practice_id=practice_id, address__in=list(addresses))
    return set(found.values_list("address", flat=True))


def carried_by(message_ids: Collection[int]) -> list[Notice]:
    """The notices that some messages still carry, in the order they were promised."""
    found = Notice.objects.filter(message_id__in=message_ids, state=Notice.State.CARRIED)
    return list(found.select_related("patient").order_by("pk"))


def templates_of(practice_ids: Collection[int]) -> dict[tuple[str, str, str], Wording]:
    """The practice's own words by (kind, channel, language)."""
    return {
        (text.kind, text.channel, text.language): Wording(text.subject, text.body)
        for text in Template.objects.filter(practice_id__in=practice_ids).exclude(body="")
    }


def linked(practice_id: int, message_id: int) -> tuple[Message | None, list[Notice]]:
    """A message and what it told, for the page behind its link; withdrawn notices left out."""
    message = Message.objects.filter(practice_id=practice_id, pk=message_id).first()
    if message is None:
        return None, []
    notices = Notice.objects.filter(practice_id=practice_id, message=message)
    return message, list(notices.select_related("patient").order_by("pk"))
