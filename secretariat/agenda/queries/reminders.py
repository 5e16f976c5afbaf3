"""Which visits come, and when the practice reminds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max

from secretariat.agenda import telling
from secretariat.agenda.models import Appointment, Reminder, VisitReason
from secretariat.agenda.reminder_times import DEFAULT, When
from secretariat.notices.models import Notice


class Visit(NamedTuple):
    """A visit to come, as reminders see it."""

    pk: int
    patient_id: int
    reason_id: int | None
    starts_at: datetime
    created_at: datetime
    zone: str


def reminders_of(practice_id: int) -> dict[int | None, list[When]]:
    """When visits are reminded, by reason; None: the others. A silent reason has an empty list."""
    found: dict[int | None, list[When]] = defaultdict(list)
    for row in Reminder.objects.filter(practice_id=practice_id).order_by("pk"):
        whens = found[row.reason_id]
        if not row.silent:
            whens.append(When(row.days_before, row.at_time, row.hours_before))
    return dict(found)


@dataclass(frozen=True)
class Line:
    """What is said of one reason, or of all the others."""

    name: str
    words: str
    author: str
    since: datetime | None = None


def in_words(practice_id: int, reasons: Sequence[VisitReason]) -> list[Line]:
    """When visits are reminded, in sentences: all reasons first, then those that differ."""
    rows = Reminder.objects.filter(practice_id=practice_id).select_related("author")
    written = {row.reason_id: row for row in rows.order_by("pk")}
    known = reminders_of(practice_id)
    names: list[tuple[int | None, str]] = [(None, "Tous les motifs")]
    names += [(reason.pk, reason.name) for reason in reasons if reason.pk in known]
    lines = []
    for pk, name in names:
        words = _words(known.get(pk, list(DEFAULT) if pk is None else []))
        row = written.get(pk)
        by = (row.author.display_name, row.created_at) if row else ("", None)
        lines.append(Line(name, words, *by))
    return lines


def _words(whens: Sequence[When]) -> str:
    ordered = sorted(whens, key=lambda when: when.reach, reverse=True)
    return ", puis ".join(when.words for when in ordered) or "aucun rappel"


def visits_ahead(practice_id: int, at: datetime, reach: timedelta) -> list[Visit]:
    """The patients' visits that begin in (at, at + reach]."""
    rows = Appointment.objects.filter(
        practice_id=practice_id, cancelled_at__isnull=True, patient__isnull=False,
        starts_at__gt=at, starts_at__lte=at + reach,
    ).values_list(
        "pk", "patient_id", "reason_id", "starts_at", "created_at", "agenda__site__time_zone"
    )  # fmt: skip
    return [Visit(*row) for row in rows.order_by("starts_at", "pk")]


def said_last(practice_id: int, visit_ids: Sequence[int]) -> dict[int, datetime]:
    """When each visit's hour was last told, or is about to be."""
    said = Notice.objects.filter(
        practice_id=practice_id, kind__in=telling.HOURS, about_id__in=visit_ids
    ).exclude(state__in=(Notice.State.WITHDRAWN, Notice.State.CLOSED))
    last = said.values_list("about_id").annotate(Max("created_at"))
    return {pk: at for pk, at in last if pk is not None}


def practices_with_visits(at: datetime) -> list[int]:
    """The practices that receive someone in the next two months; all must be in scope."""
    ahead = Appointment.objects.filter(
        starts_at__gt=at, starts_at__lte=at + timedelta(days=61), cancelled_at__isnull=True
    )
    return sorted(ahead.values_list("practice_id", flat=True).distinct())
