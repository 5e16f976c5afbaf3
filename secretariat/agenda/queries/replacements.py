"""Who stands in for whom, as the settings show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from secretariat.agenda.models import Agenda, Replacement
from secretariat.agenda.rule_words import long_day
from secretariat.practice.models import Practitioner


@dataclass(frozen=True)
class ReplacementRow:
    """A replacement in words."""

    replacement: Replacement
    words: str
    limits: list[str]
    begun: bool
    left: frozenset[int]
    """The reasons left to the holder."""


def coming(practice_id: int, today: date, agenda: Agenda | None = None) -> list[ReplacementRow]:
    """The replacements not yet over, of one agenda or of all: three statements."""
    found = Replacement.objects.filter(
        practice_id=practice_id, to_date__gte=today, cancelled_at__isnull=True
    )
    if agenda is not None:
        found = found.filter(agenda=agenda)
    rows = (
        found.select_related("agenda__practitioner", "agenda__site", "practitioner", "author")
        .prefetch_related("limits__reason")
        .order_by("from_date", "pk")
    )
    return [_row(one, today) for one in rows]


def replacement_words(one: Replacement) -> str:
    """« Dr Roy remplace Dr Nguyen du lundi 3 août 2026 au vendredi 14 août 2026 »."""
    first, last = long_day(one.from_date), long_day(one.to_date)
    days = f"le {first}" if one.from_date == one.to_date else f"du {first} au {last}"
    return f"{one.practitioner} remplace {one.agenda.practitioner} {days}"


def replacements_of(practice_id: int) -> QuerySet[Replacement]:
    """The replacements of a practice."""
    return Replacement.objects.filter(practice_id=practice_id).select_related("agenda__site")


def practitioners_of(practice_id: int) -> QuerySet[Practitioner]:
    """Who may stand in: everyone who receives here."""
    known = Practitioner.objects.filter(practice_id=practice_id)
    return known.order_by("family_name", "given_name")


def _row(one: Replacement, today: date) -> ReplacementRow:
    limits = []
    if left := sorted(limit.reason.name for limit in one.limits.all()):
        limits.append(f"ne prend pas : {', '.join(left)}")
    if one.most_per_half_day is not None:
        limits.append(f"au plus {one.most_per_half_day} rendez-vous par demi-journée")
    left_to_holder = frozenset(limit.reason_id for limit in one.limits.all())
    begun = one.from_date <= today
    return ReplacementRow(one, replacement_words(one), limits, begun, left_to_holder)
