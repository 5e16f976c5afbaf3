"""Free times to offer: several agendas, several days, a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from secretariat.agenda import loading
from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import Offer, free_starts, free_stretches, nearest
from secretariat.agenda.local_time import minute_of, moment_of, on_the_wall
from secretariat.agenda.models import Agenda
from secretariat.agenda.proposals import DayOfOffers, Suits, by_day
from secretariat.agenda.ranking import Measure, Ranked, Weights, best_first, ranked, spread
from secretariat.agenda.refused_time import BY_VISITS, why_not, without_visits
from secretariat.agenda.refused_words import day_words, sentence
from secretariat.agenda.wishes import Wish, facts_around
from secretariat.core import clock
from secretariat.core.prepared import fetch

HORIZON_DAYS = 60
"""How far one search looks; « voir plus loin » looks as far again."""
LOOKS = (28, HORIZON_DAYS)
"""Visits are read for the first open days, and further only when these have not enough room."""
DAYS_SHOWN = 5
_WEIGHTS = f"SELECT {', '.join(Weights._fields)} FROM agenda_ranking WHERE practice_id = %s"  # noqa: S608


class Proposal(NamedTuple):
    """One of the best times, as texts ready to print."""

    value: str
    """As the booking form takes it."""
    typed: str
    """As the booking sheet's address has it."""
    number: str
    """1 to 3, the key that chooses it."""
    day: str
    """« lundi 23 novembre »."""
    clock: str
    who: str
    agenda_id: str
    why: str
    """What speaks for it."""
    look: bool = False
    """It is the first."""


class OfferLine(NamedTuple):
    """A time among those of a day, as texts ready to print."""

    value: str
    """As the booking form takes it."""
    typed: str
    """As the booking sheet's address has it."""
    clock: str
    who: str
    agenda_id: str
    look: str = ""
    """All are alike."""


@dataclass(frozen=True)
class Proposals:
    """Free times of one local day."""

    day: date
    times: list[OfferLine]
    more: int

    @property
    def title(self) -> str:
        """« Lundi 23 novembre »."""
        return day_words(self.day).capitalize()

    @property
    def others(self) -> str:
        """« et 12 autres »."""
        return f"et {self.more} autre{'s' if self.more > 1 else ''}"


@dataclass(frozen=True)
class Found:
    """What a search answers."""

    best: list[Proposal] = field(default_factory=list)
    """Three to say first, on different days."""
    days: list[Proposals] = field(default_factory=list)


@dataclass(frozen=True)
class Search:
    """What is looked for.

    Attributes:
        agendas: where to look, with their sites; those without a visit to place are left out.
        asks: the visit wanted, by agenda.
        first_day: first local day.
        suits: when the patient can come.
        usual: the patient's usual practitioner.
        within_days: what the practice wants to hold for this reason.
    """

    agendas: Sequence[Agenda]
    asks: Mapping[int, Ask]
    first_day: date
    suits: Suits
    usual: int | None = None
    within_days: int | None = None
    weights: Weights = field(default_factory=Weights)
    shortest: int = 10


@dataclass(frozen=True)
class WhyNot:
    """Why a time cannot be given as asked, and what can be done about it."""

    sentence: str
    nearest: list[datetime]
    may_squeeze: bool
    """Another visit holds it, and nothing else stands in the way."""
    may_force: bool
    """A rule closes it."""


def weights(practice_id: int) -> Weights:
    """What weighs in this practice when times are proposed."""
    rows = fetch(_WEIGHTS, [practice_id])
    return Weights(*rows[0]) if rows else Weights()


def free_times(search: Search, whose: loading.Whose) -> Found:
    """The first days with free times and the best three: a fixed number of statements a look.

    Args:
        whose: who asks, for which reason; nothing earlier than its `at` is offered.
    """
    known = {agenda.pk: agenda for agenda in search.agendas if agenda.pk in search.asks}
    where = list(known.values())
    hours = loading.facts(where, search.first_day, HORIZON_DAYS, visits=False, whose=whose)
    soon = minute_of(whose.at, up=True)
    found: list[DayOfOffers] = []
    compared: list[Ranked] = []
    since = 0
    for until in (_week(hours, search), *LOOKS):
        if until <= since:
            continue
        looked, count = search.first_day + timedelta(days=since), until - since
        facts = loading.with_visits(hours, where, looked, count)
        free = {
            one.agenda_id: free_stretches(one, looked, count, search.asks[one.agenda_id])
            for one in facts
        }
        days = by_day(
            facts, looked, count, search.asks, suits=search.suits, not_before=soon,
            days=DAYS_SHOWN - len(found), stretches=free,
        )  # fmt: skip
        measure = Measure(
            {one.agenda_id: one for one in facts}, search.asks, free,
            frozenset(pk for pk, one in known.items() if one.practitioner_id == search.usual),
            search.shortest, soon,
        )  # fmt: skip
        compared += ranked((one for day in days for one in day.compared), measure, search.weights)
        found += days
        since = until
        if len(found) == DAYS_SHOWN:
            break
    zones = {pk: agenda.site.time_zone for pk, agenda in known.items()}
    best = spread(best_first(compared), zones)
    told = Telling(found, search.within_days, whose.at)
    return Found(
        [_proposal(n, one, known, told.why(one, zones)) for n, one in enumerate(best, 1)],
        [Proposals(day.day, [_line(one, known) for one in day.offers], day.more) for day in found],
    )


def _week(hours: Sequence[AgendaFacts], search: Search) -> int:
    """How many days hold as many open ones as are shown: no more visits are read at first."""
    opened = 0
    served = [one.hours.serving(search.asks[one.agenda_id].wanted) for one in hours]
    for n in range(LOOKS[0]):
        day = search.first_day + timedelta(days=n)
        opened += search.suits.on(day) and any(one.on(day) for one in served)
        if opened == DAYS_SHOWN:
            return n + 1
    return LOOKS[0]


@dataclass(frozen=True)
class Telling:
    """What is known of all that was found, to say what is remarkable in one of them."""

    days: list[DayOfOffers]
    within_days: int | None
    at: datetime

    def why(self, one: Ranked, zones: Mapping[int, str]) -> tuple[str, ...]:
        """« le plus tôt · médecin habituel · sans trou »."""
        wall = on_the_wall(one.offer.start, zones[one.offer.agenda_id])
        today = clock.local_date(self.at, zones[one.offer.agenda_id])
        late = self.within_days is not None and (wall.date() - today).days > self.within_days
        said = (
            (late, f"au-delà des {self.within_days} jours voulus"),
            (self._alone(one), self._until_next()),
            (one.offer == self.days[0].offers[0], "le plus tôt"),
            (one.usual, "médecin habituel"),
            (one.compact, "ne laisse pas de trou"),
            (one.calm, "journée calme"),
        )
        return tuple(words for holds, words in said if holds)

    def _alone(self, one: Ranked) -> bool:
        """Whether nothing else is free before some later day."""
        first = self.days[0]
        alone = len(first.offers) + first.more == 1 and one.offer == first.offers[0]
        return alone and len(self.days) > 1

    def _until_next(self) -> str:
        return f"seul avant {day_words(self.days[1].day)}" if len(self.days) > 1 else ""


def _proposal(
    number: int, one: Ranked, known: Mapping[int, Agenda], why: Iterable[str]
) -> Proposal:
    value, typed, hour, who, agenda_id, _ = _line(one.offer, known)
    day = day_words(date.fromisoformat(typed[:10]))
    return Proposal(
        value, typed, str(number), day, hour, who, agenda_id, " · ".join(why), look=number == 1
    )


def _line(offer: Offer, known: Mapping[int, Agenda]) -> OfferLine:
    agenda = known[offer.agenda_id]
    text = on_the_wall(offer.start, agenda.site.time_zone).isoformat()
    return OfferLine(f"{agenda.pk}@{text}", text[:16], text[11:16], agenda.name, str(agenda.pk))


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
