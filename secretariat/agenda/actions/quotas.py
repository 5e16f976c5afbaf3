"""How an agenda shares its day: times kept free, at most so many, a share of the hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from django.db import transaction

from secretariat.agenda.actions import freeing, placing
from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import Agenda, FreedTime, Quota, QuotaReason, VisitReason
from secretariat.agenda.quota_words import EVERY_DAY
from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.practice.actions import automatic_post
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

LONGEST_HOURS = 24 * 60
"""Two months before: what is released earlier is not kept at all."""


class QuotaDetails(TypedDict, total=False):
    """What a quota says besides its kind, amount and reasons; see `Quota`."""

    part: str
    weekdays: int
    """A bit a weekday, Monday first."""
    minutes: int
    """Length of each time kept; 0 for the other kinds."""
    release: str
    release_hours: int
    label: str
    to_date: date | None


@transaction.atomic
def set_quota(
    *,
    agenda: Agenda,
    kind: str,
    amount: int,
    reasons: Sequence[VisitReason],
    from_date: date,
    by: Staff,
    at: datetime,
    **details: Unpack[QuotaDetails],
) -> Quota:
    """Keep times for some reasons, or hold these within bounds, from a day on.

    Args:
        kind: "keep", "most" or "share".
        amount: times kept, visits at most, or percent of the open minutes.
        reasons: for which times are kept, or that are counted.

    Raises:
        NotAllowed, BadInput.
    """
    must_rule(by)
    quota = quota_from(
        agenda=agenda, kind=kind, amount=amount, from_date=from_date, **details
    )  # fmt: skip
    quota.author, quota.created_at = by, at
    check_quota(quota, reasons)
    placing.lock([agenda.pk])
    with freeing.changing([agenda], why=FreedTime.Why.QUOTA, by=by, at=at):
        quota.save()
        _count(quota, reasons)
    _note(
        quota, "agenda.set_quota", by, at, kind=kind, amount=amount, from_date=from_date,
        reasons=[reason.pk for reason in reasons], **details,
    )  # fmt: skip
    return quota


def quota_from(
    *, agenda: Agenda, kind: str, amount: int, from_date: date, **details: Unpack[QuotaDetails]
) -> Quota:
    """The row that `set_quota` would write, not written: what a preview looks at."""
    quota = Quota(
        practice_id=agenda.practice_id, agenda=agenda, kind=kind, amount=amount,
        from_date=from_date, **details,
    )  # fmt: skip
    quota.label = " ".join(quota.label.split())[:120]
    return quota


@transaction.atomic
def change_quota(
    *,
    quota: Quota,
    amount: int,
    reasons: Sequence[VisitReason],
    from_date: date,
    by: Staff,
    at: datetime,
    **details: Unpack[QuotaDetails],
) -> Quota:
    """Let a quota say something else; it stays the same quota, of the same kind and author.

    Args:
        amount, reasons, details: as for `set_quota`; what is left out of the details is as usual.

    Raises:
        NotAllowed, BadInput.
    """
    must_rule(by)
    placing.lock([quota.agenda_id])
    current = Quota.objects.select_for_update().get(pk=quota.pk, practice_id=quota.practice_id)
    agenda = Agenda.objects.select_related("site").get(pk=current.agenda_id)
    wanted = quota_from(
        agenda=agenda, kind=current.kind, amount=amount, from_date=from_date, **details
    )  # fmt: skip
    check_quota(wanted, reasons)
    for field in _SAID:
        setattr(current, field, getattr(wanted, field))
    current.changed_by, current.changed_at = by, at
    with freeing.changing([agenda], why=FreedTime.Why.QUOTA, by=by, at=at):
        current.save()
        current.reasons.all().delete()
        _count(current, reasons)
    _note(
        current, "agenda.change_quota", by, at, kind=current.kind, amount=amount,
        from_date=from_date, reasons=[reason.pk for reason in reasons], **details,
    )  # fmt: skip
    return current


_SAID = (
    "amount", "part", "weekdays", "minutes", "release", "release_hours", "label", "from_date",
    "to_date",
)  # fmt: skip


@transaction.atomic
def end_quota(*, quota: Quota, last_day: date, by: Staff, at: datetime) -> Quota | None:
    """Let a quota end after `last_day`; one that never served is removed.

    Returns:
        The quota with its end, or None when it was removed.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    placing.lock([quota.agenda_id])
    current = Quota.objects.select_for_update().get(pk=quota.pk, practice_id=quota.practice_id)
    agenda = Agenda.objects.select_related("site").get(pk=current.agenda_id)
    with freeing.changing([agenda], why=FreedTime.Why.QUOTA, by=by, at=at):
        kept = _ended(current, last_day)
    if not kept:
        _note(current, "agenda.remove_quota", by, at)
        return None
    _note(current, "agenda.end_quota", by, at, last_day=current.to_date)
    return current


def _ended(quota: Quota, last_day: date) -> bool:
    """The quota with its end, or removed: whether it stays."""
    if last_day < quota.from_date:
        number = quota.pk
        quota.delete()
        quota.pk = number
        return False
    quota.to_date = min(last_day, quota.to_date or last_day)
    quota.save(update_fields=["to_date"])
    return True


def _count(quota: Quota, reasons: Sequence[VisitReason]) -> None:
    QuotaReason.objects.bulk_create(
        QuotaReason(practice_id=quota.practice_id, quota=quota, reason=reason) for reason in reasons
    )


@transaction.atomic
def released(*, quota: Quota, waited_since: datetime, at: datetime) -> list[FreedTime]:
    """The times that a quota gave to all by its own delay since they were looked at last are
    proposed, however long ago that was: nothing is lost while no worker runs.

    Args:
        quota: one that keeps times, with its agenda and site.
        waited_since: since when someone waits; what was free before is no news to anyone.
    """
    placing.lock([quota.agenda_id])
    current = Quota.objects.select_for_update().get(pk=quota.pk, practice_id=quota.practice_id)
    since = max(current.released_until or current.created_at, waited_since)
    if since >= at:
        return []
    current.released_until = at
    current.save(update_fields=["released_until"])
    freed = _given_back(quota, since, at)
    if freed:
        by = automatic_post(practice_id=quota.practice_id, role_key="automaton", at=at)
        _note(quota, "agenda.quota_released", by, at, times=len(freed))
    return freed


def _given_back(quota: Quota, since: datetime, at: datetime) -> list[FreedTime]:
    """What the delay gave to all in `(since, at]`."""
    zone = quota.agenda.site.time_zone
    if quota.release == Quota.Release.SAME_DAY:
        today = clock.local_date(at, zone)
        if clock.local_date(since, zone) == today:
            return []
        begins = datetime.combine(today, time(), ZoneInfo(zone)).astimezone(UTC)
        span = (begins, begins + timedelta(days=1))
    else:
        ahead = timedelta(hours=quota.release_hours)
        span = (since + ahead, at + ahead)
    by = automatic_post(practice_id=quota.practice_id, role_key="automaton", at=at)
    free = freeing.now_free(agenda=quota.agenda, span=span, at=since)
    return freeing.opened(
        agenda=quota.agenda, span=span, why=FreedTime.Why.QUOTA, by=by, at=at, but_not=free
    )


def check_quota(quota: Quota, reasons: Sequence[VisitReason]) -> None:
    """Refuse a quota, not yet written, that means nothing.

    Raises:
        BadInput.
    """
    if not reasons:
        raise BadInput("Cochez au moins un motif : pour qui garder ces créneaux, ou quoi compter ?")
    if quota.part not in Quota.Part.values or not 1 <= quota.weekdays <= EVERY_DAY:
        raise BadInput("Choisissez le moment de la journée et les jours.")
    if quota.to_date is not None and quota.to_date < quota.from_date:
        raise BadInput("La fin de ce quota tombe avant son début : corrigez les dates.")
    if quota.kind != Quota.Kind.KEEP and (quota.minutes or quota.release != Quota.Release.NEVER):
        raise BadInput("Seuls des créneaux gardés libres ont une durée et se libèrent.")
    match quota.kind:
        case Quota.Kind.KEEP:
            _refuse_odd_keep(quota)
        case Quota.Kind.MOST if not 0 <= quota.amount <= 200:
            raise BadInput("Indiquez un nombre de rendez-vous de 0 à 200.")
        case Quota.Kind.SHARE if not 0 <= quota.amount <= 100:
            raise BadInput("Une part va de 0 à 100 %.")
        case kind if kind not in Quota.Kind.values:
            raise BadInput("Choisissez ce que fait ce quota.")


def _refuse_odd_keep(quota: Quota) -> None:
    if not 1 <= quota.amount <= 50:
        raise BadInput("Gardez de 1 à 50 créneaux libres.")
    if not 5 <= quota.minutes <= 480:
        raise BadInput("Un créneau gardé dure de 5 minutes à 8 heures : indiquez sa durée.")
    if quota.release not in Quota.Release.values:
        raise BadInput("Dites quand ces créneaux se libèrent.")
    hours, notice = quota.release_hours, quota.release == Quota.Release.NOTICE
    if notice and not 1 <= hours <= LONGEST_HOURS:
        raise BadInput("Dites combien d’heures avant ces créneaux se libèrent : 48, par exemple.")
    if hours and not notice:
        raise BadInput("Des heures ne se comptent que pour libérer « avant l’heure ».")


def _note(quota: Quota, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(
        practice_id=quota.practice_id, by=by, at=at, verb=verb, subject=quota,
        agenda=quota.agenda_id, **detail,
    )  # fmt: skip
