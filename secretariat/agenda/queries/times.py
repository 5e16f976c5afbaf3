"""What the grid draws: visits and closed times of some agendas over some days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from secretariat.agenda import loading
from secretariat.agenda.day_shape import Closed, closed_times
from secretariat.agenda.facts import AgendaFacts
from secretariat.agenda.local_time import day_bounds, minutes_showing, moment_of, on_the_wall
from secretariat.agenda.models import Agenda
from secretariat.agenda.queries.desk import kept_for
from secretariat.core import panels
from secretariat.core.prepared import fetch
from secretariat.patients.naming import shown_given_name
from secretariat.practice.models import Staff

MARKS = "agenda.appointment"
"""Place where higher rooms hang what they know of visits now: {pk: {css, word, icon, waited}}."""
SHORTEST_DAY = (8 * 60, 19 * 60)
"""The grid shows 08:00 to 19:00 at least, so that it stays the same from day to day."""


# One row a visit, moments as seconds since 1970: datetimes cost more to read than to show.
_VISITS = """
SELECT a.id, a.agenda_id, EXTRACT(EPOCH FROM a.starts_at)::bigint,
       EXTRACT(EPOCH FROM a.ends_at)::bigint, a.title, a.note, a.squeezed, a.forced, a.forced_rule,
       a.version, a.patient_id, p.used_name, p.birth_name, p.used_given_name, p.first_given_name,
       p.needs_interpreter, p.needs_wheelchair, p.is_deaf, p.needs_more_time,
       r.name, r.colour, r.kind, squeezer.display_name, forcer.display_name,
       a.group_id IS NOT NULL
  FROM agenda_appointment a
  LEFT JOIN patients_patient p ON p.id = a.patient_id
  LEFT JOIN agenda_visitreason r ON r.id = a.reason_id
  LEFT JOIN practice_staff squeezer ON squeezer.id = a.squeezed_by_id
  LEFT JOIN practice_staff forcer ON forcer.id = a.forced_by_id
 WHERE a.practice_id = %s AND a.agenda_id = ANY(%s::bigint[])
   AND a.starts_at >= %s AND a.starts_at < %s AND a.ends_at > %s AND a.cancelled_at IS NULL
 ORDER BY a.starts_at, a.id
"""
_NEEDS = ("interpreter", "wheelchair", "deaf", "more_time")
_KINDS = {"urgent", "first"}
_MARKED = ("css", "word", "icon", "waited")
# A day shows the same given names again and again.
_given = lru_cache(maxsize=4096)(shown_given_name)


def times(
    agendas: Sequence[Agenda], first_day: date, days: int, staff: Staff, at: datetime
) -> dict[str, Any]:
    """The whole answer of the grid, ready for JSON: four statements, and those of the marks.

    Args:
        agendas: columns, with their sites.
        first_day: first local day.
        days: 1 for the day, 7 for the week.
        staff: who reads; names are for those who may read patients.
        at: the present moment, for how long someone has waited.
    """
    every_day = [first_day + timedelta(days=n) for n in range(days)]
    facts = {one.agenda_id: one for one in loading.facts(agendas, first_day, days, visits=False)}
    reasons = kept_for(facts.values())
    closed: list[dict[str, Any]] = []
    opened: list[int] = []
    for agenda in agendas:
        zone = agenda.site.time_zone
        for day in every_day:
            found = closed_times(facts[agenda.pk], day, reasons)
            closed += (_closed(agenda, one) for one in found)
            for opening in facts[agenda.pk].hours.on(day):
                opened += _edges(opening.start, opening.end, zone)
    visits = _visits(agendas, first_day, days, staff, at)
    for visit in visits:
        opened += (_minutes(visit["start"]), _minutes(visit["end"]) or 1440)
    return {
        "agendas": [_heading(agenda, facts[agenda.pk], every_day) for agenda in agendas],
        "closed": closed + _held(agendas, first_day, days, staff, at),
        "visits": visits,
        "min": _clock(min(SHORTEST_DAY[0], *opened, 1440) // 60 * 60),
        "max": _clock(-(-max(SHORTEST_DAY[1], *opened, 0) // 60) * 60),
    }


def _held(
    agendas: Sequence[Agenda], first_day: date, days: int, staff: Staff, at: datetime
) -> list[dict[str, Any]]:
    """Times that colleagues keep while they type, drawn as closed ones: by whom."""
    if not agendas:
        return []
    zones = {agenda.pk: agenda.site.time_zone for agenda in agendas}
    since, until = _window(agendas, first_day, days)
    rows = fetch(_HELD, [staff.practice_id, list(zones), since, until, at, staff.pk])
    return [
        {
            "agenda": pk, "start": _wall(start, zones[pk]), "end": _wall(end, zones[pk]),
            "kind": "held", "words": _offered(names, staff) if names else f"Tenu par {name}",
        }
        for pk, start, end, name, names in rows
    ]  # fmt: skip


def _offered(names: list[str], staff: Staff) -> str:
    """« Proposé à Mme Dupont »: the time waits for the answer of one who waits, or of several."""
    first, *others = names
    who = first if staff.may("patients.read") else "la liste d’attente"
    return f"Proposé à {who}" + (f" et {len(others)} autre{'s' * (len(others) > 1)}" * bool(others))


_HELD = """
SELECT hold.agenda_id, floor(date_part('epoch', hold.starts_at) / 60)::int,
       ceil(date_part('epoch', hold.ends_at) / 60)::int, staff.display_name,
       ARRAY(SELECT concat_ws(' ', COALESCE(NULLIF(person.used_name, ''), person.birth_name),
                    initcap(COALESCE(NULLIF(person.used_given_name, ''), person.first_given_name)))
             FROM agenda_freedtime AS freed JOIN agenda_waitingoffer AS offer
               ON offer.freed_id = freed.id AND offer.state = 'open'
             JOIN agenda_waiting AS waiting ON waiting.id = offer.waiting_id
             JOIN patients_patient AS person ON person.id = waiting.patient_id
             WHERE freed.sheet = hold.sheet AND freed.practice_id = hold.practice_id
             ORDER BY offer.id)
FROM agenda_hold AS hold JOIN practice_staff AS staff ON staff.id = hold.staff_id
WHERE hold.practice_id = %s AND hold.agenda_id = ANY(%s::bigint[]) AND hold.ends_at > %s
  AND hold.starts_at < %s AND hold.expires_at > %s AND hold.staff_id <> %s
"""


def _visits(
    agendas: Sequence[Agenda], first_day: date, days: int, staff: Staff, at: datetime
) -> list[dict[str, Any]]:
    if not agendas:
        return []
    zones = {agenda.pk: agenda.site.time_zone for agenda in agendas}
    since, until = _window(agendas, first_day, days)
    bounds = [since - timedelta(days=1), until, since]
    rows = fetch(_VISITS, [staff.practice_id, list(zones), *bounds])
    named = staff.may("patients.read")
    seen = panels.marks(
        MARKS, practice_id=staff.practice_id, appointment_ids=[row[0] for row in rows], at=at
    )
    return [_visit(row, zones[row[1]], named, seen.get(row[0], {})) for row in rows]


def _visit(row: Sequence[Any], zone: str, named: bool, mark: dict[str, Any]) -> dict[str, Any]:
    """One row as the grid's script reads it; empty facts are left out to keep it short."""
    visit = {
        "id": row[0],
        "agenda": row[1],
        "start": _wall(row[2] // 60, zone),
        "end": _wall(-(-row[3] // 60), zone),
        "version": row[9],
        "name": _name(row, named),
        "reason": row[19] or "",
        "colour": row[20] or 0,
        "css": "st-expected",
    }
    if mark:
        visit |= {key: mark[key] for key in _MARKED if mark.get(key) is not None}
    if row[5]:
        visit["note"] = True
    if row[10] is None:
        visit["block"] = True
    if row[6] or row[7]:
        visit |= {"squeezed": row[22] or "", "forced": row[23] or "", "rule": row[8]}
    if row[21] in _KINDS:
        visit[row[21]] = True
    if row[24]:
        visit["linked"] = True
    if any(row[15:19]):
        visit["needs"] = [need for need, has in zip(_NEEDS, row[15:19], strict=True) if has]
    if twice := _twice(row[2] // 60, zone):
        visit["twice"] = twice
    return visit


def _name(row: Sequence[Any], named: bool) -> str:
    if row[10] is None:
        return str(row[4])
    return f"{row[11] or row[12]} {_given(row[13] or row[14])}" if named else "Rendez-vous"


@lru_cache(maxsize=8192)
def _twice(minute: int, zone: str) -> str:
    """Which one, when the clock shows this time twice that night."""
    wall = on_the_wall(minute, zone)
    both = minutes_showing(wall.date(), wall.time(), zone)
    if len(both) < 2:
        return ""
    return "heure d’hiver" if minute == both[1] else "heure d’été"


def _closed(agenda: Agenda, closed: Closed) -> dict[str, Any]:
    zone = agenda.site.time_zone
    return {
        "agenda": agenda.pk,
        "start": _wall(closed.start, zone),
        "end": _wall(closed.end, zone),
        "kind": closed.kind,
        "words": closed.words,
    }


def _heading(agenda: Agenda, facts: AgendaFacts, days: Sequence[date]) -> dict[str, Any]:
    heading = {
        "id": agenda.pk,
        "name": agenda.name,
        "speciality": agenda.practitioner.speciality,
        "site": agenda.site.name,
        "colour": agenda.colour,
    }
    for locum in facts.locums:
        if len(days) == 1 and locum.from_date <= days[0] <= locum.to_date:
            heading["locum"] = f"remplacé par {locum.name}"
    return heading


def _window(agendas: Iterable[Agenda], first_day: date, days: int) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the last of the last, whatever the site."""
    last_day = first_day + timedelta(days=days - 1)
    zones = {agenda.site.time_zone for agenda in agendas}
    since = min(day_bounds(first_day, zone)[0] for zone in zones)
    until = max(day_bounds(last_day, zone)[1] for zone in zones)
    return moment_of(since), moment_of(until)


@lru_cache(maxsize=8192)
def _wall(minute: int, zone: str) -> str:
    """What the site's calendar and clock show, the same for every column of the day."""
    return on_the_wall(minute, zone).isoformat()[:16]


def _edges(start: int, end: int, zone: str) -> tuple[int, int]:
    """Minutes of the local day at which an opening begins and ends."""
    first, last = on_the_wall(start, zone), on_the_wall(end, zone)
    return first.hour * 60 + first.minute, last.hour * 60 + last.minute or 1440


def _minutes(wall: str) -> int:
    return int(wall[11:13]) * 60 + int(wall[14:16])


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
