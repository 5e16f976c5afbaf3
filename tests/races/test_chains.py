"""Chains given at the same moment, in either order: nobody waits in a ring, none is half given."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import uuid4

from tests.desk_site import Desk
from tests.races.browser import Answer, Browser

CALLERS = 24
ROUNDS = 4


def test_chains_that_cross_are_given_whole_or_not_at_all(desk: Desk) -> None:
    secretary = Browser(desk.url).log_in("secretaire")
    # Two agendas where the same reason of fifteen minutes is offered.
    offers = desk.query(
        "SELECT o.agenda_id, o.reason_id FROM agenda_offeredreason o "
        "JOIN agenda_visitreason r ON r.id = o.reason_id WHERE r.minutes = 15 "
        "AND r.name = 'Consultation' ORDER BY o.id LIMIT 2"
    )
    patients = [
        row[0] for row in desk.query("SELECT id FROM patients_patient ORDER BY id LIMIT 24")
    ]
    now = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    # So far ahead that no other scene has been there.
    tuesday = now + timedelta(days=7 * 44 + 1 - now.weekday())
    for half_hour in range(ROUNDS):
        start = tuesday + timedelta(minutes=30 * half_hour)
        barrier = Barrier(CALLERS)

        def ask(number: int, start: datetime = start, barrier: Barrier = barrier) -> Answer:
            """First one agenda then the other; every second caller the other way round."""
            places = offers if number % 2 else offers[::-1]
            starts = (start, start + timedelta(minutes=15))
            visits = [
                f"{agenda}.{reason}.{patients[number]}.15@{at.isoformat()}"
                for at, (agenda, reason) in zip(starts, places, strict=True)
            ]
            barrier.wait()
            return secretary.post(
                "/agenda/together/", visit="|".join(visits), kind="chain", form_token=uuid4()
            )

        with ThreadPoolExecutor(CALLERS) as pool:
            answers = list(pool.map(ask, range(CALLERS)))
        # Both ways fit beside each other: 09:00 here and 09:15 there, and the reverse.
        told = Counter(one.status for one in answers)
        assert told == {204: 2, 409: CALLERS - 2}, [one.body[:300] for one in answers][:2]
        given = desk.query(
            "SELECT group_id, count(*) FROM agenda_appointment WHERE group_id IS NOT NULL "
            "AND starts_at >= %s AND starts_at < %s GROUP BY group_id",
            start, start + timedelta(minutes=30),
        )  # fmt: skip
        assert [count for _, count in given] == [2, 2]
