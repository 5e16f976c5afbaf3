"""Many callers, one slot: one is served, the others hear a polite sentence, nothing breaks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest

from tests.desk_site import Desk
from tests.races.browser import Answer, Browser

CALLERS = 64
ROUNDS = 20


@pytest.fixture(scope="module")
def secretary(desk: Desk) -> Browser:
    return Browser(desk.url).log_in("secretaire")


def _facts(desk: Desk) -> tuple[int, int, list[int]]:
    """An agenda, a reason offered in it, and patients."""
    [(agenda, reason)] = desk.query(
        "SELECT o.agenda_id, o.reason_id FROM agenda_offeredreason o "
        "JOIN agenda_visitreason r ON r.id = o.reason_id WHERE r.minutes = 15 ORDER BY o.id LIMIT 1"
    )
    patients = [
        row[0] for row in desk.query("SELECT id FROM patients_patient ORDER BY id LIMIT 64")
    ]
    return agenda, reason, patients  # type: ignore[return-value]


def _monday(weeks: int) -> datetime:
    """A Monday morning far enough that nothing is booked there."""
    now = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    return now + timedelta(days=7 * weeks - now.weekday())


def _at_once(callers: int, call: Callable[[int], Answer]) -> list[Answer]:
    barrier = Barrier(callers)

    def one(number: int) -> Answer:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(one, range(callers)))


def _ask(secretary: Browser, fields: dict[str, object], patients: list[int], number: int) -> Answer:
    """One caller, one sheet, one patient."""
    return secretary.post("/agenda/book/", **fields, patient=patients[number], form_token=uuid4())


def test_64_callers_for_one_slot_and_one_is_served(desk: Desk, secretary: Browser) -> None:
    agenda, reason, patients = _facts(desk)
    for round_ in range(ROUNDS):
        slot = _monday(8) + timedelta(minutes=15 * (round_ % 8), days=7 * (round_ // 8))
        fields = {"instead": f"{agenda}@{slot.isoformat()}", "agenda": agenda, "reason": reason}
        answers = _at_once(CALLERS, partial(_ask, secretary, fields, patients))
        assert Counter(a.status for a in answers) == {204: 1, 409: CALLERS - 1}, [
            a.body[:300] for a in answers if a.status not in (204, 409)
        ][:1]
        polite = [a.body for a in answers if a.status == 409]
        assert all("pris" in sentence.lower() for sentence in polite)
        [(standing,)] = desk.query(
            "SELECT count(*) FROM agenda_appointment "
            "WHERE agenda_id = %s AND starts_at = %s AND cancelled_at IS NULL", agenda, slot,
        )  # fmt: skip
        assert standing == 1


def test_the_same_form_sent_64_times_gives_one_visit(desk: Desk, secretary: Browser) -> None:
    agenda, reason, patients = _facts(desk)
    slot, token = _monday(12), uuid4()
    answers = _at_once(
        CALLERS,
        lambda number: secretary.post(
            "/agenda/book/", instead=f"{agenda}@{slot.isoformat()}", agenda=agenda,
            reason=reason, patient=patients[0], form_token=token,
        ),
    )  # fmt: skip
    assert {a.status for a in answers} == {204}
    booked = {json.loads(a.headers["hx-trigger"])["appointmentBooked"]["id"] for a in answers}
    assert len(booked) == 1


def test_two_neighbours_do_not_hinder_each_other(desk: Desk, secretary: Browser) -> None:
    agenda, reason, patients = _facts(desk)
    first = _monday(13)
    answers = _at_once(
        8,
        lambda number: secretary.post(
            "/agenda/book/",
            instead=f"{agenda}@{(first + timedelta(minutes=15 * number)).isoformat()}",
            agenda=agenda, reason=reason, patient=patients[number], form_token=uuid4(),
        ),
    )  # fmt: skip
    assert [a.status for a in answers] == [204] * 8
