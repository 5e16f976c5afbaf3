"""kill -9 of web server and PostgreSQL while the desk works: nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psutil
import psycopg
import pytest

from secretariat.config import postgres
from tests import database
from tests.desk_site import SEED, Desk, fill, run, serving
from tests.races.browser import Browser

WRITERS = 6
ROUNDS = 3
ACKNOWLEDGED_BEFORE_DEATH = 25
SMALL = SEED.replace("90", "12").replace("40", "6").replace("range(-3, 12)", "range(0, 1)")
VERIFY = """
import django; django.setup()
from secretariat.core import scope
from secretariat.practice.models import Practice
from secretariat.privacy import daybook
scope.apply(range(1, 10))
for practice in Practice.objects.all():
    assert daybook.verify(practice) is None, practice
print("ok")
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder whose server writes to the disk for good."""
    made = Path(tempfile.mkdtemp(dir=database.FOLDER))
    made.chmod(0o711 if os.geteuid() == 0 else 0o700)
    yield made
    postgres.stop(postgres.cluster_folder(made))
    shutil.rmtree(made)


def _kill_everything(folder: Path, desk: Desk) -> None:
    """Like a power cut for our processes; only those we started, by their numbers."""
    postmaster = psutil.Process(
        int((postgres.cluster_folder(folder) / "postmaster.pid").read_text().split()[0])
    )
    victims = [*psutil.Process(desk.process.pid).children(recursive=True), postmaster]
    victims += postmaster.children(recursive=True)
    os.kill(desk.process.pid, signal.SIGKILL)
    for victim in victims:
        try:
            victim.kill()
        except psutil.NoSuchProcess:
            continue
    desk.process.wait(10)
    psutil.wait_procs(victims, timeout=10)


class _Writers:
    """Several desks that give distinct times, and remember each one the server confirmed."""

    def __init__(self, desk: Desk, monday: datetime) -> None:
        self.desk, self.monday = desk, monday
        self.acknowledged: list[int] = []
        self.enough, self.stop = threading.Event(), threading.Event()
        self.numbers = iter(range(10_000))
        self.lock = threading.Lock()
        [(self.reason,)] = desk.query("SELECT id FROM agenda_visitreason ORDER BY id LIMIT 1")
        [(self.patient,)] = desk.query("SELECT id FROM patients_patient ORDER BY id LIMIT 1")
        self.agendas = [row[0] for row in desk.query("SELECT id FROM agenda_agenda LIMIT 2")]

    def work(self, browser: Browser) -> None:
        while not self.stop.is_set():
            with self.lock:
                number = next(self.numbers)
            day, slot = divmod(number // len(self.agendas), 16)
            start = self.monday + timedelta(days=day // 5 * 7 + day % 5, minutes=15 * slot)
            agenda = self.agendas[number % len(self.agendas)]
            try:
                answer = browser.post(
                    "/agenda/book/", instead=f"{agenda}@{start.isoformat()}", agenda=agenda,
                    reason=self.reason, patient=self.patient, form_token=uuid4(),
                )  # fmt: skip
            except OSError:
                return  # the server is dead: what it had confirmed counts
            if answer.status == 204:
                self.acknowledged.append(
                    json.loads(answer.headers["hx-trigger"])["appointmentBooked"]["id"]
                )
            if len(self.acknowledged) >= ACKNOWLEDGED_BEFORE_DEATH:
                self.enough.set()


def _url(server: postgres.Server) -> str:
    host = quote(str(server.sockets), safe="")
    return f"postgresql:///{postgres.NAME}?host={host}&port={postgres.PORT}&user={postgres.NAME}"


def test_what_was_confirmed_survives_the_death_of_everything(folder: Path) -> None:
    today = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    confirmed: list[int] = []
    with postgres.running(folder, create=True) as server:
        url = _url(server)
        fill(url, SMALL)
    for round_ in range(ROUNDS):
        monday = today + timedelta(days=7 * (4 + 12 * round_) - today.weekday())
        with postgres.running(folder) as server, serving(_url(server)) as desk:
            writers = _Writers(desk, monday)
            browser = Browser(desk.url).log_in("secretaire")
            threads = [
                threading.Thread(target=writers.work, args=(browser,)) for _ in range(WRITERS)
            ]
            for thread in threads:
                thread.start()
            assert writers.enough.wait(60), "nothing was confirmed"
            _kill_everything(folder, desk)
            writers.stop.set()
            for thread in threads:
                thread.join(30)
            confirmed += writers.acknowledged
    with postgres.running(folder) as server:
        with psycopg.connect(_url(server)) as found:
            found.execute("SELECT set_config('app.practices', '{1,2,3}', false)")
            rows = found.execute(
                "SELECT a.id FROM agenda_appointment a JOIN privacy_entry e ON e.subject_id = a.id "
                "AND e.subject_kind = 'agenda.appointment' AND e.verb = 'agenda.book' "
                "WHERE a.id = ANY(%s)", [confirmed],
            ).fetchall()  # fmt: skip
        assert sorted(row[0] for row in rows) == sorted(confirmed)
        assert len(confirmed) >= ROUNDS * ACKNOWLEDGED_BEFORE_DEATH
        assert run(_url(server), "-c", VERIFY).strip() == "ok"
