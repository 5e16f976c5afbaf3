"""Background work of the agenda."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import close_old_connections
from procrastinate.contrib.django import app

from secretariat.agenda.actions.reminding import remind
from secretariat.agenda.queries.reminders import practices_with_visits
from secretariat.agenda.waiting_tasks import offers_due, recalls_due
from secretariat.core import clock
from secretariat.core.alone import alone
from secretariat.practice.everywhere import every_practice, try_each

__all__ = ["offers_due", "recalls_due", "remind_all", "remind_due"]


@app.periodic(cron="*/5 * * * *")
@app.task(name="agenda.remind", queueing_lock="agenda.remind")
@alone
def remind_due(timestamp: int) -> None:
    """Every five minutes: the reminders whose moment has come.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    remind_all(clock.now)


def remind_all(now: Callable[[], datetime]) -> int:
    """The reminders due in every practice; answers how many are new.

    Raises:
        SomeFailed: of some practices; those of the others are promised.
    """
    with every_practice():
        practices = practices_with_visits(now())
    return try_each("agenda.remind", [(pk, partial(_remind, pk, now)) for pk in practices])


def _remind(practice_id: int, now: Callable[[], datetime]) -> int:
    return remind(practice_id=practice_id, at=now())
