"""When the half-days of each agenda should really end, for the headings of the columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from secretariat.agenda import loading
from secretariat.agenda.local_time import (
    day_bounds,
    minute_of,
    minutes_showing,
    moment_of,
    on_the_wall,
)
from secretariat.agenda.models import Agenda
from secretariat.core import clock
from secretariat.core.prepared import fetch
from secretariat.practice.models import Staff
from secretariat.reception.durations import (
    ENOUGH,
    OBSERVED_MINUTES,
    Ending,
    Part,
    Planned,
    endings,
    parts,
)

LOOKED_BACK_DAYS = 90
# As for quotas (docs/adr/0017): the parts of a day meet at 13:00 on the site's clock.
NOON = time(13)

_LENGTHS = """
SELECT a.agenda_id, a.reason_id,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY EXTRACT(EPOCH FROM v.left_at - v.entered_at))
  FROM agenda_appointment a JOIN reception_visit v ON v.appointment_id = a.id
 WHERE a.practice_id = %s AND a.starts_at >= %s AND a.starts_at < %s AND a.cancelled_at IS NULL
   AND v.left_at - v.entered_at BETWEEN make_interval(mins => %s) AND make_interval(mins => %s)
 GROUP BY a.agenda_id, a.reason_id HAVING count(*) >= %s
"""
# Minutes since 1970: datetimes cost more to read than to count with.
_DAY = """
SELECT a.agenda_id, a.reason_id, a.patient_id IS NOT NULL,
       floor(EXTRACT(EPOCH FROM a.starts_at) / 60)::bigint,
       ceil(EXTRACT(EPOCH FROM a.ends_at) / 60)::bigint,
       floor(EXTRACT(EPOCH FROM v.arrived_at) / 60)::bigint,
       floor(EXTRACT(EPOCH FROM v.entered_at) / 60)::bigint,
       floor(EXTRACT(EPOCH FROM v.left_at) / 60)::bigint, v.missed_at IS NOT NULL
  FROM agenda_appointment a LEFT JOIN reception_visit v ON v.appointment_id = a.id
 WHERE a.practice_id = %s AND a.agenda_id = ANY(%s::bigint[])
   AND a.starts_at >= %s AND a.starts_at < %s AND a.cancelled_at IS NULL
"""
Lengths = dict[tuple[int, int | None], int]


def column_ends(
    *, agendas: Sequence[Agenda], day: date, at: datetime, staff: Staff
) -> dict[int, dict[str, Any]]:
    """Panel « agenda.columns »: {agenda: {ends: [{text, title, late, icon, css}]}}.

    Two statements, and one more a day for the lengths observed until the day before. Nothing
    for a day that is over.
    """
    if not agendas or not staff.may("reception.read"):
        return {}
    zone = agendas[0].site.time_zone
    today = clock.local_date(at, zone)
    if day < today:
        return {}
    lengths = observed(staff.practice_id, today, zone)
    visits = _visits(staff.practice_id, agendas, day, lengths)
    now = minute_of(at) if day == today else None
    busy = [one for one in agendas if _awaited(visits.get(one.pk, []))]
    hours = {one.agenda_id: one.hours for one in loading.facts(busy, day, 1, visits=False)}
    found = {}
    for agenda in busy:
        openings = [(one.start, one.end) for one in hours[agenda.pk].on(day)]
        mine = visits[agenda.pk]
        ends = endings(mine, _parts(openings, day, agenda.site.time_zone), now)
        if ends:
            found[agenda.pk] = {"ends": [_shown(*one, agenda.site.time_zone) for one in ends]}
    return found


def _awaited(visits: Sequence[Planned]) -> bool:
    """Whether a patient is still to leave."""
    return any(one.patient and not one.over for one in visits)


@lru_cache(maxsize=512)
def observed(practice_id: int, until: date, zone: str) -> Lengths:
    """Minutes that visits really last, by agenda and reason: the median of the 90 days before.

    What happened until yesterday does not change any more: it is read once a day. Today's own
    pace counts through who has left and who is in.
    """
    end = day_bounds(until, zone)[0]
    since = end - LOOKED_BACK_DAYS * 24 * 60
    bounds = [moment_of(since), moment_of(end), *OBSERVED_MINUTES, ENOUGH]
    rows = fetch(_LENGTHS, [practice_id, *bounds])
    return {(agenda, reason): round(float(seconds) / 60) for agenda, reason, seconds in rows}


def _visits(
    practice_id: int, agendas: Sequence[Agenda], day: date, lengths: Lengths
) -> dict[int, list[Planned]]:
    bounds = [day_bounds(day, zone) for zone in {one.site.time_zone for one in agendas}]
    since, until = min(first for first, _ in bounds), max(last for _, last in bounds)
    keys = [agenda.pk for agenda in agendas]
    found: dict[int, list[Planned]] = {}
    for row in fetch(_DAY, [practice_id, keys, moment_of(since), moment_of(until)]):
        found.setdefault(row[0], []).append(_planned(row, lengths))
    return found


def _planned(row: tuple[Any, ...], lengths: Lengths) -> Planned:
    agenda, reason, patient, start, end, arrived, entered, left, missed = row
    length = lengths.get((agenda, reason), end - start) if patient else end - start
    return Planned(start, end, length, patient, arrived, entered, left, missed)


def _parts(openings: Sequence[tuple[int, int]], day: date, zone: str) -> list[Part]:
    noon = minutes_showing(day, NOON, zone)
    bounds = day_bounds(day, zone)
    return parts(openings, bounds, noon[0] if noon else sum(bounds) // 2)


def _shown(part: Part, ending: Ending, zone: str) -> dict[str, Any]:
    """« fin vers 12:50 »; `late` says « déborde de 35 min », with its icon."""
    text = f"fin vers {_wall(_five(ending.ends), zone)}"
    closes = "fermeture" if part.closes else "dernier rendez-vous"
    title = f"Dernier patient parti vers {_wall(_five(ending.ends), zone)}, d’après les durées"
    title += f" constatées en trois mois ; {closes} à {_wall(ending.planned, zone)}."
    if not ending.over:
        return {"text": text, "title": title}
    late = f"déborde de {_five(ending.over)}\N{NO-BREAK SPACE}min"
    return {"text": text, "late": late, "title": title, "icon": "alert-triangle", "css": "over"}


def _five(minutes: int) -> int:
    """To the nearest five: it is a forecast."""
    return (minutes + 2) // 5 * 5


def _wall(minute: int, zone: str) -> str:
    return f"{on_the_wall(minute, zone):%H:%M}"
