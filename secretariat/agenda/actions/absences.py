"""The practitioner is away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from secretariat.agenda.actions import freeing, placing
from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import Absence, Agenda, Appointment, FreedTime, Replacement
from secretariat.core import clock
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

LONGEST_DAYS = 400
_LONGEST_VISIT = timedelta(days=1)


class AlreadyAway(Refusal):
    """An absence already covers a part of this time. Facts: absence."""


class NoLocum(Refusal):
    """Nobody stands in on these days."""


class Away(NamedTuple):
    """An absence just written, and the visits that stand in it and must be replanned."""

    absence: Absence
    hit: list[Appointment]


@transaction.atomic
def absent(
    *,
    agenda: Agenda,
    starts_at: datetime,
    ends_at: datetime,
    by: Staff,
    at: datetime,
    label: str = "",
    of_locum: bool = False,
) -> Away:
    """Close an agenda for a time. Visits already given stand until somebody replans them.

    Args:
        agenda: with its site.
        starts_at, ends_at: aware, half-open.
        label: why, as colleagues may read it.
        of_locum: the locum is away, not the holder whom they replace.

    Raises:
        AlreadyAway, NoLocum, NotAllowed, BadInput.
    """
    must_rule(by)
    if ends_at <= starts_at:
        raise BadInput("La fin de l’absence tombe avant son début : corrigez les dates.")
    if ends_at - starts_at > timedelta(days=LONGEST_DAYS):
        raise BadInput("Une absence dure au plus un an : corrigez les dates.")
    placing.lock([agenda.pk])
    if of_locum:
        _refuse_without_locum(agenda, starts_at, ends_at)
    _refuse_twice(agenda, starts_at, ends_at, of_locum)
    absence = Absence.objects.create(
        practice_id=agenda.practice_id,
        agenda=agenda,
        starts_at=starts_at,
        ends_at=ends_at,
        label=label.strip()[:120],
        of_locum=of_locum,
        author=by,
        created_at=at,
    )
    freeing.closed(agenda=agenda, span=(starts_at, ends_at), at=at)
    hit = visits_during(agenda, starts_at, ends_at)
    _note(absence, "agenda.absent", by, at, hit=[visit.pk for visit in hit])
    return Away(absence, hit)


@transaction.atomic
def cancel_absence(*, absence: Absence, by: Staff, at: datetime, offer: bool = True) -> Absence:
    """The practitioner is there after all; asking twice does nothing more.

    Args:
        offer: propose the times that open again to those who wait; False when the visits of
            before come back.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    placing.lock([absence.agenda_id])
    current = Absence.objects.select_for_update().get(
        pk=absence.pk, practice_id=absence.practice_id
    )
    if current.cancelled_at is not None:
        return current
    current.cancelled_at, current.cancelled_by = at, by
    current.save(update_fields=["cancelled_at", "cancelled_by"])
    if offer:
        agenda = Agenda.objects.select_related("site").get(pk=current.agenda_id)
        span = (current.starts_at, current.ends_at)
        freeing.opened(agenda=agenda, span=span, why=FreedTime.Why.ABSENCE, by=by, at=at)
    _note(current, "agenda.cancel_absence", by, at)
    return current


def visits_during(agenda: Agenda, starts_at: datetime, ends_at: datetime) -> list[Appointment]:
    """The visits of `agenda` that stand in `[starts_at, ends_at)`, soonest first."""
    return list(
        Appointment.objects.filter(
            practice_id=agenda.practice_id,
            agenda=agenda,
            starts_at__gte=starts_at - _LONGEST_VISIT,
            starts_at__lt=ends_at,
            ends_at__gt=starts_at,
            cancelled_at__isnull=True,
        )
        .select_related("patient", "reason")
        .order_by("starts_at", "pk")
    )


def _refuse_twice(agenda: Agenda, starts_at: datetime, ends_at: datetime, of_locum: bool) -> None:
    """The same person is away once at a time."""
    standing = Absence.objects.filter(
        agenda=agenda, starts_at__lt=ends_at, ends_at__gt=starts_at, cancelled_at__isnull=True,
        of_locum=of_locum,
    )  # fmt: skip
    if other := standing.first():
        zone = agenda.site.time_zone
        first, last = clock.local(other.starts_at, zone), clock.local(other.ends_at, zone)
        raise AlreadyAway(
            f"{agenda.name} a déjà une absence du {first:%d/%m/%Y à %H:%M} "
            f"au {last:%d/%m/%Y à %H:%M} : annulez-la d’abord, ou choisissez d’autres dates.",
            absence=other,
        )


def _refuse_without_locum(agenda: Agenda, starts_at: datetime, ends_at: datetime) -> None:
    zone = agenda.site.time_zone
    last = clock.local_date(ends_at - timedelta(microseconds=1), zone)
    standing = Replacement.objects.filter(
        agenda=agenda, from_date__lte=last, to_date__gte=clock.local_date(starts_at, zone),
        cancelled_at__isnull=True,
    )  # fmt: skip
    if not standing.exists():
        raise NoLocum(
            f"Personne ne remplace {agenda.name} à ces dates : notez d’abord le remplacement, "
            "ou décochez « C’est le remplaçant qui s’absente »."
        )


def _note(absence: Absence, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(
        practice_id=absence.practice_id,
        by=by,
        at=at,
        verb=verb,
        subject=absence,
        agenda=absence.agenda_id,
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        **detail,
    )
