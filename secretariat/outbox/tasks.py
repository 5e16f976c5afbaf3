"""Background work of the outbox."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate import JobContext
from procrastinate.contrib.django import app

from secretariat.core import clock
from secretariat.core.alone import alone
from secretariat.outbox.dispatching import dispatch
from secretariat.outbox.pacing import Pace
from secretariat.outbox.returning import read_all

PACE = Pace()
"""Of this process."""


@app.periodic(cron="* * * * * */5")
@app.task(name="outbox.dispatch", queueing_lock="outbox.dispatch", pass_context=True)
@alone
def dispatch_due(context: JobContext, timestamp: int) -> None:
    """Send what is due, every five seconds; a run goes on while there is more, and stops when the
    worker does.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    dispatch(clock.now, wait=PACE.wait, leaving=context.should_abort)


@app.periodic(cron="*/5 * * * *")
@app.task(name="outbox.returned", queueing_lock="outbox.returned")
@alone
def read_returned(timestamp: int) -> None:
    """Read the mail that came back, every five minutes.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    read_all(clock.now)
