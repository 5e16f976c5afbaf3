"""Background work of the outbox."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from secretariat.core import clock
from secretariat.outbox.dispatching import dispatch
from secretariat.outbox.pacing import Pace
from secretariat.outbox.returning import read_all


@app.periodic(cron="* * * * * */5")
@app.task(name="outbox.dispatch", queueing_lock="outbox.dispatch")
def dispatch_due(timestamp: int) -> None:
    """Send what is due, every five seconds; one run at a time waits, the leases do the rest.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    dispatch(clock.now, wait=Pace().wait)


@app.periodic(cron="*/5 * * * *")
@app.task(name="outbox.returned", queueing_lock="outbox.returned", lock="outbox.returned")
def read_returned(timestamp: int) -> None:
    """Read the mail that came back, every five minutes.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    read_all(clock.now)
