"""The quotas of the days looked at, as bounds on where displaced visits may stand. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from secretariat.agenda.facts import AgendaFacts, Busy
from secretariat.agenda.free_time import own_time
from secretariat.agenda.local_time import on_the_wall
from secretariat.agenda.quotas import Quota
from secretariat.agenda.rationing import without
from secretariat.agenda.replanning.problem import Displaced, Kept, Limit, Place

if TYPE_CHECKING:
    from secretariat.agenda.replanning.asked import Known, Moving

HOUR = 60
Window = tuple[int, int]
_Weighed = tuple[Quota, date, AgendaFacts, dict[tuple[int, Place], int]]


def limits(
    moving: Sequence[Moving], visits: Sequence[Displaced], known: Known
) -> list[Limit]:  # fmt: skip
    """« Au plus n », « au plus n % » : what these visits may still take of each part of a day."""
    weights: dict[tuple[int, Window], _Weighed] = {}
    for one, visit, place, facts in _each(moving, visits, known):
        for quota, day, window in _concerned(facts, place.start, kinds=("most", "share")):
            stays = place[:2] == (one.start, one.agenda_id)  # It is counted already.
            if quota.counts(one.ask.reason) and not stays:
                amount = one.ask.minutes if quota.kind == "share" else 1
                new: _Weighed = (quota, day, facts, {})
                terms = weights.setdefault((id(quota), window), new)[3]
                terms[visit.id, place._replace(rooms=())] = amount
    return [
        Limit(_left(quota, day, window, facts), terms, _key(quota))
        for (_, window), (quota, day, facts, terms) in weights.items()
    ]


def kept_times(
    moving: Sequence[Moving], visits: Sequence[Displaced], known: Known
) -> list[Kept]:  # fmt: skip
    """Times kept free in each part of the days where a visit of another reason could stand."""
    found: dict[tuple[int, Window], Kept] = {}
    reasons = {one.id: one.ask.reason for one in moving}
    for one, _, place, facts in _each(moving, visits, known):
        for quota, day, window in _concerned(facts, place.start, kinds=("keep",)):
            key = (id(quota), window)
            if key in found or quota.counts(one.ask.reason):
                continue
            kept = _kept(quota, day, window, facts, known.now)
            own = frozenset(pk for pk, reason in reasons.items() if quota.counts(reason))
            if kept is not None:
                found[key] = Kept(
                    facts.agenda_id, window, kept[0], quota.minutes, kept[1], own,
                    kept[2], _key(quota),
                )  # fmt: skip
    return list(found.values())


def _each(
    moving: Sequence[Moving], visits: Sequence[Displaced], known: Known
) -> Iterator[tuple[Moving, Displaced, Place, AgendaFacts]]:
    for one, visit in zip(moving, visits, strict=True):
        for place in visit.places:
            facts = known.facts.get((place.agenda_id, one.ask.reason))
            if facts is not None and facts.quotas:
                yield one, visit, place, facts


def _concerned(
    facts: AgendaFacts, start: int, kinds: tuple[str, ...]
) -> Iterator[tuple[Quota, date, Window]]:
    zone = facts.hours.site.zone
    day = on_the_wall(start, zone).date()
    for quota in facts.quotas:
        if quota.kind in kinds and quota.in_force(day):
            window = quota.window(start, day, zone)
            if window is not None:
                yield quota, day, window


def _counted(quota: Quota, facts: AgendaFacts, window: Window) -> list[Busy]:
    return [
        visit for visit in facts.busy
        if isinstance(visit, Busy) and visit.kind != "block" and quota.counts(visit.reason)
        and window[0] <= visit.begins < window[1]
    ]  # fmt: skip


def _left(quota: Quota, day: date, window: Window, facts: AgendaFacts) -> int:
    """How many visits, or minutes, may still be given in that part of the day."""
    given = _counted(quota, facts, window)
    if quota.kind == "most":
        return quota.amount - len(given)
    opened = sum(end - start for start, end in _open(facts, day, window, None))
    taken = sum(visit.ends - visit.begins for visit in given)
    return quota.amount * opened // 100 - taken


def _kept(
    quota: Quota, day: date, window: Window, facts: AgendaFacts, now: int
) -> tuple[int, list[Window], int] | None:
    """How many are still owed, where, and before which minute they are released."""
    zone = facts.hours.site.zone
    owed = quota.amount - len(_counted(quota, facts, window))
    if owed <= 0 or (quota.released(window[0], day, zone, now) and quota.release == "day"):
        return None
    opened = _open(facts, day, (max(window[0], now), window[1]), quota.reasons)
    released = now + quota.release_hours * HOUR + 1 if quota.release == "notice" else 0
    return owed, without(opened, own_time(facts)), released


def _open(
    facts: AgendaFacts, day: date, window: Window, reasons: frozenset[int] | None
) -> list[Window]:
    hours = facts.hours if reasons is None else facts.hours.open_to(reasons)
    found = ((max(one.start, window[0]), min(one.end, window[1])) for one in hours.on(day))
    return [(start, end) for start, end in found if start < end]


def _key(quota: Quota) -> int:
    """A locum's bound is a quota too, numbered on its own."""
    return quota.id if quota.reasons is not None else -quota.id
