"""Free times found the slow and obvious way: sets of minutes, each minute looked at alone.

Nothing here is shared with the fast code but its plain values and the list of holidays.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from secretariat.agenda.facts import AgendaFacts, Taken
from secretariat.agenda.openings import OpeningException, OpeningRule


@lru_cache(maxsize=256)
def clock_shown(day: date, zone: str) -> dict[int, int]:
    """Every minute of UTC of the local day, and the minute of the day its clock shows."""
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).timestamp()) // 60
    shown = {}
    for minute in range(noon - 15 * 60, noon + 15 * 60):
        wall = datetime.fromtimestamp(minute * 60, ZoneInfo(zone))
        if wall.date() == day:
            shown[minute] = wall.hour * 60 + wall.minute
    return shown


def open_set(
    day: date,
    rules: Iterable[OpeningRule],
    exceptions: Sequence[OpeningException],
    holiday: str | None,
    zone: str,
) -> set[int]:
    """The open minutes of a local day."""
    today = [e for e in exceptions if e.date == day]
    shut = any(e.kind == "closed" and e.starts is None and e.ends is None for e in today)
    wall: set[int] = set()
    for rule in rules:
        last = rule.to_date or date(9999, 1, 1)
        in_force = rule.weekday == day.weekday() and rule.from_date <= day <= last
        if in_force and not shut and not holiday:
            wall |= _wall(rule.starts, rule.ends)
    for e in today:
        if e.kind == "open":
            wall |= _wall(e.starts, e.ends)
    for e in today:
        if e.kind == "closed" and not (e.starts is None and e.ends is None):
            wall -= _wall(e.starts, e.ends)
    return {minute for minute, clock in clock_shown(day, zone).items() if clock in wall}


def starts_of(
    days: Sequence[set[int]], taken: Iterable[Taken], minutes: int, step: int, *, packed: bool
) -> list[int]:
    """Every start of a visit in the open minutes of `days`, none on the last one."""
    busy = {minute for one in taken for minute in range(one[0], one[1])}
    free = set().union(*days) - busy
    found = []
    for today in days[:-1]:
        opens, frees = _first_of_runs(today), _first_of_runs(today - busy)
        for minute in sorted(today - busy):
            opened = opens[minute]
            origin = frees[minute] if packed else opened
            while origin != opened and packed and origin % 5:
                origin += 1
            on_grid = minute >= origin and (minute - origin) % step == 0
            if on_grid and all(one in free for one in range(minute, minute + minutes)):
                found.append(minute)
    return found


def free_set(facts: AgendaFacts, days: Sequence[set[int]]) -> set[int]:
    """The free minutes of these days."""
    taken = {m for one in (*facts.busy, *facts.absences) for m in range(one[0], one[1])}
    return set().union(*days) - taken


def days_from(day: date, count: int) -> list[date]:
    """`count` days from `day`."""
    return [day + timedelta(days=n) for n in range(count)]


def _wall(starts: time | None, ends: time | None) -> set[int]:
    first = starts.hour * 60 + starts.minute if starts else 0
    last = ends.hour * 60 + ends.minute if ends else 0
    return set(range(first, last or 24 * 60))


def _first_of_runs(among: set[int]) -> dict[int, int]:
    """For each minute, the first of the minutes that lead to it without a hole."""
    first: dict[int, int] = {}
    for minute in sorted(among):
        first[minute] = first.get(minute - 1, minute)
    return first
