"""From what the engine says is free to the whole problem: where each visit could stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import islice, product

from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.local_time import clock_minutes, on_the_wall
from secretariat.agenda.refused_time import why_not
from secretariat.agenda.replanning.problem import Cost, Displaced, Place, Problem, Tie
from secretariat.agenda.replanning.rations import kept_times, limits

LINE = 5
URGENT = 3
"""A day late weighs as much as three for an emergency."""
EVERY_DAY = frozenset(range(7))
_NOON = 13
_WAYS = 6
"""Ways of choosing the rooms of one time that are looked at."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the patient told of days and hours. Nothing told: any."""

    weekdays: frozenset[int] = EVERY_DAY
    """0 is Monday."""
    first_day: date | None = None
    last_day: date | None = None
    not_before: int | None = None
    """The minute before which the patient could not be there: it must be known in time."""
    from_clock: int | None = None
    """The visit begins at that minute of the day or later."""
    to_clock: int | None = None
    """The visit ends at that minute of the day or sooner."""

    @property
    def of_days(self) -> bool:
        """Whether something was told of days."""
        told = (self.first_day, self.last_day, self.not_before)
        return self.weekdays != EVERY_DAY or any(one is not None for one in told)

    @property
    def of_hours(self) -> bool:
        """Whether something was told of hours."""
        return self.from_clock is not None or self.to_clock is not None

    def day_kept(self, start: int, zone: str) -> bool:
        """Whether the day of a visit that begins at that minute is one of those wished."""
        day = on_the_wall(start, zone).date()
        return (
            day.weekday() in self.weekdays
            and (self.first_day is None or day >= self.first_day)
            and (self.last_day is None or day <= self.last_day)
            and (self.not_before is None or start >= self.not_before)
        )

    def hour_kept(self, start: int, minutes: int, zone: str) -> bool:
        """Whether the visit stands between the hours wished."""
        begins = clock_minutes(on_the_wall(start, zone).time())
        return (self.from_clock is None or begins >= self.from_clock) and (
            self.to_clock is None or begins + minutes <= self.to_clock
        )


@dataclass(frozen=True, slots=True)
class Moving:
    """A visit that needs another time, as the agenda knows it.

    Attributes:
        agendas: where it may be given, the former one included.
        own: agendas of the patient's own doctor for this visit.
        first_day, last_day: local days between which a time is looked for.
        promised: the last day that keeps what was promised; None: nothing was.
        wishes: days and hours that the patient asked for.
        may_stay: its own time is still good; it moves only to stay with others.
        pinned: where someone put it by hand.
        proposed: where it was proposed before.
    """

    id: int
    ask: Ask
    agenda_id: int
    start: int
    agendas: Sequence[int]
    own: frozenset[int]
    first_day: date
    last_day: date
    patient: int = 0
    urgent: bool = False
    promised: date | None = None
    wishes: Wishes = Wishes()
    may_stay: bool = False
    pinned: Place | None = None
    proposed: Place | None = None


@dataclass(frozen=True)
class Known:
    """What is known around these visits.

    Attributes:
        facts: by agenda and reason (rooms and equipment are the reason's).
        without: the same without one visit, by visit: where it stands it does not hinder itself.
    """

    zone: str
    now: int
    facts: Mapping[tuple[int, int], AgendaFacts]
    without: Mapping[int, AgendaFacts] = field(default_factory=dict)
    ties: Sequence[Tie] = ()
    roads: Mapping[tuple[int, int], int] = field(default_factory=dict)

    @cached_property
    def found(self) -> dict[tuple[int, Ask, date, date], list[Place]]:
        """Free times already looked for."""
        return {}


def problem(moving: Sequence[Moving], known: Known) -> Problem:
    """The whole problem: places, costs, ties and quotas."""
    visits = [_displaced(one, known) for one in moving]
    return Problem(
        visits, known.zone, known.ties, limits(moving, visits, known),
        kept_times(moving, visits, known), known.roads,
    )  # fmt: skip


def _displaced(one: Moving, known: Known) -> Displaced:
    places = [one.pinned] if one.pinned else list(_places(one, known))
    costs = [cost(one, place, known.zone) for place in places]
    days = (one.last_day - _day(one.start, known.zone)).days + 1
    late = 0
    if one.promised is not None:
        late = max(0, (one.last_day - one.promised).days + 1) * (URGENT if one.urgent else 1)
    unplaced = Cost(unplaced=1, late=late, other=1, days=max(days, 0))
    ask = one.ask
    return Displaced(
        one.id, ask.minutes, places, costs, unplaced, ask.before, ask.after, one.patient
    )


def cost(one: Moving, place: Place, zone: str) -> Cost:
    """What one place costs."""
    wall, former = on_the_wall(place.start, zone), on_the_wall(one.start, zone)
    late = 0
    if one.promised is not None:
        late = max(0, (wall.date() - one.promised).days) * (URGENT if one.urgent else 1)
    before = one.proposed
    changed = before is not None and before[:2] != place[:2]
    far = abs(clock_minutes(wall.time()) - clock_minutes(former.time()))
    return Cost(
        late=late,
        other=int(place.agenda_id not in one.own),
        days=max(0, (wall.date() - former.date()).days),
        wishes=_not_kept(one, place.start, wall.hour, former.hour, zone),
        changed=int(changed),
        hour=-(-far // LINE),
    )


def _not_kept(one: Moving, start: int, hour: int, former: int, zone: str) -> int:
    """Without an hour told, who came in the morning would rather come in the morning."""
    told = one.wishes
    if told.of_hours:
        missed = int(not told.hour_kept(start, one.ask.minutes, zone))
    else:
        missed = int((hour < _NOON) != (former < _NOON))
    return missed + int(told.of_days and not told.day_kept(start, zone))


def _places(one: Moving, known: Known) -> Iterator[Place]:
    """Its own time first when it may stay; then what the engine says is free, agenda by agenda."""
    if one.may_stay:
        yield from _where_it_is(one, known)
    for agenda_id in one.agendas:
        facts = known.facts.get((agenda_id, one.ask.reason))
        if facts is None:
            continue
        key = (agenda_id, one.ask, one.first_day, one.last_day)
        if key not in known.found:
            known.found[key] = list(_free(facts, one, known.now))
        stays = (one.start, one.agenda_id) if one.may_stay else None
        yield from (place for place in known.found[key] if place[:2] != stays)


def _where_it_is(one: Moving, known: Known) -> Iterator[Place]:
    facts = known.without.get(one.id)
    if facts is not None and why_not(facts, one.start, one.ask) is None:
        yield from _with_rooms(facts, one.ask, one.start)


def _free(facts: AgendaFacts, one: Moving, now: int) -> Iterator[Place]:
    days = (one.last_day - one.first_day) // timedelta(days=1) + 1
    if days < 1:
        return
    for start in free_starts(facts, one.first_day, days, one.ask, not_before=now):
        yield from _with_rooms(facts, one.ask, start)


def _with_rooms(facts: AgendaFacts, ask: Ask, start: int) -> Iterator[Place]:
    first, last = start - ask.before, start + ask.minutes + ask.after
    free = [
        [
            room.id for room in need
            if room.free(first, last) and (room.accessible or not ask.wheelchair)
        ]
        for need in facts.needs
    ]  # fmt: skip
    ways = (way for way in product(*free) if len(set(way)) == len(way))
    for way in islice(ways, _WAYS):
        yield Place(start, facts.agenda_id, way)


def _day(minute: int, zone: str) -> date:
    return on_the_wall(minute, zone).date()
