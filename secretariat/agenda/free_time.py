"""Free times of agendas: opening hours, less what is taken.

All is whole minutes of UTC, half-open `[start, end)`. One pass over sorted lists, no date
converted per slot, nothing kept: the cost of a day is the same whatever lies behind it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from secretariat.agenda.facts import Absence, AgendaFacts, Ask, Room, Taken
from secretariat.agenda.local_time import day_bounds
from secretariat.agenda.locums import absences_in_force, days_not_taken
from secretariat.agenda.openings import Interval
from secretariat.agenda.rationing import Rationing

GRID = 5
"""Minutes between two lines of the day view: a time offered after a visit falls on a line."""


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
    return chain.from_iterable(_ranges(free, minutes, step, packed, not_before))


def free_starts(
    facts: AgendaFacts,
    first_day: date,
    days: int,
    wanted: Ask | int,
    *,
    step: int | None = None,
    packed: bool = True,
    not_before: int | None = None,
    stretches: Sequence[Free] | None = None,
) -> Iterator[int]:
    """Minutes at which a visit can begin in one agenda over `days` local days, in order.

    All that `why_not` knows is respected. Without end of day for night openings.

    Args:
        wanted: the visit, or only its length in minutes.
        step, packed, not_before: as for `starts`.
        stretches: what `free_stretches` said of the same days, when it is known already.
    """
    return chain.from_iterable(
        free_ranges(
            facts, first_day, days, wanted, step=step, packed=packed, not_before=not_before,
            stretches=stretches,
        )
    )  # fmt: skip


def free_ranges(
    facts: AgendaFacts,
    first_day: date,
    days: int,
    wanted: Ask | int,
    *,
    step: int | None = None,
    packed: bool = True,
    not_before: int | None = None,
    stretches: Sequence[Free] | None = None,
) -> Iterator[range]:
    """The same minutes as `free_starts`, in order, those of one stretch and one local day
    together: they can be counted without being looked at."""
    ask = Ask.of(wanted)
    last_day = date.fromordinal(first_day.toordinal() + days - 1)
    if stretches is None:
        stretches = free_stretches(facts, first_day, days, ask)
    _, until = day_bounds(last_day, facts.hours.site.zone)
    if ask.not_after is not None:
        until = min(until, ask.not_after + 1)
    soonest = max((one for one in (not_before, ask.not_before) if one is not None), default=None)
    found = _before(_ranges(stretches, ask.minutes, step, packed, soonest), until)
    if not facts.needs and not facts.quotas:
        return found
    rations = Rationing(facts, ask, own_time(facts))
    return (
        range(start, start + 1)
        for start in chain.from_iterable(found)
        if rooms_for(facts, ask, start) is not None and rations.refuses(start) is None
    )


def free_stretches(facts: AgendaFacts, first_day: date, days: int, ask: Ask) -> list[Free]:
    """Where the visit itself may stand on these local days and the day after, in order.

    Rooms and quotas are not asked yet: they depend on where exactly it begins.
    """
    first = first_day.toordinal()
    through = map(date.fromordinal, range(first, first + days + 1))
    hours = facts.hours.serving(ask.wanted)
    openings = (opening for day in through for opening in hours.on(day))
    return list(_free(openings, taken(facts, ask)))


def taken(facts: AgendaFacts, ask: Ask) -> list[Taken]:
    """What a visit cannot meet, sorted: with its minutes before and after, that is where the
    visit itself cannot stand."""
    before, after = ask.before, ask.after
    spans: list[Taken] = list(facts.busy)
    spans += facts.held
    if before or after:
        spans = [(one[0] - after, one[1] + before) for one in spans]
    spans += _away(facts)
    if facts.locums:
        spans += days_not_taken(facts, ask.reason)
    for need in facts.needs:
        nobody = _all_taken(_that_would_do(need, ask))
        spans += [(start - after, end + before) for start, end in nobody]
    spans.sort(key=itemgetter(0))
    return spans


def own_time(facts: AgendaFacts) -> list[tuple[int, int]]:
    """What takes the practitioner's time, sorted, whatever the visit wanted."""
    spans = [(one[0], one[1]) for one in (*facts.busy, *facts.held, *_away(facts))]
    return sorted(spans)


def rooms_for(facts: AgendaFacts, ask: Ask, start: int) -> list[Room] | None:
    """One room or equipment for each need, none twice, free from preparation to cleaning.

    None when there is not one for each; [] when nothing is needed.
    """
    first, last = start - ask.before, start + ask.minutes + ask.after

    def choose(rest: Sequence[Sequence[Room]], chosen: list[Room]) -> list[Room] | None:
        if not rest:
            return chosen
        for room in _that_would_do(rest[0], ask):
            if room not in chosen and room.free(first, last):
                found = choose(rest[1:], [*chosen, room])
                if found is not None:
                    return found
        return None

    return choose(facts.needs, [])


def _away(facts: AgendaFacts) -> list[Taken]:
    return [*absences_in_force(facts), *facts.elsewhere]


def _that_would_do(need: Sequence[Room], ask: Ask) -> list[Room]:
    return [room for room in need if room.accessible or not ask.wheelchair]


def _all_taken(rooms: Sequence[Room]) -> list[tuple[int, int]]:
    """When not one of these is free. Without any room there is no such time to list: the
    search for a room refuses."""
    if not rooms:
        return []
    common = rooms[0].gone
    for room in rooms[1:]:
        theirs = room.gone
        common = [
            (max(a, c), min(b, d)) for a, b in common for c, d in theirs if max(a, c) < min(b, d)
        ]
    return common


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


def _ranges(
    free: Iterable[Free], minutes: int, step: int | None, packed: bool, not_before: int | None
) -> Iterator[range]:
    step = minutes if step is None else step
    if minutes <= 0 or step <= 0:
        raise ValueError("a visit and a step last at least one minute")
    return _ranges_of(free, minutes, step, packed, not_before)


def _ranges_of(
    free: Iterable[Free], minutes: int, step: int, packed: bool, not_before: int | None
) -> Iterator[range]:
    for room in _rooms(free):
        until = room[-1].end - minutes
        for start, end, opened in room:
            first = opened
            if start > opened:
                first = start + -start % GRID if packed else start + (opened - start) % step
            if not_before is not None and first < not_before:
                first = not_before + (first - not_before) % step
            if found := range(first, min(end, until + 1), step):
                yield found


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


def _before(found: Iterator[range], until: int) -> Iterator[range]:
    for one in found:
        if one.start >= until:
            return
        yield one if one.stop <= until else range(one.start, until, one.step)
