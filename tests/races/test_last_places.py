"""The last place of a quota, the only room, a time held: several desks, one winner each time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from typing import NamedTuple
from uuid import uuid4

import pytest

from tests.desk_site import Desk
from tests.races.browser import Answer, Browser

CALLERS = 24
ROUNDS = 4
_AUTHOR = "(SELECT id FROM practice_staff WHERE role_key = 'secretary' LIMIT 1)"


class Surgery(NamedTuple):
    """A reason of the race's own, given by two practitioners of one site."""

    reason: int
    agendas: list[int]
    patients: list[int]


@pytest.fixture(scope="module")
def secretary(desk: Desk) -> Browser:
    return Browser(desk.url).log_in("secretaire")


@pytest.fixture(scope="module")
def colleague(desk: Desk) -> Browser:
    return Browser(desk.url).log_in("telesecretaire")


def _one(desk: Desk, sql: str, *values: object) -> int:
    [(found,)] = desk.query(sql, *values)
    return int(str(found))


@pytest.fixture
def surgery(desk: Desk) -> Surgery:
    [(practice, site)] = desk.query(
        "SELECT practice_id, site_id FROM agenda_agenda WHERE active GROUP BY 1, 2 "
        "HAVING count(*) > 1 LIMIT 1"
    )
    agendas = [
        int(str(pk))
        for (pk,) in desk.query(
            "SELECT id FROM agenda_agenda WHERE site_id = %s AND active ORDER BY id LIMIT 2", site
        )
    ]
    reason = _one(
        desk,
        "INSERT INTO agenda_visitreason (practice_id, name, minutes, more_minutes, minutes_before, "
        "minutes_after, mode, colour, kind, bookable_by_remote, bookable_by_patient, named_only, "
        "referral_only, patient_notice_hours, instructions, papers, afterwards, active, position) "
        "VALUES (%s, %s, 20, 0, 0, 0, 'on_site', 1, 'other', true, false, false, false, 0, '', '', "
        "'', true, 0) RETURNING id", practice, f"Course {uuid4()}",
    )  # fmt: skip
    for agenda in agendas:
        _one(
            desk, "INSERT INTO agenda_offeredreason (practice_id, agenda_id, reason_id) "
            "VALUES (%s, %s, %s) RETURNING id", practice, agenda, reason,
        )  # fmt: skip
    people = desk.query("SELECT id FROM patients_patient ORDER BY id LIMIT %s", CALLERS)
    return Surgery(reason, agendas, [int(str(pk)) for (pk,) in people])


def _room(desk: Desk, surgery: Surgery, name: str) -> int:
    room = _one(
        desk,
        "INSERT INTO agenda_resource "
        "(practice_id, site_id, name, kind, accessible, position, active) "
        "SELECT practice_id, site_id, %s, 'room', true, 0, true FROM agenda_agenda WHERE id = %s "
        "RETURNING id", f"{name} {uuid4()}", surgery.agendas[0],
    )  # fmt: skip
    return _one(
        desk,
        "INSERT INTO agenda_reasonneed (practice_id, reason_id, resource_id, need) "
        "SELECT practice_id, %s, id, 1 FROM agenda_resource WHERE id = %s RETURNING resource_id",
        surgery.reason, room,
    )  # fmt: skip


def _tuesday(weeks: int) -> datetime:
    """A Tuesday, 10:00 in Paris in winter or 11:00 in summer: open in the demonstration."""
    now = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return now + timedelta(days=7 * weeks + 1 - now.weekday())


def _at_once(calls: list[Callable[[], Answer]]) -> Counter[int]:
    barrier = Barrier(len(calls))

    def one(call: Callable[[], Answer]) -> Answer:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return Counter(answer.status for answer in pool.map(one, calls))


def _book(
    desk: Browser, surgery: Surgery, agenda: int, at: datetime, caller: int
) -> Callable[[], Answer]:
    return lambda: desk.post(
        "/agenda/book/", instead=f"{agenda}@{at.isoformat()}", agenda=agenda,
        reason=surgery.reason, patient=surgery.patients[caller], form_token=uuid4(),
    )  # fmt: skip


def _hold(desk: Browser, place: dict[str, object]) -> Answer:
    return desk.post("/agenda/hold/", **place, form_token=uuid4())


def test_the_last_place_of_a_quota_is_given_once(
    desk: Desk, secretary: Browser, surgery: Surgery
) -> None:
    agenda = surgery.agendas[0]
    quota = _one(
        desk,
        "INSERT INTO agenda_quota (practice_id, agenda_id, kind, part, weekdays, amount, minutes, "
        "release, release_hours, label, from_date, author_id, created_at) SELECT practice_id, id, "
        f"'most', 'half', 127, 1, 0, 'never', 0, '', '2026-01-01', {_AUTHOR}, now() "
        "FROM agenda_agenda WHERE id = %s RETURNING id", agenda,
    )  # fmt: skip
    _one(
        desk, "INSERT INTO agenda_quotareason (practice_id, quota_id, reason_id) "
        "SELECT practice_id, id, %s FROM agenda_quota WHERE id = %s RETURNING id",
        surgery.reason, quota,
    )  # fmt: skip
    for round_ in range(ROUNDS):
        # Each its own time: only the quota is between them.
        start = _tuesday(14 + round_)
        calls = [
            _book(secretary, surgery, agenda, start + timedelta(minutes=20 * (n % 3)), n)
            for n in range(CALLERS)
        ]
        assert _at_once(calls) == {204: 1, 409: CALLERS - 1}


def test_the_only_room_is_taken_once_whoever_the_practitioner(
    desk: Desk, secretary: Browser, surgery: Surgery
) -> None:
    room = _room(desk, surgery, "Salle")
    for round_ in range(ROUNDS):
        start = _tuesday(20 + round_)
        calls = [
            _book(secretary, surgery, surgery.agendas[n % 2], start, n) for n in range(CALLERS)
        ]
        assert _at_once(calls) == {204: 1, 409: CALLERS - 1}
        assert desk.query(
            "SELECT count(*) FROM agenda_resourceuse WHERE resource_id = %s AND starts_at = %s",
            room, start,
        ) == [(1,)]  # fmt: skip


def test_a_visit_given_while_its_room_is_closed_is_refused_or_told(
    desk: Desk, secretary: Browser, surgery: Surgery
) -> None:
    room = _room(desk, surgery, "Salle")
    for round_ in range(ROUNDS):
        start = _tuesday(38 + round_)
        close = partial(
            secretary.post, f"/agenda/settings/resources/{room}/closings/",
            from_day=start.date(), to_day=start.date(), from_clock="", to_clock="", label="panne",
        )  # fmt: skip
        calls = [
            _book(secretary, surgery, surgery.agendas[n % 2], start + timedelta(minutes=20 * n), n)
            for n in range(4)
        ]
        answers = _at_once([*calls, close])
        given = _one(
            desk, "SELECT count(*) FROM agenda_resourceuse WHERE resource_id = %s "
            "AND starts_at::date = %s", room, start.date(),
        )  # fmt: skip
        assert answers == {204: given + 1, 409: 4 - given} or (given == 4 and answers == {204: 5})
        # Whoever was quicker: each visit that takes the room is in the list that opened.
        [(hit,)] = desk.query(
            "SELECT jsonb_array_length(detail::jsonb -> 'hit') FROM privacy_entry "
            "WHERE verb = 'agenda.close_resource' ORDER BY number DESC LIMIT 1"
        )
        assert hit == given


def test_two_rooms_for_two_practitioners_hinder_nobody(
    desk: Desk, secretary: Browser, surgery: Surgery
) -> None:
    rooms = {_room(desk, surgery, "Salle A"), _room(desk, surgery, "Salle B")}
    for round_ in range(ROUNDS):
        start = _tuesday(26 + round_)
        calls = [_book(secretary, surgery, agenda, start, n)
                 for n, agenda in enumerate(surgery.agendas)]  # fmt: skip
        assert _at_once(calls) == {204: 2}
        used = desk.query(
            "SELECT resource_id FROM agenda_resourceuse WHERE starts_at = %s "
            "AND resource_id = ANY(%s)", start, list(rooms),
        )  # fmt: skip
        assert {int(str(pk)) for (pk,) in used} == rooms


def test_a_time_is_held_by_one_desk_and_given_once_when_it_expires(
    desk: Desk, secretary: Browser, colleague: Browser, surgery: Surgery
) -> None:
    agenda, start = surgery.agendas[0], _tuesday(32)
    place: dict[str, object] = {
        "instead": f"{agenda}@{start.isoformat()}",
        "agenda": agenda,
        "reason": surgery.reason,
    }
    desks = (secretary, colleague) * 6
    held = _at_once([partial(_hold, one, place) for one in desks])
    assert held == {200: 12}
    owners = desk.query("SELECT staff_id FROM agenda_hold WHERE starts_at = %s", start)
    assert len(owners) == 1
    desk.query(
        "UPDATE agenda_hold SET expires_at = now() - interval '1 second' WHERE starts_at = %s "
        "RETURNING id", start,
    )  # fmt: skip
    calls = [
        _book((secretary, colleague)[n % 2], surgery, agenda, start, n) for n in range(CALLERS)
    ]
    assert _at_once(calls) == {204: 1, 409: CALLERS - 1}
