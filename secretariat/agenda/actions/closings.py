"""A room is closed for a time, or equipment is out of order."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from secretariat.agenda.actions import freeing, placing
from secretariat.agenda.actions.rights import must_rule
from secretariat.agenda.models import (
    Agenda,
    Appointment,
    FreedTime,
    ReasonNeed,
    Resource,
    ResourceClosing,
    Waiting,
)
from secretariat.core import clock
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

LONGEST_DAYS = 400
# A visit lasts at most a day, and takes its room for some hours around it.
_LONGEST_USE = timedelta(days=2)


class ClosedAlready(Refusal):
    """Another closing covers a part of this time. Facts: closing."""


class Closed(NamedTuple):
    """A closing just written, and the visits that take the room in that time."""

    closing: ResourceClosing
    hit: list[Appointment]


@transaction.atomic
def close_resource(
    *,
    resource: Resource,
    starts_at: datetime,
    ends_at: datetime,
    by: Staff,
    at: datetime,
    label: str = "",
) -> Closed:
    """Let nothing take a room for a time. Visits already given stand until somebody replans them.

    Args:
        resource: with its site.
        starts_at, ends_at: aware, half-open.
        label: why, as colleagues may read it.

    Raises:
        ClosedAlready, NotAllowed, BadInput.
    """
    must_rule(by)
    if ends_at <= starts_at:
        raise BadInput("La fin de la fermeture tombe avant son début : corrigez les dates.")
    if ends_at - starts_at > timedelta(days=LONGEST_DAYS):
        raise BadInput(
            "Une fermeture dure au plus un an : au-delà, dites que la salle ne sert plus."
        )
    placing.lock_room(resource.pk)
    _refuse_twice(resource, starts_at, ends_at)
    with _changing(resource, (starts_at, ends_at), by, at):
        closing = ResourceClosing.objects.create(
            practice_id=resource.practice_id, resource=resource, starts_at=starts_at,
            ends_at=ends_at, label=" ".join(label.split())[:120], author=by, created_at=at,
        )  # fmt: skip
    hit = visits_hit(closing)
    _note(closing, "agenda.close_resource", by, at, hit=[visit.pk for visit in hit])
    return Closed(closing, hit)


@transaction.atomic
def cancel_closing(*, closing: ResourceClosing, by: Staff, at: datetime) -> ResourceClosing:
    """The room serves again in that time; asking twice does nothing more.

    Raises:
        NotAllowed.
    """
    must_rule(by)
    placing.lock_room(closing.resource_id)
    current = (
        ResourceClosing.objects.select_for_update(of=("self",))
        .select_related("resource")
        .get(pk=closing.pk, practice_id=closing.practice_id)
    )
    if current.cancelled_at is not None:
        return current
    with _changing(current.resource, (current.starts_at, current.ends_at), by, at):
        current.cancelled_at, current.cancelled_by = at, by
        current.save(update_fields=["cancelled_at", "cancelled_by"])
    _note(current, "agenda.cancel_closing", by, at)
    return current


def visits_hit(closing: ResourceClosing) -> list[Appointment]:
    """The visits that take the room while it is closed, preparation and cleaning included."""
    return list(
        Appointment.objects.filter(
            practice_id=closing.practice_id,
            resources_used__resource_id=closing.resource_id,
            resources_used__starts_at__gte=closing.starts_at - _LONGEST_USE,
            resources_used__starts_at__lt=closing.ends_at,
            resources_used__ends_at__gt=closing.starts_at,
            cancelled_at__isnull=True,
        )
        .select_related("patient", "reason", "agenda__practitioner", "agenda__site", "group")
        .order_by("starts_at", "pk")
    )


def _changing(
    resource: Resource, span: tuple[datetime, datetime], by: Staff, at: datetime
) -> AbstractContextManager[None]:
    """Visits that need the room, in the agendas of its site, may be given there or not."""
    needing = ReasonNeed.objects.filter(resource=resource).values("reason_id")
    waited = Waiting.objects.filter(
        practice_id=resource.practice_id, ended_at=None, reason__in=needing
    )
    reasons = set(waited.values_list("reason_id", flat=True))
    agendas = Agenda.objects.filter(
        site_id=resource.site_id, active=True, offered_reasons__reason__in=reasons
    ).select_related("site")
    return freeing.changing(
        agendas.distinct().order_by("pk"),
        why=FreedTime.Why.ROOM,
        by=by,
        at=at,
        span=span,
        reasons=reasons,
    )  # fmt: skip


def _refuse_twice(resource: Resource, starts_at: datetime, ends_at: datetime) -> None:
    other = ResourceClosing.objects.filter(
        resource=resource, starts_at__lt=ends_at, ends_at__gt=starts_at, cancelled_at__isnull=True
    ).first()
    if other is None:
        return
    zone = resource.site.time_zone
    first, last = clock.local(other.starts_at, zone), clock.local(other.ends_at, zone)
    raise ClosedAlready(
        f"« {resource.name} » est déjà indisponible du {first:%d/%m/%Y à %H:%M} "
        f"au {last:%d/%m/%Y à %H:%M} : rouvrez-la d’abord, ou choisissez d’autres dates.",
        closing=other,
    )


def _note(closing: ResourceClosing, verb: str, by: Staff, at: datetime, **detail: Any) -> None:
    daybook.note(
        practice_id=closing.practice_id, by=by, at=at, verb=verb, subject=closing,
        resource=closing.resource_id, starts_at=closing.starts_at, ends_at=closing.ends_at,
        **detail,
    )  # fmt: skip
