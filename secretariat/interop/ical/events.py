"""From the lines of an event to its times, its rule and its texts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from . import texts
from .blocks import Block, Property
from .refusals import BadEvent
from .zones import Zones

Moment = date | datetime
"""A day, or an aware instant."""

_DATE = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_TIME = re.compile(r"^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?(Z?)$")
_DURATION = re.compile(
    r"^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$"
)
_RULE_PARTS = frozenset(
    {
        "FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY",
        "BYWEEKNO", "BYSETPOS", "WKST",
    }
)  # fmt: skip
MAX_ATTENDEES = 50


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited: the name shown and the e-mail address, either may be empty."""

    name: str
    e_mail: str


@dataclass(frozen=True, slots=True)
class Event:
    """One VEVENT: a single event, a series, or a changed occurrence of a series."""

    line: int
    uid: str
    start: Moment
    end: Moment
    rule: str = ""
    extra: tuple[Moment, ...] = ()
    left_out: tuple[Moment, ...] = ()
    replaces: Moment | None = None
    and_future: bool = False
    cancelled: bool = False
    busy: bool = True
    sequence: int = 0
    changed: str = ""
    summary: str = ""
    description: str = ""
    location: str = ""
    categories: tuple[str, ...] = ()
    attendees: tuple[Attendee, ...] = ()

    @property
    def all_day(self) -> bool:
        """It has days, not hours."""
        return not isinstance(self.start, datetime)


@dataclass(slots=True)
class Clock:
    """How the times of one calendar are understood.

    `site` is the zone of the practice, `floating` that of times without zone, `utc_shown_in` the
    zone in which the program showed its UTC times (X-WR-TIMEZONE), so that series keep their hour.
    """

    zones: Zones
    site: tzinfo
    floating: tzinfo
    utc_shown_in: tzinfo | None = None
    unknown: set[str] = field(default_factory=set)

    def moment(self, value: str, params: dict[str, str]) -> Moment:
        """A DATE or a DATE-TIME.

        Raises:
            BadEvent: it does not exist.
        """
        value = value.strip()
        try:
            if match := _DATE.match(value[:8] if params.get("VALUE") == "DATE" else value):
                return date(int(match[1]), int(match[2]), int(match[3]))
            match = _TIME.match(value)
            if match is None:
                raise ValueError
            year, month, day, hour, minute, second = (int(one or 0) for one in match.groups()[:6])
            naive = datetime(year, month, day, hour, minute, min(second, 59))  # leap seconds
        except ValueError:
            raise BadEvent(f"La date « {value[:40]} » ne peut pas être lue.") from None
        return self._placed(naive, utc=bool(match[7]), tzid=params.get("TZID", ""))

    def _placed(self, naive: datetime, *, utc: bool, tzid: str) -> datetime:
        if not 1900 <= naive.year <= 2200:
            raise BadEvent(f"L’année {naive.year} n’est pas plausible.")
        if utc:
            instant = naive.replace(tzinfo=UTC)
            return instant.astimezone(self.utc_shown_in) if self.utc_shown_in else instant
        zone = self.zones.find(tzid) if tzid else self.floating
        if zone is None:
            self.unknown.add(tzid[:60])
            zone = self.site
        return naive.replace(tzinfo=zone)


def event(block: Block, clock: Clock, *, cancelled: bool) -> Event:
    """The event a block describes.

    Args:
        block: its lines.
        clock: how times are understood.
        cancelled: the whole calendar announces cancellations.

    Raises:
        BadEvent: without a start, or with times or a rule that cannot be understood.
    """
    start, end = _times(block, clock)
    if block.first("EXRULE"):
        raise BadEvent("Règle d’exclusion (EXRULE) non prise en charge : à saisir à la main.")
    replaces = block.first("RECURRENCE-ID")
    rule = block.first("RRULE")
    status = texts.line(block.first("STATUS")).upper()
    transparent = texts.line(block.first("TRANSP")).upper() == "TRANSPARENT"
    sequence = texts.line(block.first("SEQUENCE"))
    changed = block.first("LAST-MODIFIED") or block.first("DTSTAMP")
    return Event(
        line=block.line,
        uid=texts.line(block.first("UID"), 1000),
        start=start,
        end=end,
        rule=_rule(rule.value, start, clock) if rule and rule.value.strip() else "",
        extra=_moments(block.all("RDATE"), start, clock),
        left_out=_moments(block.all("EXDATE"), start, clock),
        replaces=_like(start, clock.moment(replaces.value, replaces.params)) if replaces else None,
        and_future=bool(replaces and replaces.params.get("RANGE", "").upper() == "THISANDFUTURE"),
        cancelled=cancelled or status == "CANCELLED",
        busy=not transparent,
        sequence=int(sequence) if re.fullmatch(r"\d{1,6}", sequence) else 0,
        changed=texts.line(changed, 20),
        **_texts(block),
    )


def _texts(block: Block) -> dict[str, Any]:
    description = texts.paragraphs(block.first("DESCRIPTION"))
    categories = [one.strip() for found in block.all("CATEGORIES")
                  for one in texts.line(found).split(",")]  # fmt: skip
    return {
        "summary": texts.line(block.first("SUMMARY")),
        "description": description or texts.paragraphs(block.first("X-ALT-DESC")),
        "location": texts.line(block.first("LOCATION")),
        "categories": tuple(one for one in categories if one)[:20],
        "attendees": tuple(_attendee(one) for one in block.all("ATTENDEE")[:MAX_ATTENDEES]),
    }


def _attendee(found: Property) -> Attendee:
    name = texts.line(Property("CN", {}, found.params.get("CN", "")), 120)
    address = re.sub(r"^mailto:", "", texts.line(found, 254), flags=re.IGNORECASE)
    address = address.lower() if re.fullmatch(r"[^\s@]+@[^\s@]+", address) else ""
    return Attendee("" if "@" in name else name, address)


def _times(block: Block, clock: Clock) -> tuple[Moment, Moment]:
    begin, finish = block.first("DTSTART"), block.first("DTEND")
    if begin is None or not begin.value.strip():
        raise BadEvent("L’événement n’a pas de début.")
    start = clock.moment(begin.value, begin.params)
    length = block.first("DURATION")
    if finish is not None and finish.value.strip():
        end = clock.moment(finish.value, finish.params)
    elif length is not None:
        end = start + _duration(length.value, all_day=not isinstance(start, datetime))
    else:
        end = start if isinstance(start, datetime) else start + timedelta(days=1)
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise BadEvent("Le début et la fin ne sont pas du même genre (jour ou heure).")
    flag = block.first("X-MICROSOFT-CDO-ALLDAYEVENT")
    if flag and flag.value.strip().upper() == "TRUE":
        start, end = _as_days(start, end)
    if not isinstance(start, datetime) and end == start:
        end = start + timedelta(days=1)  # programs that write the last day instead of the next
    if end < start:
        raise BadEvent("La fin précède le début.")
    return start, end


def _as_days(start: Moment, end: Moment) -> tuple[Moment, Moment]:
    """Outlook writes a day off as midnight to midnight."""
    if not (isinstance(start, datetime) and isinstance(end, datetime)):
        return start, end
    midnights = start.time() == end.time() == time()
    return (start.date(), end.date()) if midnights else (start, end)


def _duration(value: str, *, all_day: bool) -> timedelta:
    match = _DURATION.match(value.strip().upper())
    if match is None or not any(match.groups()):
        raise BadEvent(f"La durée « {value[:40]} » ne peut pas être lue.")
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in match.groups())
    length = timedelta(days, seconds, hours=hours, minutes=minutes, weeks=weeks)
    if length > timedelta(days=3660):
        raise BadEvent(f"La durée « {value[:40]} » n’est pas plausible.")
    return timedelta(days=max(1, length.days)) if all_day else length


def _moments(found: list[Property], start: Moment, clock: Clock) -> tuple[Moment, ...]:
    """Dates of RDATE or EXDATE; of a period, its start."""
    values = [(one, value) for one in found for value in one.value.split(",") if value.strip()]
    return tuple(
        _like(start, clock.moment(value.partition("/")[0], one.params)) for one, value in values
    )


def _like(start: Moment, moment: Moment) -> Moment:
    """The same kind as the start of the series: programs mix days and hours."""
    if isinstance(start, datetime):
        if not isinstance(moment, datetime):
            return datetime.combine(moment, start.timetz())
        return moment
    return moment.date() if isinstance(moment, datetime) else moment


def _rule(value: str, start: Moment, clock: Clock) -> str:
    """A recurrence rule that can be computed, its UNTIL said as the start is."""
    parts: dict[str, str] = {}
    for piece in value.upper().replace(" ", "").split(";"):
        key, _, content = piece.partition("=")
        if key in {"BYHOUR", "BYMINUTE", "BYSECOND"} and "," in content:
            raise BadEvent("Répétition plusieurs fois par jour : à saisir à la main.")
        if key in _RULE_PARTS and content:
            parts[key] = content
    if parts.get("FREQ") not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        raise BadEvent(f"Répétition « {parts.get('FREQ', value[:20])} » non prise en charge.")
    for key in ("INTERVAL", "COUNT"):
        if key in parts and not re.fullmatch(r"[1-9]\d{0,4}", parts[key]):
            raise BadEvent(f"Répétition incompréhensible : {key}={parts[key][:20]}.")
    if any(len(content) > 1500 for content in parts.values()):
        raise BadEvent("Règle de répétition démesurée.")
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"], start, clock)
    return ";".join(f"{key}={content}" for key, content in parts.items())


def _until(value: str, start: Moment, clock: Clock) -> str:
    """Last day or moment of a series; a bare day means until its end."""
    limit = clock.moment(value, {})
    if not isinstance(start, datetime):
        last = limit.astimezone(clock.site).date() if isinstance(limit, datetime) else limit
        return f"{last:%Y%m%d}"
    if not isinstance(limit, datetime):
        limit = datetime.combine(limit, time(23, 59, 59), start.tzinfo)
    elif not value.endswith("Z"):
        limit = limit.replace(tzinfo=start.tzinfo)
    return f"{limit.astimezone(UTC):%Y%m%dT%H%M%SZ}"
