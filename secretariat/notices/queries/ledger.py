"""The contact ledger: what a patient was told, and how."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from secretariat.notices.models import Notice
from secretariat.notices.queries import reached, story
from secretariat.outbox.models import Message

MOST = 200


def of_patient(practice_id: int, patient_id: int, most: int = MOST) -> list[story.Line]:
    """What the patient was told or is to be told, the latest first; four statements."""
    found = _spoken(practice_id).filter(patient_id=patient_id)
    return story.lines(list(found.order_by("-created_at", "-pk")[:most]))


def about(practice_id: int, kinds: tuple[str, ...], ids: Collection[int]) -> list[story.Line]:
    """What was told about some rows, the latest first.

    Args:
        kinds: which kinds of notice; ("visit.",) takes all those that begin so.
    """
    wanted = Q()
    for kind in kinds:
        wanted |= Q(kind__startswith=kind)
    found = _spoken(practice_id).filter(wanted, about_id__in=ids)
    return story.lines(list(found.order_by("-created_at", "-pk")[:MOST]))


def _spoken(practice_id: int) -> QuerySet[Notice]:
    """Notices that someone heard of or will: a visit moved at once was never told before."""
    silent = Q(state=Notice.State.WITHDRAWN, message__isnull=True)
    return reached.of_practice(practice_id).exclude(silent)


def messages(practice_id: int) -> QuerySet[Message]:
    """What the practice sent or will send to its patients."""
    return Message.objects.filter(practice_id=practice_id)
