"""When an agenda is open: weekly rules, days that differ, public holidays.

Layers go from the broadest to the most precise, each having the last word on those before:

1. weekly rules in force that day, unless it is a public holiday the site keeps;
2. protected ranges (home visits, meeting, duty) shut the hours they cover;
3. whole-day closures shut all of these;
4. exceptional openings open, even on a holiday, a protected range or a closed day;
5. closures of some hours shut these hours.

So « closed all day » with « open 9 to 12 » means: that day, 9 to 12 only. Hours are those of
the clock on the site's wall: 00:00-06:00 lasts 5 h on the Sunday of March and 7 h on that of
October, and an opening that falls in the skipped hour opens nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from operator import itemgetter
from typing import Literal, NamedTuple

from secretariat.agenda.local_time import DAY, clock_minutes, midnight, pieces
from secretariat.agenda.public_holidays import holiday_name
from secretariat.agenda.school_holidays import is_school_holiday

_MIDNIGHT = time(0)
_Day = date  # where a field is called date


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """« Le mardi de 14 h à 18 h, du … au … ». Days are inclusive; `ends` 00:00 is midnight.

    ValueError if it ends before it starts: a night is two rules; or if it comes every 0 weeks.
    """

    weekday: int
    """0 is Monday."""
    starts: time
    ends: time
    from_date: date
    to_date: date | None = None
    """Last day, included; None goes on."""
    id: int = 0
    author: str = ""
    label: str = ""
    kind: Literal["open", "protected"] = "open"
    every_weeks: int = 1
    """Counted from the week of `from_date`."""
    school_holidays: Literal["", "except", "only"] = ""
    mode: str = ""
    """Visits of this mode only; "" for all."""
    reasons: frozenset[int] = frozenset()
    """The reasons it is kept for; empty for all."""

    def __post_init__(self) -> None:
        _refuse_backwards(self.starts, self.ends)
        if self.every_weeks < 1:
            raise ValueError("a rule comes every week at most")

    def in_force(self, day: date, school_zone: str = "") -> bool:
        """Whether the rule speaks of that day."""
        if self.weekday != day.weekday() or day < self.from_date:
            return False
        if self.to_date is not None and day > self.to_date:
            return False
        if self.every_weeks > 1:
            first_monday = self.from_date.toordinal() - self.from_date.weekday()
            weeks = (day.toordinal() - day.weekday() - first_monday) // 7
            if weeks % self.every_weeks:
                return False
        if self.school_holidays:
            return is_school_holiday(day, school_zone) == (self.school_holidays == "only")
        return True

    def serves(self, ask: "Wanted") -> bool:
        """Whether a visit of that reason and mode may stand in the range."""
        if self.kind == "protected":
            return True
        if self.mode and self.mode != ask.mode:
            return False
        return ask.reason in self.reasons if self.reasons or ask.named_only else True


@dataclass(frozen=True, slots=True)
class OpeningException:
    """A day that differs. A closure without hours is the whole day.

    ValueError for an opening without its hours, or one that ends before it starts.
    """

    date: _Day
    starts: time | None
    ends: time | None
    kind: Literal["open", "closed"]
    id: int = 0
    author: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        if self.kind == "open" and (self.starts is None or self.ends is None):
            raise ValueError("an exceptional opening needs its hours")
        if self.starts is not None and self.ends is not None:
            _refuse_backwards(self.starts, self.ends)

    @property
    def closes_the_day(self) -> bool:
        """Whether it is a closure of the whole day."""
        return self.kind == "closed" and self.starts is None and self.ends is None

    def covers(self, wall_minute: int) -> bool:
        """Whether it speaks of that minute of the local day."""
        start, end = wall_hours(self)
        return start <= wall_minute < end


Source = OpeningRule | OpeningException


class Wanted(NamedTuple):
    """What opening rules must know of a visit."""

    reason: int = 0
    mode: str = "on_site"
    named_only: bool = False
    """Only in the ranges that name its reason."""


class Interval(NamedTuple):
    """An open time `[start, end)` in minutes of UTC, and the rules that open it."""

    start: int
    end: int
    why: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class SiteClock:
    """What the agenda needs to know of a site; `region` is a key of `public_holidays.REGIONS`."""

    zone: str = "Europe/Paris"
    region: str = ""
    closes_on_holidays: bool = True
    school_zone: str = ""
    name: str = ""

    def holiday(self, day: date) -> str | None:
        """The name of the public holiday that closes the site that day."""
        return holiday_name(day, self.region) if self.closes_on_holidays else None


_RuleSpan = tuple[int, int, OpeningRule]


class AgendaHours:
    """The opening hours of one agenda, sorted once to be asked day after day."""

    __slots__ = ("_exceptions", "_rules", "_serving", "rules", "site")

    def __init__(
        self,
        site: SiteClock,
        rules: Iterable[OpeningRule],
        exceptions: Iterable[OpeningException] = (),
    ) -> None:
        self.site = site
        self.rules = tuple(rules)
        self._rules: list[list[_RuleSpan]] = [[] for _ in range(7)]
        self._exceptions: defaultdict[date, list[OpeningException]] = defaultdict(list)
        for rule in self.rules:
            self._rules[rule.weekday].append((*wall_hours(rule), rule))
        for exception in exceptions:
            self._exceptions[exception.date].append(exception)
        self._serving: dict[Wanted, AgendaHours] = {}

    @property
    def exceptions(self) -> list[OpeningException]:
        """All days that differ."""
        return [one for day in self._exceptions.values() for one in day]

    def exceptions_on(self, day: date) -> Sequence[OpeningException]:
        """What differs that day."""
        return self._exceptions.get(day, ())

    def protected_on(self, day: date) -> list[OpeningRule]:
        """The protected ranges in force that day."""
        zone = self.site.school_zone
        today = (rule for *_, rule in self._rules[day.weekday()] if rule.kind == "protected")
        return [rule for rule in today if rule.in_force(day, zone)]

    def serving(self, ask: Wanted) -> "AgendaHours":
        """The hours in which a visit of that reason and mode may stand.

        A reason given only in ranges that name it is not for exceptional openings, which name none.
        """
        found = self._serving.get(ask)
        if found is None:
            found = self._serving[ask] = self._served(ask)
        return found

    def _served(self, ask: Wanted) -> "AgendaHours":
        kept = [rule for rule in self.rules if rule.serves(ask)]
        if len(kept) == len(self.rules) and not ask.named_only:
            return self
        shut = [one for one in self.exceptions if one.kind == "closed"]
        return AgendaHours(self.site, kept, shut if ask.named_only else self.exceptions)

    def open_to(self, reasons: frozenset[int]) -> "AgendaHours":
        """The hours in which a visit of one of these reasons may stand, whatever its mode."""
        kept = [one for one in self.rules if not one.reasons or one.reasons & reasons]
        return (
            self if len(kept) == len(self.rules) else AgendaHours(self.site, kept, self.exceptions)
        )

    def on(self, day: date) -> Sequence[Interval]:
        """Open times of that local day (see `open_minutes`)."""
        return _open_on(self, day)

    def weekly_on(self, day: date) -> Sequence[_RuleSpan]:
        """The rules of that day of the week, in force or not."""
        return self._rules[day.weekday()]


@lru_cache(maxsize=8_192)
def _open_on(hours: AgendaHours, day: date) -> tuple[Interval, ...]:
    """A search asks for the same days as the one before."""
    weekly, today, site = hours.weekly_on(day), hours.exceptions_on(day), hours.site
    spans = _on_the_clock(day, weekly, today, site.holiday(day), site.school_zone)
    return tuple(_in_utc(day, spans, site.zone))


def open_minutes(
    day: date,
    rules: Iterable[OpeningRule],
    exceptions: Iterable[OpeningException],
    holiday: str | None,
    zone: str,
    *,
    school_zone: str = "",
) -> list[Interval]:
    """Open times of a local day in minutes of UTC: sorted, disjoint, touching ones joined.

    `holiday` names the public holiday that closes the site that day, if any.
    """
    weekly = [(*wall_hours(rule), rule) for rule in rules]
    today = [exception for exception in exceptions if exception.date == day]
    return _in_utc(day, _on_the_clock(day, weekly, today, holiday, school_zone), zone)


def wall_hours(source: Source) -> tuple[int, int]:
    """First minute of the local day that the rule or exception covers, and first after it."""
    start = clock_minutes(source.starts) if source.starts is not None else 0
    end = clock_minutes(source.ends) if source.ends is not None else DAY
    return start, end or DAY


def _on_the_clock(
    day: date,
    rules: Iterable[_RuleSpan],
    today: Sequence[OpeningException],
    holiday: str | None,
    school_zone: str,
) -> list[Interval]:
    """The five layers of the module's first words, in minutes of the local day."""
    spans: list[Interval] = []
    if holiday is None and not any(exception.closes_the_day for exception in today):
        spans = _opened([one for one in rules if one[2].in_force(day, school_zone)])
    for exception in today:
        if exception.kind == "open":
            spans.append(Interval(*wall_hours(exception), (exception,)))
    spans = _joined(spans)
    for exception in today:
        if exception.kind == "closed" and not exception.closes_the_day:
            spans = _without(spans, *wall_hours(exception))
    return spans


def _opened(rules: Sequence[_RuleSpan]) -> list[Interval]:
    """What the openings open and the protected ranges leave."""
    spans = _joined([Interval(a, z, (rule,)) for a, z, rule in rules if rule.kind == "open"])
    for start, end, rule in rules:
        if rule.kind == "protected":
            spans = _without(spans, start, end)
    return spans


def _in_utc(day: date, spans: list[Interval], zone: str) -> list[Interval]:
    """The same spans in minutes of UTC, cut or doubled by a clock change."""
    base, parts = midnight(day), pieces(day, zone)
    if len(parts) == 1 and parts[0].end - parts[0].start == DAY:
        shift = base - parts[0].offset
        return [Interval(start + shift, end + shift, why) for start, end, why in spans]
    moved: list[Interval] = []
    for part in parts:
        shift = base - part.offset
        for start, end, why in spans:
            first, last = max(start + shift, part.start), min(end + shift, part.end)
            if first < last:
                moved.append(Interval(first, last, why))
    return _joined(moved)


def _joined(spans: list[Interval]) -> list[Interval]:
    """Sorted, with overlapping or touching spans made one."""
    spans.sort(key=itemgetter(0))
    joined: list[Interval] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            last = joined[-1]
            why = last.why + tuple(source for source in span.why if source not in last.why)
            joined[-1] = Interval(last.start, max(last.end, span.end), why)
        else:
            joined.append(span)
    return joined


def _without(spans: list[Interval], shut: int, reopen: int) -> list[Interval]:
    """The spans outside `[shut, reopen)`."""
    left: list[Interval] = []
    for start, end, why in spans:
        for first, last in ((start, min(end, shut)), (max(start, reopen), end)):
            if first < last:
                left.append(Interval(first, last, why))
    return left


def _refuse_backwards(starts: time, ends: time) -> None:
    if ends <= starts and ends != _MIDNIGHT:
        raise ValueError(f"an opening cannot end at {ends:%H:%M} when it starts at {starts:%H:%M}")
