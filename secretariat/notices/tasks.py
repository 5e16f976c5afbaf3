"""Background work: what is due gets its way; answers that did not come get a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import close_old_connections
from procrastinate.contrib.django import app

from secretariat.core import clock
from secretariat.core.alone import alone
from secretariat.notices.actions import carry
from secretariat.notices.actions.carrying import BATCH, NEWS_AWAITED, without_answer, without_news
from secretariat.notices.queries import practices_with_work, practices_without_news
from secretariat.practice.everywhere import every_practice, try_each

ROUNDS = 4
"""Batches of one practice in a run: the others, and the other work, have their turn."""


@app.periodic(cron="* * * * * */5")
@app.task(name="notices.carry", queueing_lock="notices.carry")
@alone
def carry_due(timestamp: int) -> None:
    """Every five seconds: give what is due its way.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    carry_all(clock.now)


@app.periodic(cron="7-59/10 * * * *")
@app.task(name="notices.without_news", queueing_lock="notices.without_news")
def ask_for_news(timestamp: int) -> None:
    """Every ten minutes: messages that left and of which nothing more was heard.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    at = clock.now()
    with every_practice():
        practices = practices_without_news(at - NEWS_AWAITED)
    try_each(
        "notices.without_news",
        [(pk, partial(without_news, practice_id=pk, at=at)) for pk in practices],
    )


def carry_all(now: Callable[[], datetime]) -> int:
    """The due notices of every practice; answers how many were dealt with.

    Raises:
        SomeFailed: of some practices; the patients of the others have theirs.
    """
    with every_practice():
        practices = practices_with_work(now())
    return try_each("notices.carry", [(pk, partial(_carry_those_of, pk, now)) for pk in practices])


def _carry_those_of(practice_id: int, now: Callable[[], datetime]) -> int:
    done = 0
    for _round in range(ROUNDS):
        dealt = carry(practice_id=practice_id, at=now())
        done += dealt
        if dealt < BATCH:
            break
    without_answer(practice_id=practice_id, at=now())
    return done
