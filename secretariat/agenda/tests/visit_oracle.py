"""Where a visit may stand, found the slow and obvious way: every minute looked at alone.

Nothing here is shared with the fast code but its plain values, the list of public holidays and
that of school holidays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

from secretariat.agenda.facts import AgendaFacts, Ask, Busy, Room
from secretariat.agenda.openings import OpeningException, OpeningRule
from secretariat.agenda.quotas import Quota
from secretariat.agenda.school_holidays import is_school_holiday
from secretariat.agenda.tests.oracle import _wall, clock_shown

FAR = date(9999, 1, 1)


def rules_of(rules: Iterable[OpeningRule], day: date, school_zone: str) -> list[OpeningRule]:
    """The rules that speak of a day."""
    found = []
    for rule in rules:
        if rule.weekday != day.weekday() or not rule.from_date <= day <= (rule.to_date or FAR):
            continue
        monday = day - timedelta(days=day.weekday())
        first = rule.from_date - timedelta(days=rule.from_date.weekday())
        week = 0
        while first < monday:
            first += timedelta(days=7)
            week += 1
        if week % rule.every_weeks != 0:
            continue
        schools_closed = is_school_holiday(day, school_zone)
        if rule.school_holidays == "only" and not schools_closed:
            continue
        if rule.school_holidays == "except" and schools_closed:
            continue
        found.append(rule)
    return found


@dataclass
class World:
    """An agenda, its rules as they were written, and what is asked."""

    facts: AgendaFacts
    rules: list[OpeningRule]
    exceptions: list[OpeningException]
    ask: Ask
    days: list[date]
    open_by_day: dict[tuple[date, str], set[int]] = field(default_factory=dict)

    def open_set(self, day: date, kept: Iterable[OpeningRule], key: str) -> set[int]:
        """The open minutes of a day under some of the rules."""
        if (day, key) not in self.open_by_day:
            self.open_by_day[day, key] = self._open_set(day, kept, named="named" in key)
        return self.open_by_day[day, key]

    def _open_set(self, day: date, kept: Iterable[OpeningRule], *, named: bool) -> set[int]:
        site = self.facts.hours.site
        today = [one for one in self.exceptions if one.date == day]
        shut = any(one.kind == "closed" and one.starts is None for one in today)
        wall: set[int] = set()
        if not shut and not site.holiday(day):
            in_force = rules_of(kept, day, site.school_zone)
            for rule in in_force:
                if rule.kind == "open":
                    wall |= _wall(rule.starts, rule.ends)
            for rule in in_force:
                if rule.kind == "protected":
                    wall -= _wall(rule.starts, rule.ends)
        for one in today:
            if one.kind == "open" and not named:
                wall |= _wall(one.starts, one.ends)
        for one in today:
            if one.kind == "closed" and one.starts is not None:
                wall -= _wall(one.starts, one.ends)
        return {minute for minute, clock in clock_shown(day, site.zone).items() if clock in wall}

    def for_ask(self, day: date) -> set[int]:
        """The minutes open to the visit wanted."""
        ask = self.ask
        kept = [
            rule
            for rule in self.rules
            if rule.kind == "protected"
            or (rule.mode in {"", ask.mode}
                and (ask.reason in rule.reasons if rule.reasons else not ask.named_only))
        ]  # fmt: skip
        return self.open_set(day, kept, "ask named" if ask.named_only else "ask")

    def for_all(self, day: date) -> set[int]:
        """The minutes open to any visit."""
        return self.open_set(day, self.rules, "all")

    def for_quota(self, quota: Quota, day: date) -> set[int]:
        """The minutes open to the visits of a quota."""
        mine = quota.reasons
        kept = [r for r in self.rules if mine is None or not r.reasons or r.reasons & mine]
        return self.open_set(day, kept, f"quota {sorted(mine or [])}")

    def covered(self, minute: int) -> bool:
        """Whether a locum stands in at that minute."""
        zone = self.facts.hours.site.zone
        return any(
            one.from_date <= day <= one.to_date
            for day in self.days
            if minute in clock_shown(day, zone)
            for one in self.facts.locums
        )

    def away(self) -> set[int]:
        """The minutes when whoever holds the agenda is away, or at another site."""
        minutes = set()
        for absence in self.facts.absences:
            for minute in range(absence.start, absence.end):
                if self.covered(minute) == absence.of_locum:
                    minutes.add(minute)
        for there in self.facts.elsewhere:
            minutes |= set(range(there.start, there.end))
        zone = self.facts.hours.site.zone
        for locum in self.facts.locums:
            if self.ask.reason in locum.not_taken:
                for day in self.days:
                    if locum.from_date <= day <= locum.to_date:
                        minutes |= set(clock_shown(day, zone))
        return minutes

    def occupied(self) -> set[int]:
        """The minutes of visits, with those around them, and of held times."""
        spans = (*self.facts.busy, *self.facts.held)
        return {minute for one in spans for minute in range(one[0], one[1])}

    def rooms(self, start: int) -> bool:
        """Whether each need has a room of its own all along."""
        ask = self.ask
        minutes = range(start - ask.before, start + ask.minutes + ask.after)
        for chosen in product(*self.facts.needs):
            if len({room.id for room in chosen}) < len(chosen):
                continue
            if ask.wheelchair and not all(room.accessible for room in chosen):
                continue
            taken = set.union(set(), *(_unusable(room) for room in chosen))
            if not any(minute in taken for minute in minutes):
                return True
        return False

    def blocked(self) -> set[int]:
        """The minutes on which the visit itself cannot stand, whatever its start."""
        ask, occupied = self.ask, self.occupied()
        blocked = self.away()
        around = range(-ask.before, ask.after + 1)
        every = {m for day in self.days for m in self.for_all(day)}
        blocked |= {m for m in every if any(m + n in occupied for n in around)}
        for need in self.facts.needs:
            would_do = [room for room in need if room.accessible or not ask.wheelchair]
            taken = [_unusable(room) for room in would_do]
            if taken:
                nobody = set.intersection(*taken)
                blocked |= {m for m in every if any(m + n in nobody for n in around)}
        return blocked

    def allowed(self, start: int) -> bool:
        """Whether a visit may begin at that minute."""
        ask = self.ask
        if ask.not_before is not None and start < ask.not_before:
            return False
        if ask.not_after is not None and start > ask.not_after:
            return False
        opened = {m for day in self.days for m in self.for_ask(day)}
        blocked = self.blocked()
        stands = all(m in opened and m not in blocked for m in range(start, start + ask.minutes))
        return stands and self.rooms(start) and self.rationed(start)

    def rationed(self, start: int) -> bool:
        """Whether every quota lets it begin there."""
        return not any(self._refused_by(quota, start) for quota in self.facts.quotas)

    def _refused_by(self, quota: Quota, start: int) -> bool:
        zone, ask = self.facts.hours.site.zone, self.ask
        day = next(one for one in self.days if start in clock_shown(one, zone))
        last = quota.to_date or FAR
        if not quota.from_date <= day <= last or not quota.weekdays & (1 << day.weekday()):
            return False
        part = _part(quota, start, clock_shown(day, zone))
        if start not in part:
            return False
        own = quota.reasons is None or ask.reason in quota.reasons
        theirs = [
            one for one in self.facts.busy
            if isinstance(one, Busy) and one.kind != "block" and one.begins in part
            and (quota.reasons is None or one.reason in quota.reasons)
        ]  # fmt: skip
        if quota.kind == "most":
            return own and len(theirs) >= quota.amount
        if quota.kind == "share":
            minutes = ask.minutes + sum(one.ends - one.begins for one in theirs)
            return own and minutes * 100 > quota.amount * len(self.for_all(day) & part)
        if own or _released(quota, start, clock_shown(day, zone), ask.at):
            return False
        free = (self.for_quota(quota, day) & part) - self.occupied() - self._gone()
        if ask.at is not None:
            free = {minute for minute in free if minute >= ask.at}
        mine = set(range(start - ask.before, start + ask.minutes + ask.after))
        owed = quota.amount - len(theirs)
        before, after = _fitting(free, quota.minutes), _fitting(free - mine, quota.minutes)
        return after < owed and after < before

    def _gone(self) -> set[int]:
        """Away, whatever the reason asked for."""
        other = World(self.facts, self.rules, self.exceptions, Ask(1, reason=-1), self.days)
        return other.away()

    def starts(self) -> list[int]:
        """Every time offered on all days but the last: counted from each opening, and again from
        each line of five minutes after what is taken."""
        blocked, found = self.blocked(), []
        for day in self.days[:-1]:
            opened = self.for_ask(day)
            for first, run in _runs(opened - blocked):
                opening = first - 1 not in opened
                origin = first if opening else first + -first % 5
                found += [m for m in run if m >= origin and (m - origin) % self.ask.minutes == 0]
        return sorted(minute for minute in found if self.allowed(minute))


def _unusable(room: Room) -> set[int]:
    """The minutes when a room is taken, or closed."""
    minutes = {minute for first, last in room.taken for minute in range(first, last)}
    for shut in room.closings:
        minutes |= set(range(shut.start, shut.end))
    return minutes


def _part(quota: Quota, start: int, shown: dict[int, int]) -> set[int]:
    morning = {minute for minute, clock in shown.items() if clock < 13 * 60}
    afternoon = shown.keys() - morning
    if quota.part == "half":
        return morning if start in morning else set(afternoon)
    return {"day": set(shown), "morning": morning, "afternoon": set(afternoon)}[quota.part]


def _released(quota: Quota, start: int, shown: dict[int, int], at: int | None) -> bool:
    if at is None or quota.release == "never":
        return False
    if quota.release == "day":
        return at >= min(shown)
    return start - at <= quota.release_hours * 60


def _runs(minutes: set[int]) -> list[tuple[int, list[int]]]:
    """Minutes that follow each other, with the first of each row."""
    rows: list[tuple[int, list[int]]] = []
    for minute in sorted(minutes):
        if rows and rows[-1][1][-1] == minute - 1:
            rows[-1][1].append(minute)
        else:
            rows.append((minute, [minute]))
    return rows


def _fitting(free: set[int], length: int) -> int:
    count = 0
    for first, row in _runs(free):
        minute = first + -first % 5
        while minute + length <= row[-1] + 1:
            count += 1
            minute += length
    return count


def sequence(first: date, count: int) -> Sequence[date]:
    """`count` days from `first`."""
    return [first + timedelta(days=n) for n in range(count)]
