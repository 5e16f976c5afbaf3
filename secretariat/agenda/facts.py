"""What is known of an agenda on some days, and what is asked of it, in minutes of UTC. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, Self

from secretariat.agenda.local_time import day_bounds
from secretariat.agenda.openings import AgendaHours, Wanted
from secretariat.agenda.quotas import Quota

Taken = tuple[int, int, *tuple[object, ...]]
"""Anything that starts with its two minutes: a `Busy`, an `Absence`, a bare row `(start, end)`."""


class Busy(NamedTuple):
    """A visit, a squeeze or a block, `[start, end)` with the minutes kept free around it."""

    start: int
    end: int
    id: int = 0
    kind: str = "visit"
    """`visit`, `squeeze` or `block`."""
    reason: int = 0
    before: int = 0
    """How many of these minutes come before the visit itself."""
    after: int = 0

    @property
    def begins(self) -> int:
        """When the visit itself begins."""
        return self.start + self.before

    @property
    def ends(self) -> int:
        """When the visit itself ends."""
        return self.end - self.after


class Absence(NamedTuple):
    """The practitioner, or the locum who stands in, is away."""

    start: int
    end: int
    id: int = 0
    label: str = ""
    author: str = ""
    of_locum: bool = False


class Held(NamedTuple):
    """A time that someone else keeps while they type."""

    start: int
    end: int
    id: int = 0
    by: str = ""
    until: int = 0


class Elsewhere(NamedTuple):
    """The practitioner receives at another site, with the road there and back."""

    start: int
    end: int
    id: int = 0
    site: str = ""
    travel: int = 0
    """Minutes of road, on each side, inside `[start, end)`."""


class Locum(NamedTuple):
    """Someone holds the agenda from one day to another, both included."""

    from_date: date
    to_date: date
    name: str = ""
    not_taken: frozenset[int] = frozenset()
    """Reasons left to the holder."""
    id: int = 0
    author: str = ""

    def span(self, zone: str) -> tuple[int, int]:
        """The days in minutes."""
        return day_bounds(self.from_date, zone)[0], day_bounds(self.to_date, zone)[1]


class Closing(NamedTuple):
    """A room is closed, or equipment out of order."""

    start: int
    end: int
    id: int = 0
    label: str = ""
    author: str = ""


class Room(NamedTuple):
    """A room or equipment that would do, when it is taken, and when it cannot be used at all."""

    id: int
    name: str
    taken: Sequence[tuple[int, int]] = ()
    accessible: bool = True
    closings: Sequence[Closing] = ()

    def free(self, start: int, end: int) -> bool:
        """Whether it serves nobody else in `[start, end)`, and can serve."""
        taken = any(first < end and start < last for first, last in self.taken)
        return not taken and self.closed(start, end) is None

    def closed(self, start: int, end: int) -> Closing | None:
        """What closes it in a part of `[start, end)`."""
        return next((one for one in self.closings if one.start < end and start < one.end), None)

    @property
    def gone(self) -> list[tuple[int, int]]:
        """When it is taken or closed, sorted."""
        return sorted([*self.taken, *((one.start, one.end) for one in self.closings)])


@dataclass(frozen=True, slots=True)
class Ask:
    """A visit that is wanted: how long, for what, by whom, when it is asked.

    ValueError if it lasts no minute.
    """

    minutes: int
    reason: int = 0
    before: int = 0
    after: int = 0
    mode: str = "on_site"
    named_only: bool = False
    wheelchair: bool = False
    """Only rooms that a wheelchair can enter."""
    at: int | None = None
    """The present minute, for what is released later; None: nothing is released yet."""
    not_before: int | None = None
    not_after: int | None = None
    """Bounds of who asks; the last minute at which the visit may begin."""

    def __post_init__(self) -> None:
        if self.minutes <= 0:
            raise ValueError("a visit lasts at least one minute")

    @classmethod
    def of(cls, wanted: Self | int) -> Self:
        """A bare length is a visit without anything else to it."""
        return cls(wanted) if isinstance(wanted, int) else wanted

    @property
    def wanted(self) -> Wanted:
        """What opening rules must know."""
        return Wanted(self.reason, self.mode, self.named_only)

    def lasting(self, minutes: int) -> Self:
        """The same visit with another length."""
        return replace(self, minutes=minutes)


@dataclass(frozen=True, slots=True)
class AgendaFacts:
    """What is known of an agenda over the days looked at.

    No order is needed. Give all that touches the days searched and the day after, for a visit
    that would run past midnight. `needs`: for each thing the reason takes, those that would do.
    """

    agenda_id: int
    hours: AgendaHours
    busy: Sequence[Taken] = ()
    absences: Sequence[Absence] = ()
    held: Sequence[Held] = ()
    elsewhere: Sequence[Elsewhere] = ()
    locums: Sequence[Locum] = ()
    quotas: Sequence[Quota] = ()
    needs: Sequence[Sequence[Room]] = ()
