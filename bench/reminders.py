"""Twenty thousand reminders through a slow gateway on loopback, while one desk goes on booking."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as hour
from typing import Any

import psutil

from bench.booking import Slots, book
from bench.gateway import DELAY_MS, gateway, received
from bench.site import Say, Site
from bench.stopwatch import Figure

COUNT = 20_000
ALONE_S = 30.0
"""How long the desk books before the reminders, for the figure to compare with."""
LOOK_S = 3.0
"""How often it is asked whether all have left: asking costs the database something."""
ALMOST_NONE = 700
"""Confirmations of the last minute's bookings, which wait a minute on purpose."""
_CHOSEN = """
SELECT id, patient_id, starts_at FROM agenda_appointment
WHERE practice_id = %s AND starts_at > now() AND cancelled_at IS NULL AND patient_id IS NOT NULL
ORDER BY id LIMIT %s
"""
_ACCEPT = """
UPDATE patients_contactpoint
SET accepts_messages = true, value = '+336' || lpad(patient_id::text, 8, '0')
WHERE practice_id = %s AND patient_id = ANY(%s)
"""
_LEFT = """
SELECT count(*) FROM notices_notice
WHERE practice_id = %s AND state IN ('promised', 'carried') AND kind = 'visit.reminder'
"""
_TOLD = """
SELECT count(*) FROM notices_notice
WHERE practice_id = %s AND state = 'told' AND kind = 'visit.reminder'
"""
_WAITING = """
SELECT count(*) FROM notices_notice WHERE practice_id = %s AND state IN ('promised', 'carried')
"""
_STATES = "SELECT state, count(*) FROM outbox_message WHERE practice_id = %s GROUP BY state"


@dataclass
class Part:
    """A stretch of the run: what a desk saw, and processor seconds of each side."""

    figure: Figure
    seconds: float
    web: float
    database: float
    worker: float


@dataclass
class Told:
    """What the run found: the desk alone before and after, and meanwhile."""

    before: Part
    during: Part
    after: Part
    received: int
    reminded: int
    states: dict[str, int]

    def markdown(self) -> str:
        """One paragraph for docs/bench.md."""
        alone = Figure("alone", times=[*self.before.figure.times, *self.after.figure.times])
        during = self.during.figure
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        web, database = self._booking_ms()
        spent = self.during.database * 1000 - database * len(during.times)
        return (
            f"{self.reminded:,} reminders, a gateway that takes {DELAY_MS} ms: "
            f"{self.during.seconds:.0f} s ({self.received / self.during.seconds:.0f} a second; "
            f"confirmations of the bookings included; messages at the end: {states}). "
            f"Booking, one desk, p50/p95: {alone.at(0.5):.1f}/{alone.at(0.95):.1f} ms "
            f"alone (n={len(alone.times)}), {during.at(0.5):.1f}/{during.at(0.95):.1f} ms "
            f"meanwhile (n={len(during.times)}): p95 × {during.at(0.95) / alone.at(0.95):.2f}. "
            f"Processor: a booking {web:.1f} ms web and {database:.1f} database alone, "
            f"{self.during.web * 1000 / len(during.times):.1f} web meanwhile; a message "
            f"{self.during.worker * 1000 / self.received:.2f} ms worker and "
            f"{spent / self.received:.2f} database."
        )

    def _booking_ms(self) -> tuple[float, float]:
        """What a booking costs alone: web, database."""
        parts = (self.before, self.after)
        count = sum(len(part.figure.times) for part in parts)
        web = sum(part.web for part in parts)
        database = sum(part.database for part in parts)
        return web * 1000 / count, database * 1000 / count


def run(site: Site, say: Say) -> Told:
    """Book alone, promise the reminders, book until the last has left, and alone again."""
    slots = Slots.of(site)
    say("booking alone")
    before = _book(site, slots, lambda spent: spent < ALONE_S)
    with gateway() as url:
        _open(site, url)
        say(f"{COUNT:,} reminders promised")
        _promise(site)
        during = _book(site, slots, lambda _spent: _left(site) > 0)
        count, states = received(url), _states(site)
        say("the last has left; what waits behind leaves too")
        _book(site, slots, lambda _spent: _waiting(site) > ALMOST_NONE)
        say("booking alone again")
        after = _book(site, slots, lambda spent: spent < ALONE_S)
    return Told(before, during, after, count, int(_ask(site, _TOLD)[0][0]), states)


def _book(site: Site, slots: Slots, again: Callable[[float], bool]) -> Part:
    """One desk, ten bookings a second, as a busy secretariat would."""
    figure, worker = Figure("booking"), psutil.Process(site.worker)
    web, database = site.processors.used()
    spent = _seconds(worker)
    began = time.perf_counter()
    _bookings(site, slots, figure, again)
    seconds = time.perf_counter() - began
    web_after, database_after = site.processors.used()
    return Part(
        figure, seconds, web_after - web, database_after - database, _seconds(worker) - spent
    )


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _bookings(site: Site, slots: Slots, figure: Figure, again: Callable[[float], bool]) -> None:
    began = checked = time.perf_counter()
    going = True
    while going:
        start = time.perf_counter()
        status = book(site.desks[0], site.house, slots.take(), 1 + len(figure.times))
        if status != 204:
            raise RuntimeError(f"booking answered {status}")
        figure.times.append((time.perf_counter() - start) * 1000)
        time.sleep(max(0.0, 0.1 - (time.perf_counter() - start)))
        if time.perf_counter() - checked > LOOK_S:
            checked = time.perf_counter()
            going = again(checked - began)


def _open(site: Site, url: str) -> None:
    """The practice sends by the gateway, day and night, as much as it likes."""
    from secretariat.core.scope import scope
    from secretariat.outbox.actions import senders

    at = datetime.now(UTC)
    with scope([site.house.practice]):
        senders.keep_sms_sender(
            practice_id=site.house.practice,
            by=None,
            at=at,
            active=True,
            provider="generic",
            url=url,
            sender="Tilleuls",
            key="Bearer bench",
            confirms=False,
        )
        senders.keep_sending_rules(
            practice_id=site.house.practice, by=None, at=at, from_hour=hour(0),
            until_hour=hour(23, 59), days_off=0, sms_a_day=100_000,
            cents_a_day=1_000_000, delay_minutes=0,
        )  # fmt: skip


def _promise(site: Site) -> None:
    from django.db import connection

    from secretariat.agenda.telling import REMINDER
    from secretariat.core.scope import scope
    from secretariat.notices.actions.promising import Promise, promise_many

    practice, at = site.house.practice, datetime.now(UTC)
    with scope([practice]):
        with connection.cursor() as cursor:
            cursor.execute(_CHOSEN, [practice, COUNT])
            visits = cursor.fetchall()
            cursor.execute(_ACCEPT, [practice, [patient for _pk, patient, _at in visits]])
        promise_many(
            practice_id=practice, kind=REMINDER, by=None, at=at,
            promises=[
                Promise(cause=f"bench:{at:%H%M%S}:{pk}", patient_id=patient, about_id=pk,
                        about_at=starts, must=False, detail={"starts_at": starts.isoformat()})
                for pk, patient, starts in visits
            ],
        )  # fmt: skip


def _left(site: Site) -> int:
    return int(_ask(site, _LEFT)[0][0])


def _waiting(site: Site) -> int:
    return int(_ask(site, _WAITING)[0][0])


def _states(site: Site) -> dict[str, int]:
    return dict(_ask(site, _STATES))


def _ask(site: Site, sql: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    from secretariat.core.scope import scope

    with scope([site.house.practice]), connection.cursor() as cursor:
        cursor.execute(sql, [site.house.practice])
        return list(cursor.fetchall())
