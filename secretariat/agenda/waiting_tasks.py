"""Background work of the waiting list and of recalls; run any number of times, by any number of
workers, each freed time is proposed once to each patient."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import close_old_connections
from procrastinate.contrib.django import app

from secretariat.agenda.actions.offering import begin, pass_on
from secretariat.agenda.actions.quotas import released
from secretariat.agenda.actions.recalls import retire
from secretariat.agenda.actions.waiting import lapse
from secretariat.agenda.models import FreedTime, Quota, WaitingOffer
from secretariat.agenda.queries import recalls
from secretariat.agenda.queries.waiting import (
    practices_that_wait,
    releasing,
    to_begin,
    waiting_for_work,
)
from secretariat.core import clock
from secretariat.core.alone import alone
from secretariat.practice.actions import automatic_post
from secretariat.practice.everywhere import every_practice, try_each

SETTLED = timedelta(minutes=2)
"""How long a freed time waits before it is proposed by itself: an undo takes it back."""


@app.periodic(cron="* * * * * */10")
@app.task(name="agenda.waiting", queueing_lock="agenda.waiting")
@alone
def offers_due(timestamp: int) -> None:
    """Every ten seconds: answers that are late pass the time on, freed times are proposed.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    offer_all(clock.now)


@app.periodic(cron="17 3 * * *")
@app.task(name="agenda.recalls", queueing_lock="agenda.recalls")
def recalls_due(timestamp: int) -> None:
    """Each night: who was tried often enough, or waits for a day that is past, leaves the list.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    at = clock.now()
    with every_practice():
        practices = sorted({*recalls.practices_with_tries(at), *practices_that_wait()})
    try_each("agenda.recalls", [(pk, partial(_tidy, pk, at)) for pk in practices])


def _tidy(practice_id: int, at: datetime) -> int:
    by = automatic_post(practice_id=practice_id, role_key="automaton", at=at)
    return retire(practice_id=practice_id, by=by, at=at) + lapse(
        practice_id=practice_id, by=by, at=at
    )


@app.periodic(cron="*/10 * * * *")
@app.task(name="agenda.quotas_released", queueing_lock="agenda.quotas_released")
def quotas_released(timestamp: int) -> None:
    """Every ten minutes: what quotas have given to all since they were looked at last.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    release_all(clock.now())


def release_all(at: datetime) -> int:
    """The times that quotas have released since the last look, in every practice; how many.

    Raises:
        SomeFailed: of some practices; those of the others are proposed.
    """
    with every_practice():
        quotas = releasing(at)
    todo = [(one.practice_id, partial(_release, one, since, at)) for one, since in quotas]
    return try_each("agenda.quotas_released", todo)


def _release(quota: Quota, since: datetime, at: datetime) -> int:
    return len(released(quota=quota, waited_since=since, at=at))


def offer_all(now: Callable[[], datetime]) -> int:
    """What is due in every practice; answers how many offers are new.

    Raises:
        SomeFailed: a freed time of some practices; the others are proposed.
    """
    at = now()
    with every_practice():
        late, free = waiting_for_work(at), to_begin(at, at - SETTLED)
    todo = [
        (practice_id, partial(_propose, work, pk, now))
        for work, some in ((pass_on, late), (begin, free))
        for practice_id, pk in some
    ]
    return try_each("agenda.waiting", todo)


def _propose(work: Callable[..., list[WaitingOffer]], pk: int, now: Callable[[], datetime]) -> int:
    return len(work(freed=FreedTime.objects.get(pk=pk), at=now()))
