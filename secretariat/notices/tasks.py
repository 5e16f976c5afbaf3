"""Background work: what is due gets its way; answers that did not come get a person."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import close_old_connections
from procrastinate.contrib.django import app

from secretariat.core import clock
from secretariat.core.scope import scope
from secretariat.notices.actions import carry
from secretariat.notices.actions.carrying import BATCH, NEWS_AWAITED, without_answer, without_news
from secretariat.notices.queries import practices_with_work, practices_without_news
from secretariat.practice.everywhere import every_practice

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */5")
@app.task(name="notices.carry", queueing_lock="notices.carry")
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
    for practice_id in practices:
        with scope([practice_id]):
            without_news(practice_id=practice_id, at=at)


def carry_all(now: Callable[[], datetime]) -> int:
    """The due notices of every practice; answers how many were dealt with."""
    with every_practice():
        practices = practices_with_work(now())
    done = 0
    for practice_id in practices:
        try:
            with scope([practice_id]):
                done += _carry_those_of(practice_id, now)
        except Exception:  # the patients of the other practices wait for theirs
            log.exception("the notices of practice %s could not be carried", practice_id)
    return done


def _carry_those_of(practice_id: int, now: Callable[[], datetime]) -> int:
    done = 0
    while dealt := carry(practice_id=practice_id, at=now()):
        done += dealt
        if dealt < BATCH:
            break
    without_answer(practice_id=practice_id, at=now())
    return done
