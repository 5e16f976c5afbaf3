"""Time that opens again otherwise than by a visit that goes: it is proposed to those who wait.

An absence taken back, weekly hours added, a day opened for once, a quota ended or released, a room
that serves again. The engine says where the visits that people wait for could begin now, quotas and
rooms respected; these become freed times like any other. Nothing is asked where nobody waits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain

from secretariat.agenda import loading
from secretariat.agenda.free_time import GRID, free_starts
from secretariat.agenda.local_time import minute_of, moment_of
from secretariat.agenda.models import Agenda, FreedTime, OfferedReason, Waiting
from secretariat.core import clock
from secretariat.practice.models import Staff

AHEAD = timedelta(days=28)
"""How far: who waits wants the next weeks, and a year of holidays taken back is not a list."""
MOST = 24
"""How many times one deed may give back to the list, the soonest ones."""
REASONS = 4
"""For how many of the reasons waited for a place is looked for, the most wanted first."""
WHYS = (
    FreedTime.Why.ABSENCE, FreedTime.Why.OPENING, FreedTime.Why.HOURS, FreedTime.Why.QUOTA,
    FreedTime.Why.ROOM,
)  # fmt: skip
Span = tuple[datetime, datetime]
Starts = frozenset[tuple[int, int]]
"""(reason, minute)."""
Wanted = tuple[OfferedReason, int]
"""A reason that an agenda offers, and the minutes of its visit."""


@contextmanager
def changing(
    agendas: Iterable[Agenda], *, why: FreedTime.Why, by: Staff, at: datetime,
    span: Span | None = None, reasons: Collection[int] | None = None,
) -> Iterator[None]:  # fmt: skip
    """The rules change inside: what they begin to let be given is proposed to those who wait, what
    they refuse from now on is not any more. In the transaction of the deed.

    Args:
        agendas: with their sites.
        span: when something may change; the next four weeks without.
        reasons: the only ones for which it may; all without.
    """
    span = (max(span[0], at), min(span[1], at + AHEAD)) if span else (at, at + AHEAD)
    if span[0] >= span[1]:
        yield
        return
    before = [
        (one, now_free(agenda=one, span=span, at=at, reasons=reasons))
        for one in agendas
    ]  # fmt: skip
    yield
    for agenda, free in before:
        if free:  # for any reason waited for: a closed room does not matter to all
            still = now_free(agenda=agenda, span=span, at=at)
            _shut(agenda, {minute for _, minute in free} - {minute for _, minute in still}, at)
        opened(
            agenda=agenda, span=span, why=why, by=by, at=at, but_not=free, reasons=reasons
        )  # fmt: skip


def opened(
    *, agenda: Agenda, span: Span, why: FreedTime.Why, by: Staff, at: datetime,
    but_not: Starts = frozenset(), reasons: Collection[int] | None = None,
) -> list[FreedTime]:  # fmt: skip
    """Write what may be proposed of a time that has just opened; in the transaction of the deed,
    before its line of the day book.

    Args:
        agenda: with its site.
        span: `[from, to)`, whatever is closed or taken in it.
        but_not: what was free before (`now_free`): nothing opened it.
        reasons: the only ones looked at; all without.

    Returns:
        The freed times, soonest first.
    """
    first, last = max(span[0], at), min(span[1], at + AHEAD)
    if first >= last:
        return []
    wanted = _wanted(agenda, reasons)
    if not wanted:
        return []
    known = FreedTime.objects.filter(
        agenda=agenda, closed_at=None, starts_at__lt=last, ends_at__gt=first
    )
    taken = [
        (minute_of(start), minute_of(end))
        for start, end in known.values_list("starts_at", "ends_at")
    ]
    starts = (
        (start, start + one[1])
        for one in wanted
        for start in _starts(agenda, one, (first, last), at)
        if (one[0].reason_id, start) not in but_not
    )
    freed = [
        FreedTime(
            practice_id=agenda.practice_id, agenda=agenda, starts_at=moment_of(start),
            ends_at=moment_of(end), why=why, freed_at=at, freed_by=by,
        )
        for start, end in _apart(starts, taken)
    ]  # fmt: skip
    return FreedTime.objects.bulk_create(freed, ignore_conflicts=True)


def now_free(
    *, agenda: Agenda, span: Span, at: datetime, reasons: Collection[int] | None = None
) -> Starts:
    """The minutes at which the visits waited for could begin, asked at `at`: what a rule that is
    about to change lets begin already. On any line of the grid: hours that grow move the count."""
    span = (max(span[0], at), span[1])
    return frozenset(
        (one[0].reason_id, start)
        for one in _wanted(agenda, reasons)
        for start in _starts(agenda, one, span, at, GRID)
    )


def closed(*, agenda: Agenda, span: Span, at: datetime) -> None:
    """That time closes again: what was to be proposed of it, and was to nobody yet, is not."""
    FreedTime.objects.filter(
        agenda=agenda, state=FreedTime.State.OPEN, why__in=WHYS,
        starts_at__gte=span[0], starts_at__lt=span[1],
    ).update(state=FreedTime.State.CLOSED, closed_at=at, passes_on=False)  # fmt: skip


def _shut(agenda: Agenda, minutes: Collection[int], at: datetime) -> None:
    """Nothing can begin there any more: what was to be proposed to nobody yet, is not."""
    open_ones = FreedTime.objects.filter(agenda=agenda, state=FreedTime.State.OPEN, why__in=WHYS)
    gone = [
        pk for pk, start in open_ones.values_list("pk", "starts_at") if minute_of(start) in minutes
    ]
    open_ones.filter(pk__in=gone).update(
        state=FreedTime.State.CLOSED, closed_at=at, passes_on=False
    )


def _wanted(agenda: Agenda, among: Collection[int] | None = None) -> list[Wanted]:
    """The reasons of that agenda for which someone waits, with the minutes of a visit."""
    counts: dict[int, int] = {}
    waiting = Waiting.objects.filter(practice_id=agenda.practice_id, ended_at=None)
    if among is not None:
        waiting = waiting.filter(reason__in=among)
    for reason in waiting.values_list("reason_id", flat=True):
        counts[reason] = counts.get(reason, 0) + 1
    offered = OfferedReason.objects.filter(
        agenda=agenda, reason__in=counts, reason__active=True
    ).select_related("reason")
    most = sorted(offered, key=lambda one: (-counts[one.reason_id], one.pk))[:REASONS]
    return [(one, one.minutes or one.reason.minutes) for one in most]


def _apart(
    wanted: Iterable[tuple[int, int]], taken: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The first of these `(start, end)` that meet neither each other nor what is taken."""
    found: list[tuple[int, int]] = []
    for start, end in wanted:
        if all(end <= first or last <= start for first, last in (*taken, *found)):
            found.append((start, end))
            if len(found) == MOST:
                break
    return sorted(found)


def _starts(
    agenda: Agenda, wanted: Wanted, span: Span, at: datetime, step: int | None = None
) -> Iterator[int]:
    offered, minutes = wanted
    zone = agenda.site.time_zone
    day, last = clock.local_date(span[0], zone), clock.local_date(span[1], zone)
    days = (last - day).days + 1
    whose = loading.Whose(at, 0, offered.reason_id)
    [facts] = loading.facts([agenda], day, days, whose=whose)
    ask = loading.ask(offered.reason, minutes, at=at)
    first, until = minute_of(span[0], up=True), minute_of(span[1])
    found = free_starts(facts, day, days, ask)
    if step:  # besides its own: a length that is no multiple of five
        found = chain(found, free_starts(facts, day, days, ask, step=step))
    for start in found:
        if first <= start < until:
            yield start
