"""What the day board shows: every visit of the day and where its patient is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.core.prepared import fetch
from secretariat.patients.naming import shown_given_name
from secretariat.reception.actions.visits import COLUMNS
from secretariat.reception.steps import (
    STATES,
    Step,
    next_steps,
    state_of,
    too_long,
    waiting_minutes,
)

_KINDS = {"arrived": "warn", "called": "info", "entered": "violet", "left": "good"}


class Look(NamedTuple):
    """All that makes the HTML of a line differ, the names and times aside."""

    state: str
    """expected, arrived, called, entered, left or missed."""
    waits: bool
    too_long: bool
    late: bool
    """Expected, and the time is past."""
    squeezed: bool
    unexpected: bool
    wheelchair: bool
    deaf: bool
    interpreter: bool

    @property
    def word(self) -> str:
        """The state in French."""
        return STATES[self.state][0]

    @property
    def icon(self) -> str:
        """The state's icon."""
        return STATES[self.state][1]

    @property
    def kind(self) -> str:
        """The badge's colour."""
        return "bad" if self.too_long else _KINDS.get(self.state, "")

    @property
    def over(self) -> bool:
        """Whether this passage is finished."""
        return self.state in ("left", "missed")

    @property
    def steps(self) -> list[Step]:
        """The steps one key away; a patient still to come is not marked absent in advance."""
        return [step for step in next_steps(self.state) if step.key != "miss" or self.late]


class Passage(NamedTuple):
    """One line of the board: a visit, where the patient is, what may come next."""

    look: Look
    pk: int
    moment: str
    """When the visit begins, as machines read it."""
    clock: str
    """The same on the clock on the wall."""
    who: str
    why: str
    waited: int
    """Minutes in the waiting room so far, 0 when not there."""


@dataclass
class Column:
    """A practitioner's day on the board."""

    pk: int
    name: str
    to_come: list[Passage] = field(default_factory=list)
    """Those the day still holds, in their order."""
    over: list[Passage] = field(default_factory=list)
    """Those who left or did not come."""
    ends: list[dict[str, Any]] = field(default_factory=list)
    """When each half-day should really end, see `ends_queries`."""

    @property
    def number(self) -> int:
        """Visits of the day."""
        return len(self.to_come) + len(self.over)


@dataclass
class Board:
    """A day of the practice."""

    columns: list[Column]
    waiting: list[Passage] = field(default_factory=list)
    """Who is in the waiting room, the longest first."""


_AGENDAS = (
    "SELECT a.id, a.name, s.time_zone FROM agenda_agenda a JOIN practice_site s ON s.id = a.site_id"
    " WHERE a.practice_id = %s AND a.active ORDER BY a.position, a.name, a.id"
)
# Plain values, and the start as seconds since 1970: a model a visit cost more than the whole page.
_PASSAGES = f"""
SELECT a.agenda_id, a.id, date_part('epoch', a.starts_at), a.starts_at < %s, a.squeezed,
       COALESCE(NULLIF(r.name, ''), a.title),
       COALESCE(NULLIF(p.used_name, ''), p.birth_name),
       COALESCE(NULLIF(p.used_given_name, ''), p.first_given_name),
       p.needs_wheelchair, p.is_deaf, p.needs_interpreter <> '', COALESCE(v.unexpected, false),
       {", ".join(f"v.{column}" for column in COLUMNS)}
  FROM agenda_appointment a
  JOIN patients_patient p ON p.id = a.patient_id
  LEFT JOIN agenda_visitreason r ON r.id = a.reason_id
  LEFT JOIN reception_visit v ON v.appointment_id = a.id
 WHERE a.practice_id = %s AND a.agenda_id = ANY(%s::bigint[])
   AND a.starts_at >= %s AND a.starts_at < %s AND a.cancelled_at IS NULL
 ORDER BY a.starts_at, a.id
"""  # noqa: S608 - constants of this room
# A day shows the same given names again and again.
_given = lru_cache(maxsize=4096)(shown_given_name)


def board(practice_id: int, day: date, at: datetime, zone: str) -> Board:
    """The day of every agenda: two statements, whatever the number of visits.

    Args:
        day: on the clock of the first agenda's site.
        at: now.
        zone: whose clock the lines show.
    """
    agendas = fetch(_AGENDAS, [practice_id])
    columns = {pk: Column(pk, name) for pk, name, _zone in agendas}
    found = Board(list(columns.values()))
    if not agendas:
        return found
    since, until = map(moment_of, day_bounds(day, agendas[0][2]))
    waiting: list[tuple[datetime, Passage]] = []
    clock = lru_cache(maxsize=None)(_clock)
    for row in fetch(_PASSAGES, [at, practice_id, list(columns), since, until]):
        times = dict(zip(COLUMNS, row[12:], strict=True))
        passage = _passage(row, times, at, clock(row[2], zone))
        column = columns[row[0]]
        (column.over if passage.look.over else column.to_come).append(passage)
        if passage.look.waits:
            waiting.append((times["arrived_at"] or at, passage))
    found.waiting = [passage for _since, passage in sorted(waiting, key=lambda one: one[0])]
    return found


def _passage(
    row: Sequence[Any], times: dict[str, datetime | None], at: datetime, begins: tuple[str, str]
) -> Passage:
    state = state_of(times)
    waited = waiting_minutes(times, at)
    late = state == "expected" and row[3]
    squeezed, wheelchair, deaf, interpreter, unexpected = row[4], *row[8:12]
    look = Look(
        state, waited is not None, too_long(waited), late, squeezed, unexpected,
        wheelchair, deaf, interpreter,
    )  # fmt: skip
    who = f"{row[6]} {_given(row[7])}"
    return Passage(look, row[1], begins[0], begins[1], who, row[5], waited or 0)


def _clock(seconds: float, zone: str) -> tuple[str, str]:
    wall = datetime.fromtimestamp(seconds, ZoneInfo(zone))
    return wall.isoformat(), f"{wall:%H:%M}"
