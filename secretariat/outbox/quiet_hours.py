"""When a message may arrive: not in the evening, not at night, not on a Sunday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """What a practice allows to leave.

    Args:
        zone: IANA name of the practice's clock.
        from_hour, until_hour: local times between which a message may arrive.
        days_off: weekdays without messages (0 is Monday).
        sms_a_day: how many SMS leave in a local day.
        cents_a_day: what they may cost together.
        delay: how long a message waits after it was promised, in case it is taken back.
    """

    zone: str = "Europe/Paris"
    from_hour: time = time(8)
    until_hour: time = time(20)
    days_off: frozenset[int] = frozenset({SUNDAY})
    sms_a_day: int = 500
    cents_a_day: int = 100_000
    delay: timedelta = timedelta(0)


def allowed_from(moment: datetime, limits: Limits) -> datetime:
    """The first moment from `moment` on when a message may arrive, UTC.

    >>> allowed_from(datetime(2026, 11, 21, 20, tzinfo=UTC), Limits())  # a Saturday evening
    datetime.datetime(2026, 11, 23, 7, 0, tzinfo=datetime.timezone.utc)
    """
    zone = ZoneInfo(limits.zone)
    local = moment.astimezone(zone)
    day = local.date()
    if local.time() >= limits.until_hour:
        day += timedelta(days=1)
    while day.weekday() in limits.days_off and len(limits.days_off) < 7:
        day += timedelta(days=1)
    opening = datetime.combine(day, limits.from_hour, zone).astimezone(UTC)
    return max(moment, opening)


def day_of(moment: datetime, limits: Limits) -> tuple[datetime, datetime]:
    """The practice's day around `moment`, [from, to) in UTC."""
    zone = ZoneInfo(limits.zone)
    day = moment.astimezone(zone).date()
    first = datetime.combine(day, time(), zone)
    return first.astimezone(UTC), datetime.combine(
        day + timedelta(days=1), time(), zone
    ).astimezone(UTC)
