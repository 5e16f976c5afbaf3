"""Free times to offer: several agendas, several days, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from secretariat.agenda import loading
from secretariat.agenda.facts import Taken
from secretariat.agenda.free_time import free_starts, nearest
from secretariat.agenda.local_time import minute_of, moment_of, on_the_wall
from secretariat.agenda.models import Agenda
from secretariat.agenda.proposals import DayOfOffers, PartOfDay, by_day
from secretariat.agenda.refused_time import Cause, why_not
from secretariat.agenda.refused_words import sentence
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
    lengths: dict[int, int],
    first_day: date,
    part: PartOfDay,
    at: datetime,
) -> list[Proposals]:
    """The first days with free times: four statements when the week has room, six at the most.

    Args:
        agendas: where to look, with their sites; those without a length are left out.
        lengths: minutes by agenda.
        at: now; nothing earlier is offered.
    """
    known = {agenda.pk: agenda for agenda in agendas if agenda.pk in lengths}
    where = list(known.values())
    hours = loading.facts(where, first_day, HORIZON_DAYS, visits=False)
    soon = minute_of(at, up=True)
    found: list[DayOfOffers] = []
    since = 0
    for until in LOOKS:
        looked = first_day + timedelta(days=since)
        facts = loading.with_visits(hours, where, looked, until - since)
        found += by_day(
            facts, looked, until - since, lengths, part=part, not_before=soon,
            days=DAYS_SHOWN - len(found),
        )  # fmt: skip
        since = until
        if len(found) == DAYS_SHOWN:
            break
    return [_proposals(day, known, lengths) for day in found]


def _proposals(day: DayOfOffers, known: dict[int, Agenda], lengths: dict[int, int]) -> Proposals:
    times = [
        Proposal(agenda, on_the_wall(start, agenda.site.time_zone), lengths[pk])
        for start, pk in day.offers
        for agenda in (known[pk],)
    ]
    return Proposals(day.day, times, day.more)


def reason_of_refusal(
    agenda: Agenda, starts_at: datetime, minutes: int, at: datetime, *, ignoring: int | None = None
) -> WhyNot | None:
    """« Pourquoi pas ? »: the rule that refuses a time and its author; None when it is free.

    Args:
        at: now; no earlier time is proposed instead.
        ignoring: the visit being moved, which does not hinder itself.
    """
    day = clock.local_date(starts_at, agenda.site.time_zone)
    [facts] = loading.facts([agenda], day, 1)
    facts = replace(facts, busy=[one for one in facts.busy if not _is(one, ignoring)])
    start = minute_of(starts_at)
    refused = why_not(facts, start, minutes)
    if refused is None:
        return None
    ruled = why_not(replace(facts, busy=()), start, minutes)
    taken = Cause.TAKEN in {refused.cause, refused.then.cause if refused.then else None}
    soon = minute_of(at, up=True)
    free = list(free_starts(facts, day, 1, minutes, not_before=soon))
    instead = [moment_of(one) for one in nearest(free, start)]
    return WhyNot(sentence(refused), instead, taken and ruled is None, ruled is not None)


def _is(taken: Taken, pk: int | None) -> bool:
    return pk is not None and len(taken) > 2 and taken[2] == pk


def last_day_searched(first_day: date) -> date:
    """The last local day that a search from `first_day` has looked at."""
    return first_day + timedelta(days=HORIZON_DAYS - 1)
