"""The rules of some agendas in one statement: hours, absences, locums, quotas, holds, rooms.

Written out as rows (kind, whose, values of all): seven statements before each search and booking
cost more than the search.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from secretariat.agenda.facts import Absence, Elsewhere, Held, Locum, Room
from secretariat.agenda.models import Agenda
from secretariat.agenda.openings import AgendaHours, OpeningException, OpeningRule, SiteClock
from secretariat.agenda.quotas import Quota
from secretariat.core.prepared import fetch

if TYPE_CHECKING:
    from secretariat.agenda.loading import Whose

_NAME = """CASE WHEN %(names)s THEN
    (SELECT display_name FROM practice_staff AS staff WHERE staff.id = author_id) ELSE '' END"""
_MINE = "practice_id = %(practice)s AND agenda_id = ANY(%(agendas)s::bigint[])"
_IN_DAYS = "from_date <= %(last)s AND (to_date IS NULL OR to_date >= %(first)s)"
_FLOOR = "floor(date_part('epoch', starts_at) / 60)::int"
_CEIL = "ceil(date_part('epoch', ends_at) / 60)::int"

_HOURS = f"""
SELECT 'openings', agenda_id, json_build_array(weekday, starts, ends, from_date, to_date, id,
       {_NAME}, label, kind, every_weeks, school_holidays, mode,
       ARRAY(SELECT reason_id FROM agenda_openingreason AS named WHERE named.rule_id = rule.id))
FROM agenda_openingrule AS rule WHERE {_MINE} AND {_IN_DAYS}
UNION ALL
SELECT 'days', agenda_id, json_build_array(date, starts, ends, kind, id, {_NAME}, label)
FROM agenda_openingexception AS day
WHERE {_MINE} AND date BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT 'absence', agenda_id,
       json_build_array({_FLOOR}, {_CEIL}, id, label, {_NAME}, of_locum)
FROM agenda_absence AS away
WHERE {_MINE} AND starts_at < %(until)s AND ends_at > %(since)s AND cancelled_at IS NULL
UNION ALL
SELECT 'locum', agenda_id, json_build_array(from_date, to_date,
       (SELECT trim(title || ' ' || family_name) FROM practice_practitioner AS person
        WHERE person.id = practitioner_id),
       ARRAY(SELECT reason_id FROM agenda_locumlimit AS kept WHERE kept.replacement_id = stands.id),
       id, {_NAME}, most_per_half_day)
FROM agenda_replacement AS stands WHERE {_MINE} AND {_IN_DAYS} AND cancelled_at IS NULL
"""  # noqa: S608 - constants of this file
_LIMITS = f"""
UNION ALL
SELECT 'quota', agenda_id, json_build_array(kind, amount,
       ARRAY(SELECT reason_id FROM agenda_quotareason AS one WHERE one.quota_id = quota.id),
       part, weekdays, minutes, release, release_hours, from_date, to_date, id, {_NAME},
       COALESCE(NULLIF(label, ''), (SELECT string_agg(name, ', ' ORDER BY name)
           FROM agenda_visitreason AS reason JOIN agenda_quotareason AS one
           ON one.reason_id = reason.id WHERE one.quota_id = quota.id)))
FROM agenda_quota AS quota WHERE {_MINE} AND {_IN_DAYS}
UNION ALL
SELECT 'held', agenda_id, json_build_array({_FLOOR}, {_CEIL}, id,
       (SELECT display_name FROM practice_staff AS staff WHERE staff.id = staff_id),
       floor(date_part('epoch', expires_at) / 60)::int)
FROM agenda_hold AS hold
WHERE {_MINE} AND starts_at < %(until)s AND ends_at > %(since)s
  AND expires_at > %(at)s AND staff_id <> %(staff)s
UNION ALL
SELECT 'elsewhere', mine.id, json_build_array(other.id, site.name, COALESCE(road.minutes, 0))
FROM agenda_agenda AS mine
JOIN agenda_agenda AS other ON other.practitioner_id = mine.practitioner_id AND other.id <> mine.id
JOIN practice_site AS site ON site.id = other.site_id
LEFT JOIN agenda_travel AS road ON road.site_id = LEAST(mine.site_id, other.site_id)
     AND road.other_id = GREATEST(mine.site_id, other.site_id)
WHERE mine.practice_id = %(practice)s AND mine.id = ANY(%(agendas)s::bigint[])
UNION ALL
SELECT 'need', room.site_id,
       json_build_array(need.need, room.id, room.name, room.accessible, room.active)
FROM agenda_reasonneed AS need JOIN agenda_resource AS room ON room.id = need.resource_id
WHERE need.practice_id = %(practice)s AND need.reason_id = %(reason)s
"""  # noqa: S608 - constants of this file


def _together(rows: str) -> str:
    """One row an agenda and kind, in few characters (see `fetch`)."""
    found = " ".join(rows.split())
    return (
        f"SELECT kind, key, json_agg(value)::text FROM ({found}) AS rule (kind, key, value)"  # noqa: S608
        " GROUP BY 1, 2"
    )


_FEW, _ALL = _together(_HOURS), _together(_HOURS + _LIMITS)


class HoursAsRead(NamedTuple):
    """The opening rules of an agenda and the days that differ, as the database wrote them."""

    openings: str = "[]"
    days: str = "[]"


@dataclass
class Rules:
    """What was read, by agenda; rooms by site."""

    hours: dict[int, HoursAsRead] = field(default_factory=lambda: defaultdict(HoursAsRead))
    absences: dict[int, list[Absence]] = field(default_factory=lambda: defaultdict(list))
    locums: dict[int, list[Locum]] = field(default_factory=lambda: defaultdict(list))
    quotas: dict[int, list[Quota]] = field(default_factory=lambda: defaultdict(list))
    held: dict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))
    elsewhere: dict[int, list[Elsewhere]] = field(default_factory=lambda: defaultdict(list))
    needs: dict[int, dict[int, list[Room]]] = field(default_factory=lambda: defaultdict(dict))
    """By number of the need, by site."""

    def needs_at(self, site_id: int) -> list[list[Room]]:
        """For each need, what would do at that site."""
        return [at.get(site_id, []) for at in self.needs.values()]


def read(
    agendas: Sequence[Agenda],
    days: tuple[date, date],
    moments: tuple[datetime, datetime],
    whose: Whose | None,
) -> Rules:
    """All rules of these agendas: one statement.

    Args:
        agendas: of one practice.
        days: first and last local day.
        moments: the same days in UTC, the last one not included.
        whose: None for hours, absences and locums only.
    """
    values: dict[str, Any] = {
        "practice": agendas[0].practice_id, "agendas": [agenda.pk for agenda in agendas],
        "first": days[0], "last": days[1], "since": moments[0], "until": moments[1],
        "names": whose is None or whose.names,
    }  # fmt: skip
    if whose is not None:
        values |= {"at": whose.at, "staff": whose.staff_id, "reason": whose.reason_id}
    rules = Rules()
    for kind, key, text in fetch(_FEW if whose is None else _ALL, values):
        if kind in HoursAsRead._fields:
            rules.hours[key] = rules.hours[key]._replace(**{kind: text})
            continue
        for row in json.loads(text):
            _TAKE[kind](rules, key, row)
    return rules


@lru_cache(maxsize=1_024)
def hours(site: SiteClock, read: HoursAsRead) -> AgendaHours:
    """What the rules mean. They are read at each search, and understood once for the same text."""
    openings = (_opening(*row) for row in json.loads(read.openings))
    return AgendaHours(site, openings, (_differs(*row) for row in json.loads(read.days)))


def _opening(*row: Any) -> OpeningRule:
    weekday, starts, ends, first, last, *others = row
    others[-1] = frozenset(others[-1])
    return OpeningRule(
        weekday, time.fromisoformat(starts), time.fromisoformat(ends),
        date.fromisoformat(first), _day(last), *others,
    )  # fmt: skip


def _differs(day: str, starts: str | None, ends: str | None, *rest: Any) -> OpeningException:
    from_, to = (time.fromisoformat(clock) if clock else None for clock in (starts, ends))
    return OpeningException(date.fromisoformat(day), from_, to, *rest)


def _absence(rules: Rules, key: int, row: list[Any]) -> None:
    rules.absences[key].append(Absence(*row))


def _locum(rules: Rules, key: int, row: list[Any]) -> None:
    first, last, name, not_taken, pk, author, most = row
    days = date.fromisoformat(first), date.fromisoformat(last)
    rules.locums[key].append(Locum(*days, name, frozenset(not_taken), pk, author))
    if most is not None:
        rules.quotas[key].append(
            Quota("most", most, None, from_date=days[0], to_date=days[1], id=pk, author=author,
                  label=f"remplacement de {name}")
        )  # fmt: skip


def _quota(rules: Rules, key: int, row: list[Any]) -> None:
    kind, amount, reasons, part, weekdays, minutes, release, hours, first, last, *rest = row
    rules.quotas[key].append(
        Quota(
            kind, amount, frozenset(reasons), part, weekdays, minutes, release, hours,
            date.fromisoformat(first), _day(last), *rest,
        )
    )  # fmt: skip


def _held(rules: Rules, key: int, row: list[Any]) -> None:
    rules.held[key].append(Held(*row))


def _elsewhere(rules: Rules, key: int, row: list[Any]) -> None:
    other, site, minutes = row
    rules.elsewhere[key].append(Elsewhere(0, 0, other, site, minutes))


def _need(rules: Rules, key: int, row: list[Any]) -> None:
    number, pk, name, accessible, active = row
    rooms = rules.needs[number].setdefault(key, [])
    if active:  # a need stays one when its last room is retired: nothing is given without it
        rooms.append(Room(pk, name, (), accessible))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


_TAKE = {
    "absence": _absence, "locum": _locum, "quota": _quota,
    "held": _held, "elsewhere": _elsewhere, "need": _need,
}  # fmt: skip
