"""A locum holds an agenda for some days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from secretariat.agenda.actions import placing
from secretariat.agenda.actions.absences import visits_during
from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.models import Agenda, Appointment, LocumLimit, Replacement, VisitReason
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Practitioner, Staff
from secretariat.privacy import daybook

LONGEST_DAYS = 400
MOST = 200


class AnotherLocum(Refusal):
    """Someone already stands in on one of these days. Facts: replacement."""


class StandIn(NamedTuple):
    """A replacement just written, and the visits given for reasons that the locum leaves."""

    replacement: Replacement
    hit: list[Appointment]


@transaction.atomic
def replace(
    *,
    agenda: Agenda,
    practitioner: Practitioner,
    from_date: date,
    to_date: date,
    by: Staff,
    at: datetime,
    not_taken: Sequence[VisitReason] = (),
    most_per_half_day: int | None = None,
) -> StandIn:
    """Let `practitioner` hold `agenda` from one day to another, both included.

    Args:
        agenda: with its site and practitioner.
        not_taken: reasons left to the holder.
        most_per_half_day: visits at most, morning and afternoon; None: no bound.

    Raises:
        AnotherLocum, NotAllowed, BadInput.
    """
    must_rule(by)
    if practitioner.pk == agenda.practitioner_id:
        raise BadInput(f"{practitioner} ne peut pas se remplacer : choisissez quelqu’un d’autre.")
    if to_date < from_date:
        raise BadInput("La fin du remplacement tombe avant son début : corrigez les dates.")
    if (to_date - from_date).days > LONGEST_DAYS:
        raise BadInput("Un remplacement dure au plus un an : corrigez les dates.")
    _must_be_bearable(most_per_half_day)
    placing.lock([agenda.pk])
    _refuse_another(agenda, from_date, to_date)
    replacement = Replacement.objects.create(
        practice_id=agenda.practice_id, agenda=agenda, practitioner=practitioner,
        from_date=from_date, to_date=to_date, most_per_half_day=most_per_half_day, author=by,
        created_at=at,
    )  # fmt: skip
    hit = _leave(replacement, not_taken)
    _note(
        replacement, "agenda.replace", by, at, practitioner=practitioner.pk, from_date=from_date,
        to_date=to_date, not_taken=sorted(reason.pk for reason in not_taken),
        most_per_half_day=most_per_half_day, hit=[visit.pk for visit in hit],
    )  # fmt: skip
    return StandIn(replacement, hit)


@transaction.atomic
def limit(
    *,
    replacement: Replacement,
    not_taken: Sequence[VisitReason],
    most_per_half_day: int | None,
    by: Staff,
    at: datetime,
) -> StandIn:
    """Say again which reasons a locum leaves to the holder, and how many visits they take.

    Args:
        replacement: with its agenda and site.

    Raises:
        NotAllowed, BadInput.
    """
    must_rule(by)
    _must_be_bearable(most_per_half_day)
    placing.lock([replacement.agenda_id])
    replacement.most_per_half_day = most_per_half_day
    replacement.save(update_fields=["most_per_half_day"])
    replacement.limits.all().delete()
    hit = _leave(replacement, not_taken)
    _note(
        replacement, "agenda.limit_replacement", by, at, most_per_half_day=most_per_half_day,
        not_taken=sorted(reason.pk for reason in not_taken), hit=[visit.pk for visit in hit],
    )  # fmt: skip
    return StandIn(replacement, hit)


@transaction.atomic
def end_replacement(
    *, replacement: Replacement, last_day: date, by: Staff, at: datetime
) -> Replacement:
    """Let a locum leave after `last_day`; one who has not begun by then does not come.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    placing.lock([replacement.agenda_id])
    current = Replacement.objects.select_for_update().get(
        pk=replacement.pk, practice_id=replacement.practice_id
    )
    if current.cancelled_at is not None:
        return current
    if last_day < current.from_date:
        current.cancelled_at, current.cancelled_by = at, by
    else:
        current.to_date = min(last_day, current.to_date)
    current.save(update_fields=["cancelled_at", "cancelled_by", "to_date"])
    _note(current, "agenda.end_replacement", by, at, last_day=last_day)
    return current


def visits_of(replacement: Replacement) -> list[Appointment]:
    """The visits given on the days of a locum, soonest first; its agenda has its site."""
    zone = replacement.agenda.site.time_zone
    since, until = (
        day_bounds(replacement.from_date, zone)[0],
        day_bounds(replacement.to_date, zone)[1],
    )
    return visits_during(replacement.agenda, moment_of(since), moment_of(until))


def _leave(replacement: Replacement, not_taken: Iterable[VisitReason]) -> list[Appointment]:
    """Write the reasons left to the holder; the visits given already for one of them."""
    left = {reason.pk for reason in not_taken}
    LocumLimit.objects.bulk_create(
        LocumLimit(practice_id=replacement.practice_id, replacement=replacement, reason_id=pk)
        for pk in left
    )
    return [visit for visit in visits_of(replacement) if visit.reason_id in left]


def _must_be_bearable(most_per_half_day: int | None) -> None:
    if most_per_half_day is not None and not 1 <= most_per_half_day <= MOST:
        raise BadInput("Indiquez un nombre de rendez-vous par demi-journée, de 1 à 200.")


def _refuse_another(agenda: Agenda, from_date: date, to_date: date) -> None:
    others = Replacement.objects.filter(
        agenda=agenda, from_date__lte=to_date, to_date__gte=from_date, cancelled_at__isnull=True
    ).select_related("practitioner")
    if other := others.first():
        raise AnotherLocum(
            f"{other.practitioner} remplace déjà {agenda.practitioner} du "
            f"{other.from_date:%d/%m/%Y} au {other.to_date:%d/%m/%Y} : arrêtez d’abord ce "
            "remplacement, ou choisissez d’autres dates.",
            replacement=other,
        )


def _note(replacement: Replacement, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(
        practice_id=replacement.practice_id, by=by, at=at, verb=verb, subject=replacement,
        agenda=replacement.agenda_id, **detail,
    )  # fmt: skip
