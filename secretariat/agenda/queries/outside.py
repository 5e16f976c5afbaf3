"""Visits given that stand outside the rules as they are now, though nobody forced them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from secretariat.agenda import loading
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import (
    Agenda,
    Appointment,
    OfferedReason,
    ReasonNeed,
    ResourceUse,
)
from secretariat.agenda.openings import Wanted
from secretariat.agenda.rule_effect import Stands, Stood
from secretariat.core import clock

MOST = 200
"""Visits replanned at once."""


def outside(agendas: Sequence[Agenda], at: datetime) -> set[int]:
    """Keys of the visits to come that stand outside the hours open to them, in an
    agenda that no longer offers their reason, or without a room it needs: seven statements.

    Those that someone forced or squeezed stand there knowingly: they are left out.

    Args:
        agendas: of one practice, with their sites.
    """
    by_agenda: dict[int, list[Appointment]] = defaultdict(list)
    for visit in _coming(agendas, at):
        by_agenda[visit.agenda_id].append(visit)
    known = [one for one in agendas if one.pk in by_agenda]
    if not known:
        return set()
    last = max(some[-1].starts_at for some in by_agenda.values())
    first = clock.local_date(at, known[0].site.time_zone)
    days = (clock.local_date(last, known[0].site.time_zone) - first).days + 2
    found = {
        visit.pk
        for facts in loading.facts(known, first, days, visits=False)
        for visit in _shut_out(by_agenda[facts.agenda_id], Stands(facts.hours))
    }
    visits = [visit for some in by_agenda.values() for visit in some]
    return found | _not_offered(visits) | _without_room(visits)


def visits_of(practice_id: int, keys: Iterable[int], at: datetime) -> list[Appointment]:
    """These visits as far as they stand and are to come, soonest first."""
    return list(
        Appointment.objects.filter(
            practice_id=practice_id, pk__in=list(keys)[:MOST], starts_at__gte=at,
            cancelled_at__isnull=True,
        )
        .select_related("patient", "reason", "agenda__practitioner", "agenda__site", "group")
        .order_by("starts_at", "pk")
    )  # fmt: skip


def _coming(agendas: Sequence[Agenda], at: datetime) -> list[Appointment]:
    if not agendas:
        return []
    return list(
        Appointment.objects.filter(
            practice_id=agendas[0].practice_id, agenda__in=[one.pk for one in agendas],
            starts_at__gte=at, cancelled_at__isnull=True, forced=False, squeezed=False,
        )
        .exclude(patient__isnull=True, reason__isnull=True)  # blocks: nobody comes
        .select_related("reason", "agenda")
        .order_by("starts_at", "pk")
    )  # fmt: skip


def _shut_out(visits: Iterable[Appointment], stands: Stands) -> list[Appointment]:
    return [visit for visit in visits if not stands.at(_stood(visit))]


def _stood(visit: Appointment) -> Stood:
    reason = visit.reason
    wanted = Wanted(reason.pk, reason.mode, reason.named_only) if reason else Wanted()
    return Stood(minute_of(visit.starts_at), minute_of(visit.ends_at, up=True), visit.pk, wanted)


def _not_offered(visits: Sequence[Appointment]) -> set[int]:
    """Where the agenda does not offer the reason any more."""
    agendas = {visit.agenda_id for visit in visits}
    rows = OfferedReason.objects.filter(agenda_id__in=agendas)
    offered = set(rows.values_list("agenda_id", "reason_id"))
    return {
        visit.pk for visit in visits
        if visit.reason_id is not None and (visit.agenda_id, visit.reason_id) not in offered
    }  # fmt: skip


def _without_room(visits: Sequence[Appointment]) -> set[int]:
    """What needs a room, and has none that will do."""
    needs: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    reasons = {visit.reason_id for visit in visits if visit.reason_id is not None}
    rows = ReasonNeed.objects.filter(reason_id__in=reasons)
    for reason, number, resource in rows.values_list("reason_id", "need", "resource_id"):
        needs[reason][number].add(resource)
    if not needs:
        return set()
    taken: dict[int, set[int]] = defaultdict(set)
    uses = ResourceUse.objects.filter(appointment_id__in=[visit.pk for visit in visits])
    for visit_id, resource in uses.values_list("appointment_id", "resource_id"):
        taken[visit_id].add(resource)
    return {
        visit.pk for visit in visits
        if not all(taken[visit.pk] & some for some in needs[visit.reason_id or 0].values())
    }  # fmt: skip
