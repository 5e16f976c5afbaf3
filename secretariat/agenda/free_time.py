"""Free times of agendas: opening hours, less what is taken.

All is whole minutes of UTC, half-open `[start, end)`. One pass over sorted lists, no date
converted per slot, nothing kept: the cost of a day is the same whatever lies behind it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from secretariat.agenda.local_time import day_bounds
from secretariat.agenda.openings import AgendaHours, Interval

GRID = 5
"""Minutes between two lines of the day view: a time offered after a visit falls on a line."""

Taken = tuple[int, int, *tuple[object, ...]]
"""Anything that starts with its two minutes: a `Busy`, an `Absence`, a bare row `(start, end)`."""


class Busy(NamedTuple):
    """A visit, a squeeze or a block that takes time, in minutes of UTC."""

    start: int
    end: int
    id: int = 0
    kind: str = "visit"


class Absence(NamedTuple):
    """The practitioner is away, in minutes of UTC."""

    start: int
    end: int
    id: int = 0
    label: str = ""
    author: str = ""


class Free(NamedTuple):
    """A free time `[start, end)` inside the opening that began at minute `opened`.

    Two that touch (at midnight) are one room for a visit, each with its own opening.
    """

    start: int
    end: int
    opened: int


class Offer(NamedTuple):
    """A time that can be given: minute of UTC, in which agenda."""

    start: int
    agenda_id: int


@dataclass(frozen=True, slots=True)
class AgendaFacts:
    """What is known of an agenda over the days looked at.

    `busy` and `absences` need no order. Give all that touch the days searched and the
    day after, for a visit that would run past midnight.
    """

    agenda_id: int
    hours: AgendaHours
    busy: Sequence[Taken] = ()
    absences: Sequence[Absence] = ()


def free_intervals(
    openings: Iterable[Interval], busy: Sequence[Taken], absences: Sequence[Absence] = ()
) -> list[Free]:
    """What remains of sorted `openings` when visits and absences are taken out."""
    return list(_free(openings, _in_order(busy, absences)))


def starts(
    free: Iterable[Free],
    minutes: int,
    *,
    step: int | None = None,
    packed: bool = True,
    not_before: int | None = None,
) -> Iterator[int]:
    """Minutes at which a visit of `minutes` can begin, in order, each computed when asked for.

    They come every `step` minutes (the visit's own length by default), counted from the
    opening; `packed` counts again from the end of each visit, on the next line of the
    5-minute grid, so that no time is lost after a visit of an odd length. `not_before`
    hides earlier ones without moving the others. ValueError if `minutes` or `step` is not
    positive.
    """
    step = minutes if step is None else step
    if minutes <= 0 or step <= 0:
        raise ValueError("a visit and a step last at least one minute")
    return _starts(free, minutes, step, packed, not_before)


def free_starts(
    facts: AgendaFacts,
    first_day: date,
    days: int,
    minutes: int,
    *,
    step: int | None = None,
    packed: bool = True,
    not_before: int | None = None,
) -> Iterator[int]:
    """The same for one agenda over `days` local days, without end of day for night openings."""
    first = first_day.toordinal()
    through = map(date.fromordinal, range(first, first + days + 1))
    openings = (opening for day in through for opening in facts.hours.on(day))
    free = _free(openings, _in_order(facts.busy, facts.absences))
    found = starts(free, minutes, step=step, packed=packed, not_before=not_before)
    _, until = day_bounds(date.fromordinal(first + days - 1), facts.hours.site.zone)
    return _before(found, until)


def search(
    agendas: Iterable[AgendaFacts],
    first_day: date,
    days: int,
    minutes: int | Mapping[int, int],
    n: int,
    *,
    step: int | None = None,
    packed: bool = True,
    not_before: int | None = None,
) -> list[Offer]:
    """The first `n` free times of several agendas over `days` local days, soonest first.

    `minutes` is the visit's length, or one per agenda id. At the same minute, agendas come
    in the order given.
    """

    def offers(facts: AgendaFacts) -> Iterator[Offer]:
        length = minutes if isinstance(minutes, int) else minutes[facts.agenda_id]
        found = free_starts(
            facts, first_day, days, length, step=step, packed=packed, not_before=not_before
        )
        return (Offer(start, facts.agenda_id) for start in found)

    soonest_first = merge(*(offers(facts) for facts in agendas), key=itemgetter(0))
    return list(islice(soonest_first, n))


def nearest(free: Sequence[int], around: int, n: int = 3) -> list[int]:
    """The `n` of these sorted minutes nearest to a refused one, before or after it, in order.

    At the same distance the later one is preferred: a patient can wait, not go back.
    """
    after = bisect_left(free, around)
    first, last = after, after
    while last - first < n and (first > 0 or last < len(free)):
        earlier_is_nearer = last == len(free) or (
            first > 0 and around - free[first - 1] < free[last] - around
        )
        if earlier_is_nearer:
            first -= 1
        else:
            last += 1
    return list(free[first:last])


def _in_order(busy: Sequence[Taken], absences: Sequence[Absence]) -> list[Taken]:
    return sorted((*busy, *absences), key=itemgetter(0))


def _free(openings: Iterable[Interval], taken: Sequence[Taken]) -> Iterator[Free]:
    """One sweep. `reach` is the end of all that was met so far, so that what overlaps
    something else, or several openings, counts wherever it reaches."""
    i, count = 0, len(taken)
    reach = 0
    for opened, closes, _why in openings:
        reach = max(reach, opened)
        while i < count and (span := taken[i])[0] < closes:
            start, end = span[0], span[1]
            if end > start > reach:
                yield Free(reach, start, opened)
            if end > reach:  # noqa: PLR1730 - max() would double the cost of this loop
                reach = end
            i += 1
        if reach < closes:
            yield Free(reach, closes, opened)


def _starts(
    free: Iterable[Free], minutes: int, step: int, packed: bool, not_before: int | None
) -> Iterator[int]:
    for room in _rooms(free):
        until = room[-1].end - minutes
        for start, end, opened in room:
            first = opened
            if start > opened:
                first = start + -start % GRID if packed else start + (opened - start) % step
            if not_before is not None and first < not_before:
                first = not_before + (first - not_before) % step
            yield from range(first, min(end, until + 1), step)


def _rooms(free: Iterable[Free]) -> Iterator[list[Free]]:
    """Free times that touch, together."""
    room: list[Free] = []
    for part in free:
        if room and room[-1].end != part.start:
            yield room
            room = []
        room.append(part)
    if room:
        yield room


def _before(minutes: Iterator[int], until: int) -> Iterator[int]:
    for minute in minutes:
        if minute >= until:
            return
        yield minute
