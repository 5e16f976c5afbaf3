"""The clock on a site's wall, and the minutes of the world.

The agenda counts in whole minutes of UTC since 1 January 1970; people read the clock of
their site. Both clock changes are dealt with here, once per site and day, so that nothing
else in the room converts a date or knows that a day may have 23 or 25 hours.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 1440
"""Minutes of an ordinary day."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MINUTE = timedelta(minutes=1)
# Clocks of the world lie between UTC-12 and UTC+14.
_EARLIEST, _LATEST = 14 * 60, 12 * 60


class Piece(NamedTuple):
    """A part of a local day while the clock runs on without a jump, in minutes of UTC."""

    start: int
    end: int
    offset: int
    """Minutes to add to UTC to read the clock on the wall."""


def minute_of(moment: datetime, *, up: bool = False) -> int:
    """Minutes of UTC since 1970, rounded down; `up` rounds up (for the end of something).

    ValueError if `moment` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return -((_EPOCH - moment) // _MINUTE) if up else (moment - _EPOCH) // _MINUTE


def moment_of(minute: int) -> datetime:
    """The aware UTC datetime of a minute."""
    return _EPOCH + timedelta(minutes=minute)


def on_the_wall(minute: int, zone: str) -> datetime:
    """What calendar and clock of the site show at that minute."""
    return datetime.fromtimestamp(minute * 60, ZoneInfo(zone))


def midnight(day: date) -> int:
    """The minute of 00:00 that day where the clock shows UTC: a base to count local minutes."""
    return (day.toordinal() - _EPOCH_DAY) * DAY


def clock_minutes(clock: time) -> int:
    """Minutes from 00:00 to that time on the clock."""
    return clock.hour * 60 + clock.minute


@lru_cache(maxsize=16_384)
def pieces(day: date, zone: str) -> tuple[Piece, ...]:
    """The local day in minutes of UTC: one piece, or two around a clock change.

    What the clock skips belongs to no piece; what it shows twice belongs to two.
    """
    base = midnight(day)
    low, high = base - _EARLIEST, base + DAY + _LATEST
    before, after = _offset(low, zone), _offset(high, zone)
    if before == after:
        return (Piece(base - before, base - before + DAY, before),)
    change = _first_minute_after_change(low, high, zone)
    both = (
        Piece(base - before, min(base - before + DAY, change), before),
        Piece(max(base - after, change), base - after + DAY, after),
    )
    return tuple(piece for piece in both if piece.start < piece.end)


def day_bounds(day: date, zone: str) -> tuple[int, int]:
    """First minute of the local day, and first minute of the next."""
    parts = pieces(day, zone)
    return parts[0].start, parts[-1].end


def minutes_showing(day: date, clock: time, zone: str) -> tuple[int, ...]:
    """The minutes at which the site's clock shows `clock` on `day`.

    None in the hour skipped in spring, two (summer time first) in the hour lived twice in
    autumn, one otherwise. What is typed on a form goes through here, so that nothing
    ambiguous can be stored.
    """
    wanted = midnight(day) + clock_minutes(clock)
    found = ((wanted - part.offset, part) for part in pieces(day, zone))
    return tuple(minute for minute, part in found if part.start <= minute < part.end)


def _offset(minute: int, zone: str) -> int:
    shift = on_the_wall(minute, zone).utcoffset()
    assert shift is not None  # noqa: S101 - a ZoneInfo always knows
    return shift // _MINUTE


def _first_minute_after_change(low: int, high: int, zone: str) -> int:
    """Between two minutes of different offsets, the first that has the later one."""
    before = _offset(low, zone)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high
