"""Documents that go with a reason: for its sheet, for a visit, for what leaves."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from secretariat.agenda import telling
from secretariat.agenda.models import Appointment, InstructionDocument, VisitReason
from secretariat.notices.models import Notice
from secretariat.outbox.joined import Joined
from secretariat.outbox.models import Message
from secretariat.privacy.models import Entry

KIND = "agenda.document"
"""The outbox's name for these files."""
NAME = "a-lire-avant-votre-venue.pdf"
"""As patients see them: neither the title nor the file's name leaves."""
HANDED, NOT_HANDED = "agenda.hand_documents", "agenda.take_back_documents"
"""Verbs of the day book."""
_JOINED_TO = {
    Message.Channel.EMAIL: (telling.BOOKED, telling.REMINDER),
    Message.Channel.SMS: (telling.BOOKED, telling.REMINDER),
    Message.Channel.LETTER: (telling.BOOKED, telling.MOVED, telling.REMINDER),
}


def of_practice(practice_id: int) -> QuerySet[InstructionDocument]:
    """The documents of a practice that are given, without their bytes."""
    found = InstructionDocument.objects.filter(practice_id=practice_id, removed_at__isnull=True)
    return found.defer("content").select_related("reason", "author", "joinable_by")


def of_reason(reason: VisitReason) -> list[InstructionDocument]:
    """The documents of a reason, by title."""
    return list(of_practice(reason.practice_id).filter(reason=reason).order_by("title"))


def counts(practice_id: int) -> dict[int, int]:
    """How many documents each reason has."""
    found: dict[int, int] = {}
    standing = InstructionDocument.objects.filter(practice_id=practice_id, removed_at__isnull=True)
    for reason in standing.values_list("reason_id", flat=True):
        found[reason] = found.get(reason, 0) + 1
    return found


def to_hand(visit: Appointment) -> list[InstructionDocument]:
    """What is handed to whoever comes for that visit; what may leave comes last."""
    if visit.reason_id is None:
        return []
    found = of_practice(visit.practice_id).filter(reason_id=visit.reason_id)
    return list(found.order_by("-joinable_at", "title"))


class Handed(NamedTuple):
    """A document given by hand: when, by whom."""

    at: datetime
    by: str


def handed(visit: Appointment) -> dict[int, Handed]:
    """The documents that the patient of a visit was given by hand, by key; as the day book says."""
    lines = Entry.objects.filter(
        practice_id=visit.practice_id, subject_kind="agenda.appointment", subject_id=visit.pk,
        verb__in=(HANDED, NOT_HANDED),
    )  # fmt: skip
    found: dict[int, Handed] = {}
    for at, by, verb, text in lines.order_by("number").values_list(
        "at", "by_name", "verb", "detail"
    ):
        if verb == NOT_HANDED:
            found.clear()
            continue
        found |= {key: Handed(at, by) for key in json.loads(text)["documents"]}
    return found


def behind_link(visits: Collection[int]) -> dict[int, list[int]]:
    """Keys of the documents that patients may read by a link, by visit; one statement."""
    return {
        visit: [key for key, _title in documents]
        for visit, documents in _of_visits(visits, joinable_only=True).items()
    }


def content_of(key: int, channel: str) -> bytes | None:
    """The bytes of a document, if it may leave by `channel`."""
    return contents([key], channel).get(key)


def contents(keys: Sequence[int], channel: str) -> dict[int, bytes]:
    """The bytes of documents by key; the confidential ones leave on paper only."""
    found = InstructionDocument.objects.filter(pk__in=keys, removed_at__isnull=True)
    if channel != Message.Channel.LETTER:
        found = found.filter(joinable_at__isnull=False)
    return {key: bytes(content) for key, content in found.values_list("pk", "content")}


def joined(notices: Sequence[Notice], channel: str) -> dict[int, list[Joined]]:
    """What goes with some notices by a channel: all on paper, elsewhere what may leave."""
    kinds = _JOINED_TO[Message.Channel(channel)]
    told = {one.pk: one.about_id for one in notices if one.kind in kinds and one.about_id}
    if not told:
        return {}
    paper = channel == Message.Channel.LETTER
    known = _of_visits(set(told.values()), joinable_only=not paper)
    return {
        notice: [Joined(f"{KIND}:{key}", NAME, title) for key, title in known[visit]]
        for notice, visit in told.items()
        if visit in known
    }


def _of_visits(visits: Collection[int], *, joinable_only: bool) -> dict[int, list[tuple[int, str]]]:
    given = {"reason__documents__removed_at__isnull": True}
    if joinable_only:
        given["reason__documents__joinable_at__isnull"] = False
    found = Appointment.objects.filter(
        pk__in=visits, cancelled_at__isnull=True, reason__documents__isnull=False, **given
    ).order_by("reason__documents__title", "reason__documents__pk")
    known: dict[int, list[tuple[int, str]]] = {}
    for visit, key, title in found.values_list(
        "pk", "reason__documents__pk", "reason__documents__title"
    ):
        known.setdefault(visit, []).append((key, title))
    return known
