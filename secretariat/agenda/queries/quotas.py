"""The quotas of an agenda, as the settings show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from secretariat.agenda.models import Agenda, Quota
from secretariat.agenda.quota_words import SpokenQuota, quota_words


@dataclass(frozen=True)
class QuotaRow:
    """A quota in words."""

    quota: Quota
    words: str
    in_force: bool


def quotas(agenda: Agenda, today: date) -> list[QuotaRow]:
    """The quotas in force or to come: three statements."""
    found = (
        Quota.objects.filter(Q(to_date__isnull=True) | Q(to_date__gte=today), agenda=agenda)
        .select_related("author", "changed_by")
        .prefetch_related("reasons__reason")
        .order_by("kind", "from_date", "pk")
    )
    return [QuotaRow(one, quota_words(spoken(one)), one.from_date <= today) for one in found]


def spoken(quota: Quota) -> SpokenQuota:
    """The quota in plain values; its reasons are prefetched."""
    return SpokenQuota(
        kind=quota.kind,
        amount=quota.amount,
        reasons=sorted(counted.reason.name for counted in quota.reasons.all()),
        part=quota.part,
        weekdays=quota.weekdays,
        minutes=quota.minutes,
        release=quota.release,
        release_hours=quota.release_hours,
        label=quota.label,
    )


def quotas_of(practice_id: int) -> QuerySet[Quota]:
    """The quotas of a practice."""
    found = Quota.objects.filter(practice_id=practice_id)
    return found.select_related("agenda__site", "author", "changed_by")
