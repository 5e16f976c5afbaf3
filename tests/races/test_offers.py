"""One freed time, several who want it at the same moment: one has it, nothing breaks."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

from tests.desk_site import Desk, environment, run
from tests.races.browser import Browser

STAGE = ("-m", "tests.races.waiting_stage")


def _stage(desk: Desk, people: int, weeks: int, seconds: float = 0) -> dict[str, Any]:
    told = run(desk.database_url, *STAGE, str(people), str(weeks), str(seconds))
    found: dict[str, Any] = json.loads(told.strip().splitlines()[-1])
    assert len(found["links"]) == people, "the morning is taken: choose another week"
    return found


def _patient(desk: Desk, link: str) -> Browser:
    """Someone who has the page of their link open."""
    browser = Browser(desk.url)
    browser.read_form(link.rsplit("/", 3)[0] + "/")
    return browser


def _at_once(acts: list[Callable[[], int]]) -> list[int]:
    barrier = Barrier(len(acts))

    def one(act: Callable[[], int]) -> int:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def _accepts(desk: Desk, link: str) -> Callable[[], int]:
    patient = _patient(desk, link)
    return lambda: patient.post(link).status


def _became(desk: Desk, stage: dict[str, Any]) -> tuple[str, Counter[str], int]:
    """The freed time's state, its offers' states, how many visits stand there."""
    [(state,)] = desk.query("SELECT state FROM agenda_freedtime WHERE id = %s", stage["freed"])
    offers = desk.query("SELECT state FROM agenda_waitingoffer WHERE freed_id = %s", stage["freed"])
    [(visits,)] = desk.query(
        "SELECT count(*) FROM agenda_appointment WHERE agenda_id = %s AND cancelled_at IS NULL "
        "AND starts_at = %s", stage["agenda"], stage["starts_at"],
    )  # fmt: skip
    return str(state), Counter(str(row[0]) for row in offers), int(str(visits))


def test_eight_patients_accept_at_once_and_one_has_it(desk: Desk) -> None:
    stage = _stage(desk, 8, weeks=47)
    answers = _at_once([_accepts(desk, link) for link in stage["links"]])
    assert Counter(answers) == {302: 1, 409: 7}
    state, offers, visits = _became(desk, stage)
    assert (state, visits) == ("filled", 1)
    assert offers == {"accepted": 1, "taken": 7}


def test_a_patient_accepts_while_the_desk_forces_a_visit_there(desk: Desk) -> None:
    secretary = Browser(desk.url).log_in("secretaire")
    [(patient,)] = desk.query("SELECT id FROM patients_patient ORDER BY id LIMIT 1")
    for weeks in range(48, 52):
        stage = _stage(desk, 1, weeks=weeks)
        place = f"{stage['agenda']}@{stage['starts_at']}"

        def force(place: str = place, stage: dict[str, Any] = stage) -> int:
            return secretary.post(
                "/agenda/book/", agenda=stage["agenda"], reason=stage["reason"], patient=patient,
                force=place, form_token=uuid4(),
            ).status  # fmt: skip

        answers = _at_once([_accepts(desk, stage["links"][0]), force])
        state, offers, visits = _became(desk, stage)
        assert visits == 1, (answers, state, offers)
        assert all(status < 500 for status in answers), answers
        # Who had it: the patient (the desk is refused), or the desk (the patient reads it).
        assert answers[1] == (409 if offers["accepted"] else 204), (answers, offers)


def test_the_time_to_answer_ends_while_a_patient_accepts(desk: Desk) -> None:
    for weeks in range(53, 54):  # a round takes ten seconds
        stage = _stage(desk, 3, weeks=weeks, seconds=4)
        workers = [
            subprocess.Popen(
                [sys.executable, *STAGE, "expire", "6"], env=environment(desk.database_url),
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            )
            for _worker in range(2)
        ]  # fmt: skip
        acts = [_accepts(desk, link) for link in stage["links"]]
        [(left,)] = desk.query(
            "SELECT extract(epoch FROM max(expires_at) - now()) FROM agenda_waitingoffer "
            "WHERE freed_id = %s", stage["freed"],
        )  # fmt: skip
        time.sleep(max(0.0, float(str(left)) - 0.02))  # the very moment is the scene
        answers = _at_once(acts)
        for worker in workers:
            _out, trouble = worker.communicate(timeout=60)
            assert worker.returncode == 0, trouble.decode()[-2000:]
        state, offers, visits = _became(desk, stage)
        assert all(status < 500 for status in answers), answers
        assert visits == offers["accepted"] <= 1, (answers, state, offers)
        assert offers["open"] == 0
        assert state == ("filled" if visits else "open")
