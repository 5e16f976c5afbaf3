"""The day by room and equipment: who is in which, when. Three statements, and the marks’."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from secretariat.agenda.local_time import day_bounds, minute_of, moment_of, on_the_wall
from secretariat.agenda.models import Resource, ResourceClosing, ResourceUse
from secretariat.agenda.queries.times import MARKS, SHORTEST_DAY
from secretariat.core import panels
from secretariat.patients.naming import shown_given_name
from secretariat.practice.models import Staff

_USE = (
    "pk", "resource_id", "appointment_id", "starts_at", "ends_at", "appointment__title",
    "appointment__patient_id", "appointment__patient__used_name",
    "appointment__patient__birth_name", "appointment__patient__used_given_name",
    "appointment__patient__first_given_name", "appointment__reason__name",
    "appointment__reason__colour", "appointment__agenda__name", "appointment__version",
)  # fmt: skip
_MARKED = ("css", "word", "icon", "waited")


def rooms(practice_id: int) -> list[Resource]:
    """The columns: rooms and equipment in use, by site."""
    found = Resource.objects.filter(practice_id=practice_id, active=True).select_related("site")
    return list(found.order_by("site__name", "-kind", "position", "name", "pk"))


def room_times(
    columns: Sequence[Resource], day: date, staff: Staff, at: datetime
) -> dict[str, Any]:
    """The grid's answer for rooms, of the same shape as `queries.times.times`.

    A visit that takes a room and a machine stands in both columns, with its preparation and its
    cleaning; `key` tells them apart.
    """
    uses = _uses(columns, day, staff, at)
    edges = [_minutes(use[end]) for use in uses for end in ("start", "end")]
    return {
        "agendas": [_heading(one) for one in columns],
        "closed": _closed(columns, day),
        "visits": uses,
        "min": _clock(min(SHORTEST_DAY[0], *edges, 1440) // 60 * 60),
        "max": _clock(-(-max(SHORTEST_DAY[1], *edges, 0) // 60) * 60),
    }


def _uses(
    columns: Sequence[Resource], day: date, staff: Staff, at: datetime
) -> list[dict[str, Any]]:
    if not columns:
        return []
    zones = {one.pk: one.site.time_zone for one in columns}
    bounds = [day_bounds(day, zone) for zone in set(zones.values())]
    since = moment_of(min(first for first, _ in bounds))
    until = moment_of(max(last for _, last in bounds))
    rows = list(
        ResourceUse.objects.filter(
            practice_id=staff.practice_id, resource_id__in=list(zones),
            starts_at__gte=since, starts_at__lt=until, appointment__cancelled_at__isnull=True,
        )
        .order_by("starts_at", "pk")
        .values_list(*_USE)
    )  # fmt: skip
    seen = panels.marks(
        MARKS, practice_id=staff.practice_id, appointment_ids=[row[2] for row in rows], at=at
    )
    named = staff.may("patients.read")
    return [_use(row, zones[row[1]], named, seen.get(row[2], {})) for row in rows]


def _closed(columns: Sequence[Resource], day: date) -> list[dict[str, Any]]:
    """Rooms closed and equipment out of order that day."""
    zones = {one.pk: one.site.time_zone for one in columns}
    bounds = {pk: day_bounds(day, zone) for pk, zone in zones.items()}
    if not bounds:
        return []
    rows = ResourceClosing.objects.filter(
        practice_id=columns[0].practice_id, resource_id__in=list(zones), cancelled_at__isnull=True,
        starts_at__lt=moment_of(max(last for _, last in bounds.values())),
        ends_at__gt=moment_of(min(first for first, _ in bounds.values())),
    ).values_list("resource_id", "starts_at", "ends_at", "label")  # fmt: skip
    found: list[dict[str, Any]] = []
    for pk, starts_at, ends_at, label in rows:
        first, last = bounds[pk]
        start = max(minute_of(starts_at), first)
        end = min(minute_of(ends_at, up=True), last)
        found.append({
            "agenda": pk, "start": _wall(start, zones[pk]), "end": _wall(end, zones[pk]),
            "kind": "absence", "words": f"Indisponible : {label}" if label else "Indisponible",
        })  # fmt: skip
    return [one for one in found if one["start"] < one["end"]]


def _use(row: Sequence[Any], zone: str, named: bool, mark: dict[str, Any]) -> dict[str, Any]:
    use = {
        "key": f"use-{row[0]}",
        "id": row[2],
        "agenda": row[1],
        "start": _wall(minute_of(row[3]), zone),
        "end": _wall(minute_of(row[4], up=True), zone),
        "version": row[14],
        "name": _name(row, named),
        "reason": " · ".join(filter(None, (row[13], row[11]))),
        "colour": row[12] or 0,
        "css": "st-expected",
    }
    if row[6] is None:
        use["block"] = True
    return use | {key: mark[key] for key in _MARKED if mark.get(key) is not None}


def _name(row: Sequence[Any], named: bool) -> str:
    if row[6] is None:
        return str(row[5])
    if not named:
        return "Rendez-vous"
    return f"{row[7] or row[8]} {shown_given_name(row[9] or row[10])}"


def _heading(room: Resource) -> dict[str, Any]:
    return {"id": room.pk, "name": room.name, "kind": room.kind, "site": room.site.name}


def _wall(minute: int, zone: str) -> str:
    return on_the_wall(minute, zone).isoformat()[:16]


def _minutes(wall: str) -> int:
    return int(wall[11:13]) * 60 + int(wall[14:16])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
