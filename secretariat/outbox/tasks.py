"""Background work of the outbox."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from secretariat.core import clock
from secretariat.outbox.dispatching import dispatch


@app.periodic(cron="* * * * * */5")
@app.task(name="outbox.dispatch", queueing_lock="outbox.dispatch")
def dispatch_due(timestamp: int) -> None:
    """Send what is due, every five seconds; one run at a time waits, the leases do the rest.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    dispatch(clock.now)
