"""The month picker: how full each day is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum
from django.db.models.functions import TruncDate

from secretariat.agenda import loading
from secretariat.agenda.day_shape import closed_times, open_minutes
from secretariat.agenda.facts import AgendaFacts
from secretariat.agenda.local_time import day_bounds, moment_of
from secretariat.agenda.models import Agenda, Appointment

WEEKS = 6
_HALF, _FULL = 50, 85


@dataclass(frozen=True)
class DayLoad:
    """One day of the picker."""

    day: date
    visits: int
    by_agenda: list[tuple[str, int]]
    """Name of each agenda that has visits that day, and how many."""
    percent: int | None
    """Share of the open minutes that are taken; None when nothing opens."""
    closed: str
    """Why nothing opens: « Férié : Noël », « Fermé », or nothing."""
    outside: bool
    """Belongs to the month before or after."""

    @property
    def level(self) -> int:
        """0 empty, 1 room, 2 filling, 3 nearly full."""
        if not self.visits:
            return 0
        if self.percent is None or self.percent >= _FULL:
            return 3
        return 2 if self.percent >= _HALF else 1


def weeks(agendas: Sequence[Agenda], month: date, zone: str) -> list[list[DayLoad]]:
    """Six weeks around the month of `month`, Monday first: four statements.

    Args:
        agendas: those counted, with their sites.
        zone: in which a day begins and ends.
    """
    first = month.replace(day=1)
    first -= timedelta(days=first.weekday())
    days = WEEKS * 7
    counts, taken = _counts(agendas, first, days, zone)
    facts = loading.facts(agendas, first, days, visits=False)
    names = {agenda.pk: agenda.name for agenda in agendas}
    loads = []
    for n in range(days):
        day = first + timedelta(days=n)
        opened = sum(open_minutes(one, day) for one in facts)
        visits = counts.get(day, {})
        loads.append(
            DayLoad(
                day=day,
                visits=sum(visits.values()),
                by_agenda=[(names[pk], visits[pk]) for pk in names if pk in visits],
                percent=min(100, round(100 * taken[day] / opened)) if opened else None,
                closed="" if opened else _why_closed(facts, day),
                outside=day.month != month.month,
            )
        )
    return [loads[start : start + 7] for start in range(0, days, 7)]


Counts = dict[date, dict[int, int]]


def _counts(
    agendas: Sequence[Agenda], first: date, days: int, zone: str
) -> tuple[Counts, dict[date, int]]:
    """Visits by day and agenda, and minutes taken by day, in one statement."""
    counts: Counts = defaultdict(dict)
    taken: dict[date, int] = defaultdict(int)
    if not agendas:
        return counts, taken
    since, _ = day_bounds(first, zone)
    until, _ = day_bounds(first + timedelta(days=days), zone)
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    rows = (
        Appointment.objects.filter(
            practice_id=agendas[0].practice_id,
            agenda_id__in=[agenda.pk for agenda in agendas],
            starts_at__gte=moment_of(since),
            starts_at__lt=moment_of(until),
            cancelled_at__isnull=True,
        )
        .values_list(TruncDate("starts_at", tzinfo=ZoneInfo(zone)), "agenda_id")
        .annotate(visits=Count("pk"), length=Sum(length))
        .order_by()
    )
    for day, agenda, visits, total in rows:
        counts[day][agenda] = visits
        taken[day] += round(total.total_seconds() / 60)
    return counts, taken


def _why_closed(facts: Sequence[AgendaFacts], day: date) -> str:
    words = [one.words for agenda in facts for one in closed_times(agenda, day)]
    return max(words, key=len, default="Fermé")
