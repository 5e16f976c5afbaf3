"""Other programs at once, by /fhir: one appointment for one name, one winner for one time."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from tests.desk_site import Desk, run

CALLERS = 24
Ask = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def ask(desk: Desk) -> Ask:
    """Sends a request with a token that the command line gave, and that alone on its last line."""
    told = run(desk.database_url, "-m", "secretariat", "token", "--user", "secretaire")
    secret = told.splitlines()[-1]

    def send(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{desk.url}/fhir/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {secret}",
                "Content-Type": "application/fhir+json",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    return send


def at_once(work: Callable[[int], Any]) -> list[Any]:
    barrier = Barrier(CALLERS)

    def one(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(CALLERS) as pool:
        return list(pool.map(one, range(CALLERS)))


def orders(ask: Ask, weeks: int) -> list[dict[str, Any]]:
    """The same free time, wanted for as many patients."""
    since = datetime.now(UTC).date() + timedelta(weeks=weeks)
    slot = ask("GET", f"Slot?start=ge{since}&_count=1")[1]["entry"][0]["resource"]
    patients = ask("GET", f"Patient?_count={CALLERS}")[1]["entry"]
    return [
        {
            "resourceType": "Appointment", "status": "booked", "start": slot["start"],
            "slot": [{"reference": f"Slot/{slot['id']}"}],
            "participant": [
                {"actor": {"reference": f"Patient/{who['resource']['id']}"}, "status": "accepted"}
            ],
        }
        for who in patients
    ]  # fmt: skip


def test_many_programs_want_one_time_and_one_has_it(ask: Ask) -> None:
    wanted = orders(ask, weeks=3)
    answers = at_once(lambda number: ask("POST", "Appointment", wanted[number]))
    assert Counter(status for status, _ in answers) == {201: 1, 409: CALLERS - 1}
    codes = {body["issue"][0]["code"] for status, body in answers if status == 409}
    assert codes == {"conflict"}


def test_the_same_request_sent_many_times_gives_one_appointment(ask: Ask) -> None:
    wanted = orders(ask, weeks=4)[0]
    name = "identifier=https://agenda.example/rdv|race"
    answers = at_once(lambda _: ask("POST", "Appointment", wanted, If_None_Exist=name))
    assert Counter(status for status, _ in answers) == {201: 1, 200: CALLERS - 1}
    assert len({body["id"] for _, body in answers}) == 1


def test_many_changes_of_one_version_and_one_wins(ask: Ask) -> None:
    made = ask("POST", "Appointment", orders(ask, weeks=5)[0])[1]
    path = f"Appointment/{made['id']}"
    answers = at_once(
        lambda number: ask("PUT", path, {**made, "comment": f"n° {number}"}, If_Match='W/"1"')
    )
    assert Counter(status for status, _ in answers) == {200: 1, 412: CALLERS - 1}
