"""Whether quotas let a visit stand: counted on the visits of its day, one day at a time. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from secretariat.agenda.facts import AgendaFacts, Ask, Busy
from secretariat.agenda.local_time import on_the_wall
from secretariat.agenda.quotas import Quota, room_for

Stretch = tuple[int, int]


class Rationing:
    """The quotas of one agenda for one visit wanted.

    Args:
        facts: with whole `Busy` rows when there are quotas.
        ask: the visit.
        taken: sorted `(start, end)` of all that takes the practitioner's time.
    """

    def __init__(self, facts: AgendaFacts, ask: Ask, taken: Sequence[Stretch]) -> None:
        self._facts, self._ask, self._taken = facts, ask, taken
        self._quotas = [quota for quota in facts.quotas if self._concerns(quota)]
        self._zone = facts.hours.site.zone
        self._kept: dict[tuple[int, int], list[Stretch]] = {}

    def refuses(self, start: int) -> Quota | None:
        """The first quota that refuses a visit at `start`."""
        if not self._quotas:
            return None
        day = on_the_wall(start, self._zone).date()
        return next((one for one in self._quotas if self._is_against(one, start, day)), None)

    def standing(self, quota: Quota, window: Stretch, day: date) -> tuple[int, bool]:
        """How many times a quota keeps in a part of a day, and whether that part is past what the
        quota says already: fuller, or without room for what is kept."""
        own = self._counted(quota, window)
        if quota.kind == "most":
            return 0, len(own) > quota.amount
        if quota.kind == "share":
            opened = sum(end - start for start, end in self._open(day, window))
            return 0, sum(one.ends - one.begins for one in own) * 100 > quota.amount * opened
        free = [
            (start, end) for start, end in self._free_for(quota, window, day)
            if not quota.released(start, day, self._zone, self._ask.at)
        ]  # fmt: skip
        if not free:
            return 0, False
        owed = max(0, quota.amount - len(own))
        room = room_for(free, quota.minutes)
        return min(owed, room), owed > room

    def _concerns(self, quota: Quota) -> bool:
        own = quota.counts(self._ask.reason)
        return not own if quota.kind == "keep" else own

    def _is_against(self, quota: Quota, start: int, day: date) -> bool:
        if not quota.in_force(day):
            return False
        window = quota.window(start, day, self._zone)
        if window is None:
            return False
        match quota.kind:
            case "most":
                return len(self._counted(quota, window)) >= quota.amount
            case "share":
                return self._too_big_a_share(quota, window, day)
        return self._takes_what_is_kept(quota, start, window, day)

    def _counted(self, quota: Quota, window: Stretch) -> list[Busy]:
        """The visits of the quota's reasons that begin in the window."""
        return [
            visit
            for visit in self._facts.busy
            if isinstance(visit, Busy)
            and visit.kind != "block"
            and quota.counts(visit.reason)
            and window[0] <= visit.begins < window[1]
        ]

    def _too_big_a_share(self, quota: Quota, window: Stretch, day: date) -> bool:
        given = sum(visit.ends - visit.begins for visit in self._counted(quota, window))
        opened = sum(end - start for start, end in self._open(day, window))
        return (given + self._ask.minutes) * 100 > quota.amount * opened

    def _takes_what_is_kept(self, quota: Quota, start: int, window: Stretch, day: date) -> bool:
        if quota.released(start, day, self._zone, self._ask.at):
            return False
        owed = quota.amount - len(self._counted(quota, window))
        if owed <= 0:
            return False
        free = self._free_for(quota, window, day)
        now = room_for(free, quota.minutes)
        mine = (start - self._ask.before, start + self._ask.minutes + self._ask.after)
        left = room_for(without(free, [mine]), quota.minutes)
        return left < min(owed, now)

    def _free_for(self, quota: Quota, window: Stretch, day: date) -> list[Stretch]:
        """Where the quota's own visits could still stand in that part of the day."""
        key = (id(quota), window[0])
        if key not in self._kept:
            first = window[0] if self._ask.at is None else max(window[0], self._ask.at)
            opened = self._open(day, (first, window[1]), quota)
            self._kept[key] = without(opened, self._taken)
        return self._kept[key]

    def _open(self, day: date, window: Stretch, quota: Quota | None = None) -> list[Stretch]:
        """The open minutes inside the window; for a quota, only in ranges open to its reasons."""
        hours = self._facts.hours
        if quota is not None and quota.reasons is not None:
            hours = hours.open_to(quota.reasons)
        found = ((max(one.start, window[0]), min(one.end, window[1])) for one in hours.on(day))
        return [(start, end) for start, end in found if start < end]


def without(stretches: Sequence[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """Sorted stretches less sorted `taken`."""
    left: list[Stretch] = []
    cuts = list(taken)
    for start, end in stretches:
        reach = start
        for first, last, *_ in cuts:
            if last <= reach:
                continue
            if first >= end:
                break
            if first > reach:
                left.append((reach, first))
            reach = max(reach, last)
        if reach < end:
            left.append((reach, end))
    return left
