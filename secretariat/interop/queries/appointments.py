"""Visits as other programs see them: found, with their state and their foreign names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from secretariat.agenda.models import Appointment
from secretariat.interop.fhir.asking import Token, Window
from secretariat.interop.models import ForeignIdentifier
from secretariat.reception.models import Visit

_STARTED = Q(arrived_at__isnull=False) | Q(missed_at__isnull=False)
_STATES = {
    "arrived": Q(arrived_at__isnull=False, left_at__isnull=True),
    "fulfilled": Q(left_at__isnull=False),
    "noshow": Q(missed_at__isnull=False),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Wish:
    """Which visits; what is None or empty narrows nothing."""

    ids: list[int] | None = None
    starts: Window = field(default_factory=Window)
    created: Window = field(default_factory=Window)
    patients: list[int] | None = None
    practitioners: list[int] | None = None
    agendas: list[int] | None = None
    sites: list[int] | None = None
    reasons: list[int] | None = None
    statuses: list[str] | None = None
    names: list[Token] | None = None
    ours: str = ""
    """The system of our own identifiers."""


@dataclass(frozen=True)
class Seen:
    """A visit, its FHIR status, what other programs call it."""

    visit: Appointment
    status: str
    names: list[tuple[str, str]]


def find(
    practice_id: int, wish: Wish, after: Sequence[int] | None, most: int
) -> tuple[list[Seen], bool]:
    """The first `most` in order of time, and whether more follow: three statements.

    Args:
        after: microseconds since 1970 and key of the last one of the page before.
    """
    found = matching(practice_id, wish)
    if after is not None:
        moment = _EPOCH + timedelta(microseconds=after[0])
        found = found.filter(starts_at__gte=moment)
        found = found.filter(Q(starts_at__gt=moment) | Q(pk__gt=after[1]))
    rows = list(found.order_by("starts_at", "pk")[: most + 1])
    return seen(practice_id, rows[:most]), len(rows) > most


def count(practice_id: int, wish: Wish) -> int:
    """How many there are."""
    return matching(practice_id, wish).count()


def one(practice_id: int, pk: int | None) -> Appointment | None:
    """A patient's visit, with all that its resource shows; None for anyone else's."""
    return None if pk is None else _visits(practice_id).filter(pk=pk).first()


def named(practice_id: int, system: str, value: str) -> int | None:
    """Key of the visit that another program calls so."""
    names = ForeignIdentifier.objects.filter(practice_id=practice_id, system=system, value=value)
    return names.values_list("appointment_id", flat=True).first()


def seen(practice_id: int, visits: Sequence[Appointment]) -> list[Seen]:
    """Their states and foreign names: two statements."""
    ids = [visit.pk for visit in visits]
    if not ids:
        return []
    names: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    rows = ForeignIdentifier.objects.filter(practice_id=practice_id, appointment_id__in=ids)
    for pk, system, value in rows.order_by("pk").values_list("appointment_id", "system", "value"):
        names[pk].append((system, value))
    passages = Visit.objects.filter(practice_id=practice_id, appointment_id__in=ids)
    states = {
        pk: _state(arrived, left, missed)
        for pk, arrived, left, missed in passages.values_list(
            "appointment_id", "arrived_at", "left_at", "missed_at"
        )
    }
    return [
        Seen(
            visit,
            "cancelled" if visit.cancelled_at else states.get(visit.pk, "booked"),
            names.get(visit.pk, []),
        )
        for visit in visits
    ]


def matching(practice_id: int, wish: Wish) -> QuerySet[Appointment]:
    """The visits wished for. Blocks without a patient are no appointments."""
    found = _visits(practice_id)
    for column, wanted in (
        ("pk__in", wish.ids),
        ("patient_id__in", wish.patients),
        ("agenda__practitioner_id__in", wish.practitioners),
        ("agenda_id__in", wish.agendas),
        ("agenda__site_id__in", wish.sites),
        ("reason_id__in", wish.reasons),
    ):
        if wanted is not None:
            found = found.filter(**{column: wanted})
    found = found.filter(*_during("starts_at", wish.starts), *_during("created_at", wish.created))
    if wish.names is not None:
        found = found.filter(_called(practice_id, wish.names, wish.ours))
    if wish.statuses is not None:
        found = found.filter(_in_state(wish.statuses))
    return found


def _visits(practice_id: int) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        practice_id=practice_id, patient__isnull=False
    ).select_related("agenda__site", "agenda__practitioner", "reason", "patient", "created_by")


def _during(column: str, window: Window) -> Iterable[Q]:
    if window.since is not None:
        yield Q(**{f"{column}__gte": window.since})
    if window.until is not None:
        yield Q(**{f"{column}__lt": window.until})


def _called(practice_id: int, names: Sequence[Token], ours: str) -> Q:
    """Foreign names by their rows, our own by the key itself."""
    told = Q(pk__in=[])
    for name in names:
        rows = ForeignIdentifier.objects.filter(practice_id=practice_id, value=name.code)
        if name.system is not None:
            rows = rows.filter(system=name.system)
        told |= Q(pk__in=rows.values("appointment_id"))
        if name.system in {None, ours} and name.code.isdecimal() and len(name.code) < 19:
            told |= Q(pk=int(name.code))
    return told


def _in_state(statuses: Sequence[str]) -> Q:
    return reduce(or_, map(_state_is, statuses), Q(pk__in=[]))


def _state_is(status: str) -> Q:
    passage = Visit.objects.filter(appointment_id=OuterRef("pk"))
    if status == "cancelled":
        return Q(cancelled_at__isnull=False)
    if status == "booked":
        return Q(~Exists(passage.filter(_STARTED)), cancelled_at__isnull=True)
    if status in _STATES:
        return Q(Exists(passage.filter(_STATES[status])), cancelled_at__isnull=True)
    return Q(pk__in=[])


def _state(arrived: datetime | None, left: datetime | None, missed: datetime | None) -> str:
    if missed:
        return "noshow"
    if left:
        return "fulfilled"
    return "arrived" if arrived else "booked"
