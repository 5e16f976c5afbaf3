"""Days at the desk invented by hypothesis: what the actions accept is what the oracle allows.

A plain model in memory is changed beside the database; after each deed the two must agree, and
the database must never hold two visits, nor two uses of a room, in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from secretariat.agenda import actions, loading
from secretariat.agenda.actions.absences import absent
from secretariat.agenda.actions.closings import cancel_closing, close_resource
from secretariat.agenda.actions.holding import hold
from secretariat.agenda.facts import Absence, AgendaFacts, Ask, Busy, Closing, Held, Room
from secretariat.agenda.free_time import free_starts
from secretariat.agenda.local_time import minute_of, moment_of
from secretariat.agenda.models import (
    HELD_FOR,
    Appointment,
    OfferedReason,
    OpeningReason,
    OpeningRule,
    Quota,
    QuotaReason,
    ReasonNeed,
    Resource,
    ResourceClosing,
    VisitReason,
)
from secretariat.agenda.openings import AgendaHours, SiteClock
from secretariat.agenda.openings import OpeningRule as Hours
from secretariat.agenda.quotas import Quota as Rule
from secretariat.agenda.tests.visit_oracle import World, sequence
from secretariat.core.refusal import Refusal
from tests.cast import NOW, House

# Autumn: the second day has 25 hours.
FIRST = date(2027, 10, 30)
NAMES = ("Lefèvre", "Moreau")
PLACES = st.tuples(st.sampled_from((0, 1)), st.integers(0, 60))


@dataclass(frozen=True)
class Standing:
    """A visit as the model remembers it."""

    name: str
    busy: Busy
    ask: Ask
    row: Appointment
    room: int | None = None


class Desk(RuleBasedStateMachine):
    """Alice gives, moves and cancels; Zoé holds; the clock goes on."""

    house: ClassVar[House]
    """The practice of the cast in which it all happens."""

    @initialize()
    def open_the_book(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = NOW.replace(year=2027, month=10, day=30, hour=5)
        self.visits: list[Standing] = []
        self.gone: list[Standing] = []
        self.absences: dict[str, list[Absence]] = {name: [] for name in NAMES}
        self.quotas: dict[str, list[Rule]] = {name: [] for name in NAMES}
        self.closings: list[Closing] = []
        self.held: dict[str, list[Held]] = {name: [] for name in NAMES}
        self._rules()
        self.offered: list[int] = []

    def _rules(self) -> None:
        """Saturday and Sunday, from midnight, an hour of it kept for surgery."""
        self.reasons = [self.house.reasons["Consultation"], self._surgery()]
        self.hours: list[Hours] = []
        OpeningRule.objects.all().delete()
        for weekday, starts, ends, kept in (
            (5, time(8), time(10), False), (5, time(11), time(14), True),
            (6, time(1), time(4), False),
        ):  # fmt: skip
            for name in NAMES:
                row = OpeningRule.objects.create(
                    practice=self.house.practice, agenda=self.house.agendas[name], weekday=weekday,
                    starts=starts, ends=ends, from_date=date(2026, 1, 1),
                    author=self.house.staff["Alice"],
                    created_at=NOW,
                )  # fmt: skip
                if kept:
                    OpeningReason.objects.create(
                        practice=self.house.practice, rule=row, reason=self.reasons[1]
                    )
            named = frozenset({self.reasons[1].pk}) if kept else frozenset()
            self.hours.append(Hours(weekday, starts, ends, date(2026, 1, 1), reasons=named))

    def _surgery(self) -> VisitReason:
        reason = VisitReason.objects.create(
            practice=self.house.practice, name=f"Chirurgie {uuid4()}", minutes=20,
            minutes_before=10, minutes_after=5,
        )  # fmt: skip
        for agenda in self.house.agendas.values():
            OfferedReason.objects.create(practice=self.house.practice, agenda=agenda, reason=reason)
        self.rooms = [
            Resource.objects.create(practice=self.house.practice, site=self.house.site, name=str(n))
            for n in range(1)
        ]
        for room in self.rooms:
            ReasonNeed.objects.create(practice=self.house.practice, reason=reason, resource=room)
        return reason

    def _ask(self, reason: VisitReason) -> Ask:
        return loading.ask(reason, reason.minutes, at=self.at)

    def _world(self, name: str, ask: Ask, *, but: Standing | None = None) -> World:
        """What the model knows of an agenda, for the oracle."""
        others = [one for one in self.visits if one is not but]
        taken = [(one.busy.start, one.busy.end) for one in others if one.room is not None]
        needs = [[Room(room.pk, room.name, taken, True, self.closings) for room in self.rooms]]
        surgery = ask.reason == self.reasons[1].pk
        now = minute_of(self.at)
        facts = AgendaFacts(
            1,
            AgendaHours(SiteClock("Europe/Paris"), self.hours),
            [one.busy for one in others if one.name == name],
            self.absences[name],
            [one for one in self.held[name] if one.until > now],
            quotas=self.quotas[name],
            needs=needs if surgery else [],
        )
        return World(facts, self.hours, [], ask, list(sequence(FIRST, 3)))

    def _moment(self, place: tuple[int, int]) -> datetime:
        day, slot = place
        base = datetime(2027, 10, 30, 5 if day == 0 else 22, tzinfo=NOW.tzinfo)
        return base + timedelta(minutes=10 * slot)

    @rule(place=PLACES, reason=st.sampled_from((0, 1)), name=st.sampled_from(NAMES),
          squeeze=st.sampled_from((False, False, True)))  # fmt: skip
    def give(self, place: tuple[int, int], reason: int, name: str, squeeze: bool) -> None:
        self._give(self._moment(place), self.reasons[reason], name, squeeze=squeeze)

    def _give(self, starts_at: datetime, reason: VisitReason, name: str, *, squeeze: bool) -> None:
        ask = self._ask(reason)
        world = self._world(name, ask)
        start = minute_of(starts_at)
        allowed = world.allowed(start)
        if squeeze:
            bare = replace(world.facts, busy=(), needs=(), quotas=())
            allowed = World(bare, world.rules, [], ask, world.days).allowed(start)
        given = self._try(
            lambda: actions.book(
                agenda=self.house.agenda(name),
                patient=None,
                title="Quelqu’un",
                reason=reason,
                starts_at=starts_at,
                by=self.house.staff["Alice"],
                at=self.at,
                squeeze=squeeze,
            )
        )
        assert (given is not None) == allowed
        if given is not None:
            self._stands(name, given, ask, squeeze=squeeze)

    def _stands(self, name: str, row: Appointment, ask: Ask, *, squeeze: bool) -> None:
        start = minute_of(row.starts_at)
        busy = Busy(
            start - ask.before, start + ask.minutes + ask.after, row.pk,
            "squeeze" if squeeze else "visit", ask.reason, ask.before, ask.after,
        )  # fmt: skip
        surgery = ask.reason == self.reasons[1].pk and not squeeze
        self.visits.append(Standing(name, busy, ask, row, self.rooms[0].pk if surgery else None))

    @staticmethod
    def _try(deed: Callable[[], Any]) -> Any:
        try:
            with transaction.atomic():
                return deed()
        except Refusal:
            return None

    @precondition(lambda self: self.visits)
    @rule(data=st.data(), place=PLACES, name=st.sampled_from(NAMES))
    def move(self, data: st.DataObject, place: tuple[int, int], name: str) -> None:
        visit = data.draw(st.sampled_from(self.visits))
        ask = replace(visit.ask, at=minute_of(self.at))
        starts_at = self._moment(place)
        allowed = self._world(name, ask, but=visit).allowed(minute_of(starts_at))
        moved = self._try(
            lambda: actions.move(
                appointment=visit.row,
                version=visit.row.version,
                to=self.house.agenda(name),
                starts_at=starts_at,
                by=self.house.staff["Alice"],
                at=self.at,
            )
        )
        assert (moved is not None) == allowed
        if moved is not None:
            self.visits.remove(visit)
            self._stands(name, moved, ask, squeeze=False)

    @precondition(lambda self: self.visits)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        visit = data.draw(st.sampled_from(self.visits))
        row = actions.cancel(
            appointment=visit.row, version=visit.row.version, wanted_by="patient", why="",
            by=self.house.staff["Alice"], at=self.at,
        )  # fmt: skip
        self.visits.remove(visit)
        self.gone.append(replace(visit, row=row))

    @rule(place=PLACES, name=st.sampled_from(NAMES))
    def away(self, place: tuple[int, int], name: str) -> None:
        starts_at = self._moment(place)
        ends_at = starts_at + timedelta(hours=1)
        agenda = self.house.agenda(name)
        if self._try(
            lambda: absent(
                agenda=agenda,
                starts_at=starts_at,
                ends_at=ends_at,
                by=self.house.staff["Alice"],
                at=self.at,
            )
        ):
            away = Absence(minute_of(starts_at), minute_of(ends_at))
            self.absences[name].append(away)

    @rule(place=PLACES, hours=st.sampled_from((1, 3)))
    def the_room_is_closed(self, place: tuple[int, int], hours: int) -> None:
        starts_at = self._moment(place)
        closed = self._try(
            lambda: close_resource(
                resource=self.rooms[0],
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=hours),
                by=self.house.staff["Alice"],
                at=self.at,
            )
        )
        if closed is None:
            return
        span = minute_of(starts_at), minute_of(starts_at) + 60 * hours
        self.closings.append(Closing(*span, closed.closing.pk))
        theirs = {
            one.row.pk for one in self.visits if one.room is not None and _meet(span, one.busy)
        }
        assert {visit.pk for visit in closed.hit} == theirs

    @precondition(lambda self: self.closings)
    @rule(data=st.data())
    def the_room_serves_again(self, data: st.DataObject) -> None:
        shut = data.draw(st.sampled_from(self.closings))
        row = ResourceClosing.objects.get(pk=shut.id)
        cancel_closing(closing=row, by=self.house.staff["Alice"], at=self.at)
        self.closings = [one for one in self.closings if one is not shut]

    @rule(place=PLACES, name=st.sampled_from(NAMES))
    def zoe_holds(self, place: tuple[int, int], name: str) -> None:
        starts_at, reason = self._moment(place), self.reasons[0]
        ask = self._ask(reason)
        world = self._world(name, ask)
        facts = replace(world.facts, held=())  # her own do not hinder her
        allowed = World(facts, world.rules, [], ask, world.days).allowed(minute_of(starts_at))
        held = self._try(
            lambda: hold(
                agenda=self.house.agenda(name),
                reason=reason,
                starts_at=starts_at,
                minutes=reason.minutes,
                sheet=str(uuid4()),
                by=self.house.staff["Zoé"],
                at=self.at,
            )
        )
        assert (held is not None) == allowed
        if held is not None:
            span = minute_of(held.starts_at), minute_of(held.ends_at)
            kept = [one for one in self.held[name] if not _meet(span, one)]
            until = minute_of(held.expires_at)
            self.held[name] = [*kept, Held(*span, held.pk, "Zoé", until)]

    @rule(kind=st.sampled_from(("most", "keep", "share")), amount=st.integers(1, 3),
          name=st.sampled_from(NAMES))  # fmt: skip
    def ration(self, kind: Any, amount: int, name: str) -> None:
        if len(self.quotas[name]) > 1:
            return
        reason = self.reasons[1 if kind == "keep" else 0]
        minutes = 20 if kind == "keep" else 0
        amount = amount * 15 if kind == "share" else amount
        row = Quota.objects.create(
            practice=self.house.practice, agenda=self.house.agendas[name], kind=kind, amount=amount,
            minutes=minutes, part="half", release="day" if kind == "keep" else "never",
            from_date=date(2026, 1, 1), author=self.house.staff["Alice"], created_at=NOW,
        )  # fmt: skip
        QuotaReason.objects.create(practice=self.house.practice, quota=row, reason=reason)
        self.quotas[name].append(
            Rule(
                kind, amount, frozenset({reason.pk}), "half", 127, minutes,
                "day" if kind == "keep" else "never", 0, date(2026, 1, 1),
            )
        )  # fmt: skip

    @rule(minutes=st.sampled_from((3, 6, 300)))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(data=st.data(), reason=st.sampled_from((0, 1)), name=st.sampled_from(NAMES))
    def give_what_is_offered(self, data: st.DataObject, reason: int, name: str) -> None:
        """Every time offered can be given at once, and no other is hidden."""
        wanted = self.reasons[reason]
        ask = self._ask(wanted)
        whose = loading.Whose(self.at, self.house.staff["Alice"].pk, wanted.pk)
        [facts] = loading.facts([self.house.agenda(name)], FIRST, 2, whose=whose)
        offered = list(free_starts(facts, FIRST, 2, ask))
        assert offered == self._world(name, ask).starts()
        if offered:
            start = data.draw(st.sampled_from(offered))
            before = len(self.visits)
            self._give(moment_of(start), wanted, name, squeeze=False)
            assert len(self.visits) == before + 1

    @invariant()
    def never_two_in_one_place(self) -> None:
        if not hasattr(self, "visits"):
            return
        with connection.cursor() as cursor:
            cursor.execute(_TWICE)
            assert cursor.fetchall() == []
        assert Appointment.objects.filter(cancelled_at=None).count() == len(self.visits)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)


def _meet(span: tuple[int, int], held: Held | Busy) -> bool:
    return held.start < span[1] and span[0] < held.end


_TWICE = """
SELECT one.id FROM agenda_appointment one JOIN agenda_appointment other
  ON one.agenda_id = other.agenda_id AND one.id < other.id
  AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
WHERE one.cancelled_at IS NULL AND other.cancelled_at IS NULL
  AND NOT one.squeezed AND NOT other.squeezed
UNION ALL
SELECT one.id FROM agenda_resourceuse one JOIN agenda_resourceuse other
  ON one.resource_id = other.resource_id AND one.id < other.id
  AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
"""


@pytest.mark.django_db
def test_whatever_the_desk_does_the_rules_and_the_database_agree(tilleuls: House) -> None:
    Desk.house = tilleuls
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck), phases=(Phase.reuse, Phase.generate),
        ),
    )  # fmt: skip
    assert timedelta(minutes=5) == HELD_FOR
