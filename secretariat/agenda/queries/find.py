"""Free times to offer: several agendas, several days, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from secretariat.agenda import loading
from secretariat.agenda.facts import Ask
from secretariat.agenda.free_time import free_starts, nearest
from secretariat.agenda.local_time import minute_of, moment_of, on_the_wall
from secretariat.agenda.models import Agenda
from secretariat.agenda.proposals import DayOfOffers, PartOfDay, by_day
from secretariat.agenda.refused_time import BY_VISITS, why_not, without_visits
from secretariat.agenda.refused_words import sentence
from secretariat.agenda.wishes import Wish, facts_around
from secretariat.core import clock

HORIZON_DAYS = 60
"""How far one search looks; « voir plus loin » looks as far again."""
LOOKS = (7, 28, HORIZON_DAYS)
"""Visits are read for the first week, and further only when it has not enough room."""
DAYS_SHOWN = 5


@dataclass(frozen=True)
class Proposal:
    """A time that can be given."""

    agenda: Agenda
    local: datetime
    """When, on the clock of the site."""
    minutes: int

    @property
    def clock(self) -> str:
        """« 08:15 »."""
        return f"{self.local:%H:%M}"

    @property
    def typed(self) -> str:
        """As the booking sheet's address has it."""
        return f"{self.local:%Y-%m-%dT%H:%M}"

    @property
    def exact(self) -> str:
        """The moment with its offset, for a button."""
        return self.local.isoformat()


@dataclass(frozen=True)
class Proposals:
    """Free times of one local day."""

    day: date
    times: list[Proposal]
    more: int


@dataclass(frozen=True)
class WhyNot:
    """Why a time cannot be given as asked, and what can be done about it."""

    sentence: str
    nearest: list[datetime]
    may_squeeze: bool
    """Another visit holds it, and nothing else stands in the way."""
    may_force: bool
    """A rule closes it."""


def free_times(
    agendas: Sequence[Agenda],
    asks: Mapping[int, Ask],
    first_day: date,
    part: PartOfDay,
    whose: loading.Whose,
) -> list[Proposals]:
    """The first days with free times: a fixed number of statements for each look ahead.

    Args:
        agendas: where to look, with their sites; those without a visit to place are left out.
        asks: the visit wanted, by agenda.
        whose: who asks, for which reason; nothing earlier than its `at` is offered.
    """
    known = {agenda.pk: agenda for agenda in agendas if agenda.pk in asks}
    where = list(known.values())
    hours = loading.facts(where, first_day, HORIZON_DAYS, visits=False, whose=whose)
    soon = minute_of(whose.at, up=True)
    found: list[DayOfOffers] = []
    since = 0
    for until in LOOKS:
        looked = first_day + timedelta(days=since)
        facts = loading.with_visits(hours, where, looked, until - since)
        found += by_day(
            facts, looked, until - since, asks, part=part, not_before=soon,
            days=DAYS_SHOWN - len(found),
        )  # fmt: skip
        since = until
        if len(found) == DAYS_SHOWN:
            break
    lengths = {pk: ask.minutes for pk, ask in asks.items()}
    return [_proposals(day, known, lengths) for day in found]


def _proposals(day: DayOfOffers, known: dict[int, Agenda], lengths: dict[int, int]) -> Proposals:
    times = [
        Proposal(agenda, on_the_wall(start, agenda.site.time_zone), lengths[pk])
        for start, pk in day.offers
        for agenda in (known[pk],)
    ]
    return Proposals(day.day, times, day.more)


def reason_of_refusal(wish: Wish) -> WhyNot | None:
    """« Pourquoi pas ? »: the rule that refuses a time and its author; None when it is free."""
    facts = facts_around(wish, names=True)
    refused = why_not(facts, wish.start, wish.ask)
    if refused is None:
        return None
    beside = why_not(without_visits(facts), wish.start, wish.ask)
    day = clock.local_date(wish.starts_at, facts.hours.site.zone)
    free = list(free_starts(facts, day, 1, wish.ask, not_before=minute_of(wish.at, up=True)))
    instead = [moment_of(one) for one in nearest(free, wish.start)]
    by_visits = refused.first_cause in BY_VISITS
    return WhyNot(
        sentence(refused), instead,
        may_squeeze=by_visits and beside is None, may_force=not by_visits or beside is not None,
    )  # fmt: skip


def last_day_searched(first_day: date) -> date:
    """The last local day that a search from `first_day` has looked at."""
    return first_day + timedelta(days=HORIZON_DAYS - 1)
