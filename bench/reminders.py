"""Twenty thousand reminders through a gateway on loopback, while one desk goes on booking."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as hour
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bench.booking import Slots, book
from bench.site import Say, Site
from bench.stopwatch import Figure

COUNT = 20_000
ALONE_S = 30.0
"""How long the desk books before the reminders, for the figure to compare with."""
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
_STATES = "SELECT state, count(*) FROM outbox_message WHERE practice_id = %s GROUP BY state"


@dataclass
class Told:
    """What the run found."""

    alone: Figure
    during: Figure
    seconds: float
    received: int
    states: dict[str, int]

    def markdown(self) -> str:
        """One paragraph for docs/bench.md."""
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return (
            f"{COUNT:,} reminders, one loopback gateway: {self.seconds:.0f} s "
            f"({self.received:,} requests received; messages: {states}). "
            f"Booking, one desk, p50/p95: {self.alone.at(0.5):.1f}/{self.alone.at(0.95):.1f} ms "
            f"alone (n={len(self.alone.times)}), {self.during.at(0.5):.1f}/"
            f"{self.during.at(0.95):.1f} ms meanwhile (n={len(self.during.times)})."
        )


class _Gateway(BaseHTTPRequestHandler):
    """Accepts everything, at once."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one packet: two would wait 40 ms for each other (Nagle)
    received = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _Gateway.received += 1
        body = json.dumps({"id": f"sms-{_Gateway.received}"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def _gateway() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Gateway)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/sms"
    finally:
        server.shutdown()


def run(site: Site, say: Say) -> Told:
    """Book alone, promise the reminders, book until the last has left."""
    slots = Slots.of(site)
    say("booking alone")
    alone = _book(site, slots, Figure("alone"), lambda spent: spent < ALONE_S)
    with _gateway() as url:
        _open(site, url)
        say(f"{COUNT:,} reminders promised")
        _promise(site)
        began = time.perf_counter()
        during = _book(site, slots, Figure("meanwhile"), lambda _spent: _left(site) > 0)
        seconds = time.perf_counter() - began
    return Told(alone, during, seconds, _Gateway.received, _states(site))


def _book(site: Site, slots: Slots, figure: Figure, again: Callable[[float], bool]) -> Figure:
    """One desk, ten bookings a second, as a busy secretariat would."""
    began = checked = time.perf_counter()
    going = True
    while going:
        start = time.perf_counter()
        status = book(site.desks[0], site.house, slots.take(), 1 + len(figure.times))
        if status != 204:
            raise RuntimeError(f"booking answered {status}")
        figure.times.append((time.perf_counter() - start) * 1000)
        time.sleep(max(0.0, 0.1 - (time.perf_counter() - start)))
        if time.perf_counter() - checked > 1:
            checked = time.perf_counter()
            going = again(checked - began)
    return figure


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
                Promise(cause=f"bench:{pk}", patient_id=patient, about_id=pk, about_at=starts,
                        must=False, detail={"starts_at": starts.isoformat()})
                for pk, patient, starts in visits
            ],
        )  # fmt: skip


def _left(site: Site) -> int:
    return int(_ask(site, _LEFT)[0][0])


def _states(site: Site) -> dict[str, int]:
    return dict(_ask(site, _STATES))


def _ask(site: Site, sql: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    from secretariat.core.scope import scope

    with scope([site.house.practice]), connection.cursor() as cursor:
        cursor.execute(sql, [site.house.practice])
        return list(cursor.fetchall())
