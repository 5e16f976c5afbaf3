"""What a screen proposes to give together: chains of visits, series; and those of one group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db.models import QuerySet

from secretariat.agenda import loading
from secretariat.agenda.chaining import Candidate, Chain, Step, apart, chains, on_day
from secretariat.agenda.facts import AgendaFacts, Ask
from secretariat.agenda.free_time import Offer
from secretariat.agenda.local_time import minute_of, on_the_wall
from secretariat.agenda.models import Agenda, Appointment, Protocol, VisitGroup, VisitReason
from secretariat.agenda.proposals import PartOfDay
from secretariat.agenda.queries.find import HORIZON_DAYS, LOOKS
from secretariat.agenda.queries.protocols import protocols_of
from secretariat.agenda.refused_words import day_words, sentence
from secretariat.agenda.series import Sitting, sittings
from secretariat.patients.models import Patient
from secretariat.patients.naming import shown_given_name

DAYS_SHOWN, CHAINS_A_DAY, MINUTES_APART = 4, 4, 60
"""A few ways a day, on a few days: what one can say on the telephone."""


@dataclass(frozen=True)
class Visit:
    """One of the visits wanted: whose, for what, where it may stand."""

    patient: Patient
    reason: VisitReason
    agendas: Sequence[Agenda]
    lengths: Mapping[int, int]
    """Minutes by agenda, where the reason is offered."""
    wait_from: int = 0
    wait_to: int = 0
    """Minutes between the end of the visit before it and its own start."""

    def asks(self, at: datetime) -> dict[int, Ask]:
        """The visit as it is asked for in each agenda."""
        wheelchair = self.patient.needs_wheelchair
        return {
            agenda.pk: loading.ask(
                self.reason, self.lengths[agenda.pk], at=at, wheelchair=wheelchair
            )
            for agenda in self.agendas
            if agenda.pk in self.lengths
        }


@dataclass(frozen=True)
class Placed:
    """A visit in its place, as it is shown and as its button sends it back."""

    visit: Visit
    agenda: Agenda
    local: datetime
    minutes: int

    @property
    def value(self) -> str:
        """Read back by `together_forms.VisitsField`."""
        keys = (self.agenda.pk, self.visit.reason.pk, self.visit.patient.pk, self.minutes)
        return f"{'.'.join(map(str, keys))}@{self.local.isoformat()}"

    @property
    def ends(self) -> datetime:
        """When it ends, on the clock of the site."""
        return self.local + timedelta(minutes=self.minutes)

    @property
    def clock(self) -> str:
        """« 09:15 »."""
        return f"{self.local:%H:%M}"

    @property
    def who(self) -> str:
        """The given name, by which a family is told apart."""
        return shown_given_name(self.visit.patient.shown_given_name)

    def words(self, beside: date) -> str:
        """« 09:15, Dr Moreau »; on another day than `beside`, which one."""
        on = self.local.date()
        day = "" if on == beside else f"{day_words(on)} à "
        return f"{day}{self.local:%H:%M}, {self.agenda.name}"


@dataclass(frozen=True)
class Way:
    """One way to chain the visits."""

    places: list[Placed]

    @property
    def value(self) -> str:
        """All its visits, for its button."""
        return "|".join(one.value for one in self.places)

    @property
    def waits(self) -> int:
        """Minutes spent between the visits."""
        there = self.places[-1].ends - self.places[0].local
        return round(there.total_seconds() / 60) - sum(one.minutes for one in self.places)


@dataclass(frozen=True)
class DayOfWays:
    """The ways of one day, soonest first."""

    day: date
    ways: list[Way]


@dataclass(frozen=True)
class Row:
    """One date of a series: what is proposed, what else could be, and why not as wanted."""

    wanted: date
    proposed: Placed | None
    others: list[Placed] = field(default_factory=list)
    """In order of time."""
    why: str = ""
    moved: bool = False

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What else could be given: value and words."""
        return [(one.value, one.words(self.wanted)) for one in self.others]

    @property
    def said(self) -> str:
        """What is proposed, in words."""
        return self.proposed.words(self.wanted) if self.proposed else ""


def ways(
    visits: Sequence[Visit],
    first_day: date,
    whose: loading.Whose,
    *,
    part: PartOfDay = PartOfDay.ANY,
    together: bool = False,
) -> list[DayOfWays]:
    """The first days with ways to chain these visits: as many statements as there are reasons, a
    fixed number of times.

    Args:
        visits: in order; at least one, each with an agenda at least.
        whose: who asks, when.
        part: when the first visit may begin.
        together: one agenda for all is worth some waiting.
    """
    where = {agenda.pk: agenda for one in visits for agenda in one.agendas}
    search = _Chaining(visits, first_day, whose)
    found: list[DayOfWays] = []
    for day, steps in search.days():
        every = chains(
            steps, day, roads=search.roads, together=together,
            not_before=minute_of(whose.at, up=True),
        )  # fmt: skip
        shown = list(islice(apart(_in_part(every, where, part), MINUTES_APART), CHAINS_A_DAY))
        if shown:
            found.append(DayOfWays(day, [_way(chain, visits, where) for chain in shown]))
        if len(found) == DAYS_SHOWN:
            break
    return found


class _Chaining:
    """The steps day after day: visits are read a look ahead at a time."""

    def __init__(self, visits: Sequence[Visit], first_day: date, whose: loading.Whose) -> None:
        self._visits, self._first_day, self._whose = visits, first_day, whose
        self._asks = [one.asks(whose.at) for one in visits]
        self._agendas: dict[int, list[Agenda]] = {}
        for one in visits:
            known = {agenda.pk: agenda for agenda in self._agendas.get(one.reason.pk, [])}
            known |= {agenda.pk: agenda for agenda in one.agendas}
            self._agendas[one.reason.pk] = list(known.values())
        self._rules = {
            reason: loading.facts(
                agendas, first_day, HORIZON_DAYS, visits=False,
                whose=loading.Whose(whose.at, whose.staff_id, reason),
            )
            for reason, agendas in self._agendas.items()
        }  # fmt: skip
        self.roads = {
            (one.agenda_id, other.id): other.travel
            for facts in self._rules.values()
            for one in facts
            for other in one.elsewhere
        }

    def days(self) -> Iterator[tuple[date, list[Step]]]:
        since = 0
        for until in LOOKS:
            looked = self._first_day + timedelta(days=since)
            facts = {
                reason: {
                    one.agenda_id: one
                    for one in loading.with_visits(
                        rules, self._agendas[reason], looked, until - since
                    )
                }
                for reason, rules in self._rules.items()
            }
            for n in range(until - since):
                day = looked + timedelta(days=n)
                yield day, self._steps(facts, day)
            since = until

    def _steps(self, facts: Mapping[int, Mapping[int, AgendaFacts]], day: date) -> list[Step]:
        return [
            Step(
                [
                    Candidate(on_day(facts[visit.reason.pk][pk], day), ask)
                    for pk, ask in asks.items()
                ],
                visit.wait_from, visit.wait_to,
            )
            for visit, asks in zip(self._visits, self._asks, strict=True)
        ]  # fmt: skip


def rows(
    visit: Visit,
    days: Sequence[date],
    clock: time,
    tolerance: int,
    whose: loading.Whose,
    *,
    first_lengths: Mapping[int, int] | None = None,
) -> list[Row]:
    """The dates of a series: a fixed number of statements, however many there are.

    Args:
        visit: as it is from the second time on.
        days: the days wanted, in order.
        clock, tolerance: the hour wanted, and how many minutes away will do.
        first_lengths: minutes of the first time, by agenda, where it lasts longer.
    """
    asks = visit.asks(whose.at)
    where = [agenda for agenda in visit.agendas if agenda.pk in asks]
    if not days or not where:
        return []
    whose = loading.Whose(whose.at, whose.staff_id, visit.reason.pk, names=True)
    facts = loading.facts(where, days[0], (days[-1] - days[0]).days + 8, whose=whose)
    lengths = [visit.lengths] * len(days)
    first_asks = None
    if first_lengths:
        lengths[0] = first_lengths
        first_asks = {pk: ask.lasting(first_lengths[pk]) for pk, ask in asks.items()}
    found = sittings(
        [Candidate(one, asks[one.agenda_id]) for one in facts], days, clock, tolerance,
        not_before=minute_of(whose.at, up=True), first_asks=first_asks,
    )  # fmt: skip
    known = {agenda.pk: agenda for agenda in where}
    return [
        _row(one, visit, known, length) for one, length in zip(found, lengths, strict=True)
    ]  # fmt: skip


def protocols(practice_id: int) -> list[Protocol]:
    """The chains that may be given, with their steps: two statements."""
    return list(protocols_of(practice_id).filter(active=True).order_by("position", "name"))


def of_group(visit: Appointment) -> list[Appointment]:
    """The other visits of the same group, in order; none for a visit alone."""
    if visit.group_id is None:
        return []
    return list(
        Appointment.objects.filter(practice_id=visit.practice_id, group_id=visit.group_id)
        .exclude(pk=visit.pk)
        .select_related("agenda__site", "reason", "patient", "group")
        .order_by("starts_at", "pk")
    )


def standing_after(visit: Appointment, other: Appointment) -> bool:
    """Whether another visit of the group stands, and comes with it or after it."""
    return other.cancelled_at is None and other.starts_at >= visit.starts_at


def given_in(practice_id: int, group_id: int) -> list[Appointment]:
    """The visits of a group that stand, in order."""
    visits = Appointment.objects.filter(
        practice_id=practice_id, group_id=group_id, cancelled_at__isnull=True
    )
    return list(visits.select_related("agenda__site").order_by("starts_at", "pk"))


def groups_of(practice_id: int) -> QuerySet[VisitGroup]:
    """The groups of a practice."""
    return VisitGroup.objects.filter(practice_id=practice_id)


def patients(practice_id: int, keys: Sequence[int]) -> list[Patient]:
    """Patients of the practice, in the order of their keys; others are left out."""
    found = Patient.objects.in_bulk(set(keys))
    return [
        found[key] for key in dict.fromkeys(keys) if key in found
        if found[key].practice_id == practice_id
    ]  # fmt: skip


def household(patient: Patient) -> list[Patient]:
    """Those who share the patient's home, the youngest first; eight at most."""
    if patient.household_id is None:
        return []
    members = Patient.objects.filter(
        practice_id=patient.practice_id,
        household_id=patient.household_id,
        deceased_on__isnull=True,
    ).exclude(pk=patient.pk)
    return list(members.order_by("-birth_date", "pk")[:8])


def _in_part(
    found: Iterable[Chain], where: Mapping[int, Agenda], part: PartOfDay
) -> Iterator[Chain]:
    for chain in found:
        zone = where[chain[0].agenda_id].site.time_zone
        if part is PartOfDay.ANY or part.holds(on_the_wall(chain[0].start, zone).hour):
            yield chain


def _way(chain: Chain, visits: Sequence[Visit], where: Mapping[int, Agenda]) -> Way:
    return Way(
        [
            _placed(visit, where[link.agenda_id], link.start, link.end - link.start)
            for link, visit in zip(chain, visits, strict=True)
        ]
    )


def _row(
    one: Sitting, visit: Visit, where: Mapping[int, Agenda], lengths: Mapping[int, int]
) -> Row:
    def placed(offer: Offer) -> Placed:
        pk = offer.agenda_id
        return _placed(visit, where[pk], offer.start, lengths[pk])

    return Row(
        one.wanted, placed(one.offer) if one.offer else None,
        sorted((placed(other) for other in one.others), key=lambda other: other.local),
        sentence(one.refused) if one.refused else "", one.moved,
    )  # fmt: skip


def _placed(visit: Visit, agenda: Agenda, start: int, minutes: int) -> Placed:
    return Placed(visit, agenda, on_the_wall(start, agenda.site.time_zone), minutes)
