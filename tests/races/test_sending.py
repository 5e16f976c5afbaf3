"""Workers that send at the same time, and one that is killed while it sends.

A real gateway on loopback counts what it receives, by idempotency key; real processes send.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from secretariat.outbox.dispatching import TOGETHER
from secretariat.outbox.hands import AT_ONCE
from tests.desk_site import Desk, environment, run

COUNT = 120
WORKERS = 4
# What a worker does every five seconds; past the lease of a dead one when told so.
_WORK = """
import django, sys; django.setup()
from datetime import timedelta
from secretariat.core import clock
from secretariat.notices.tasks import carry_all
from secretariat.outbox.dispatching import dispatch
later = timedelta(minutes=int(sys.argv[1]))
now = lambda: clock.now() + later
carry_all(now)
dispatch(now)
"""
_PROMISE = """
import django, sys; django.setup()
from datetime import time, timedelta
from django.db import transaction
from secretariat.agenda.models import Appointment
from secretariat.core import clock, scope
from secretariat.notices.actions import promise
from secretariat.outbox.actions import senders
from secretariat.patients.models import ContactPoint, Patient
from secretariat.practice.models import Practice
url, run, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
scope.apply(range(1, 100))
practice = Practice.objects.get(slug="tilleuls")
scope.apply([practice.pk])
at = clock.now()
with transaction.atomic():
    senders.keep_sms_sender(
        practice_id=practice.pk, by=None, at=at, active=True, provider="generic", url=url,
        sender="Tilleuls", key="Bearer course", confirms=False,
    )
    senders.keep_sending_rules(
        practice_id=practice.pk, by=None, at=at, from_hour=time(0), until_hour=time(23, 59),
        days_off=0, sms_a_day=10000, cents_a_day=1000000, delay_minutes=0,
    )
    visit = Appointment.objects.filter(
        starts_at__gt=at + timedelta(days=1), cancelled_at=None, patient__isnull=False
    ).first()
    anyone = Patient.objects.values_list("pk", flat=True)[0]
    ContactPoint.objects.filter(patient_id=visit.patient_id).delete()
    ContactPoint.objects.create(
        practice=practice, patient_id=visit.patient_id, system="phone", value="+33639980001",
        accepts_messages=True,
    )
    for number in range(count):
        promise(
            practice_id=practice.pk, kind="visit.late", cause=f"{run}:{number}", by=None, at=at,
            patient_id=visit.patient_id, about_id=visit.pk, about_at=visit.starts_at,
            detail={"starts_at": visit.starts_at.isoformat(), "minutes": number},
        )
"""


@dataclass
class Gateway:
    """What a loopback gateway has received: how often each idempotency key came."""

    url: str = ""
    keys: Counter[str] = field(default_factory=Counter)
    half: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    seen = Gateway()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.keys[self.headers["Idempotency-Key"]] += 1
            if len(seen.keys) >= COUNT // 2:
                seen.half.set()
            body = json.dumps({"id": f"sms-{sum(seen.keys.values())}"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            """A worker killed in the middle of a request is what the test is about."""

    server = Quiet(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SECRETARIAT_OUTBOX_HOSTS", "127.0.0.1")
    seen.url = f"http://127.0.0.1:{server.server_address[1]}/"
    yield seen
    server.shutdown()
    server.server_close()


def worker(desk: Desk, minutes_later: int = 0) -> subprocess.Popen[bytes]:
    """A process that gives ways and sends, once."""
    return subprocess.Popen(
        [sys.executable, "-c", _WORK, str(minutes_later)], env=environment(desk.database_url)
    )


def leavings(desk: Desk, gateway: Gateway, name: str) -> list[int]:
    """How often each message of a run reached the gateway; the demonstration's own left out."""
    keys = desk.query(
        "SELECT DISTINCT m.stable_id FROM notices_notice n JOIN outbox_message m "
        "ON m.id = n.message_id WHERE n.cause LIKE %s AND n.state = 'told'", f"{name}:%",
    )  # fmt: skip
    return [gateway.keys[str(key)] for (key,) in keys]


def test_four_workers_at_once_send_each_message_once(desk: Desk, gateway: Gateway) -> None:
    run(desk.database_url, "-c", _PROMISE, gateway.url, "four", str(COUNT))
    workers = [worker(desk) for _number in range(WORKERS)]
    assert [one.wait(60) for one in workers] == [0] * WORKERS
    assert leavings(desk, gateway, "four") == [1] * COUNT


def test_a_worker_killed_while_it_sends_loses_nothing(desk: Desk, gateway: Gateway) -> None:
    """What it had in hand leaves again under the same key; nothing else leaves twice."""
    run(desk.database_url, "-c", _PROMISE, gateway.url, "killed", str(COUNT))
    first = worker(desk)
    assert gateway.half.wait(60)
    first.kill()
    first.wait(20)
    assert worker(desk, minutes_later=10).wait(60) == 0
    left = leavings(desk, gateway, "killed")
    assert len(left) == COUNT
    in_the_air = AT_ONCE["sms"] + TOGETHER
    assert sum(left) <= COUNT + in_the_air, "more left twice than what was not written down"
