"""Time that opens again otherwise than by a visit that goes: it is proposed to those who wait.

An absence taken back, a day opened for once, a quota ended or released. The engine says where the
visits that people wait for could begin now, quotas and rooms respected; these become freed times
like any other. Nothing is asked where nobody waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from secretariat.agenda import loading
from secretariat.agenda.free_time import free_starts
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
WHYS = (FreedTime.Why.ABSENCE, FreedTime.Why.OPENING, FreedTime.Why.QUOTA)
Span = tuple[datetime, datetime]
Starts = frozenset[tuple[int, int]]
"""(reason, minute)."""


def opened(
    *, agenda: Agenda, span: Span, why: FreedTime.Why, by: Staff, at: datetime,
    but_not: Starts = frozenset(),
) -> list[FreedTime]:  # fmt: skip
    """Write what may be proposed of a time that has just opened; in the transaction of the deed,
    before its line of the day book.

    Args:
        agenda: with its site.
        span: `[from, to)`, whatever is closed or taken in it.
        but_not: what was free before (`now_free`): nothing opened it.

    Returns:
        The freed times, soonest first.
    """
    first, last = max(span[0], at), min(span[1], at + AHEAD)
    if first >= last:
        return []
    reasons = _wanted(agenda)
    if not reasons:
        return []
    known = FreedTime.objects.filter(
        agenda=agenda, closed_at=None, starts_at__lt=last, ends_at__gt=first
    )
    taken = [
        (minute_of(start), minute_of(end))
        for start, end in known.values_list("starts_at", "ends_at")
    ]
    wanted = (
        (start, start + minutes)
        for offered, minutes in reasons
        for start in _starts(agenda, offered, minutes, (first, last), at)
        if (offered.reason_id, start) not in but_not
    )
    freed = [
        FreedTime(
            practice_id=agenda.practice_id, agenda=agenda, starts_at=moment_of(start),
            ends_at=moment_of(end), why=why, freed_at=at, freed_by=by,
        )
        for start, end in _apart(wanted, taken)
    ]  # fmt: skip
    return FreedTime.objects.bulk_create(freed, ignore_conflicts=True)


def now_free(*, agenda: Agenda, span: Span, at: datetime) -> Starts:
    """The minutes at which the visits waited for could begin, asked at `at`: what a rule that is
    about to change lets begin already."""
    span = (max(span[0], at), span[1])
    return frozenset(
        (offered.reason_id, start)
        for offered, minutes in _wanted(agenda)
        for start in _starts(agenda, offered, minutes, span, at)
    )


def closed(*, agenda: Agenda, span: Span, at: datetime) -> None:
    """That time closes again: what was to be proposed of it, and was to nobody yet, is not."""
    FreedTime.objects.filter(
        agenda=agenda, state=FreedTime.State.OPEN, why__in=WHYS,
        starts_at__gte=span[0], starts_at__lt=span[1],
    ).update(state=FreedTime.State.CLOSED, closed_at=at, passes_on=False)  # fmt: skip


def _wanted(agenda: Agenda) -> list[tuple[OfferedReason, int]]:
    """The reasons of that agenda for which someone waits, with the minutes of a visit."""
    counts: dict[int, int] = {}
    waiting = Waiting.objects.filter(practice_id=agenda.practice_id, ended_at=None)
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
    agenda: Agenda, offered: OfferedReason, minutes: int, span: Span, at: datetime
) -> Iterator[int]:
    zone = agenda.site.time_zone
    day, last = clock.local_date(span[0], zone), clock.local_date(span[1], zone)
    days = (last - day).days + 1
    whose = loading.Whose(at, 0, offered.reason_id)
    [facts] = loading.facts([agenda], day, days, whose=whose)
    ask = loading.ask(offered.reason, minutes, at=at)
    first, until = minute_of(span[0], up=True), minute_of(span[1])
    for start in free_starts(facts, day, days, ask):
        if first <= start < until:
            yield start
