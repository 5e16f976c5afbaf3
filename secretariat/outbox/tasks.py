"""Background work of the outbox."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate.contrib.django import app

from secretariat.core import clock
from secretariat.core.alone import alone
from secretariat.outbox.dispatching import dispatch
from secretariat.outbox.pacing import A_SECOND, Pace
from secretariat.outbox.returning import read_all

PACE = Pace()
"""Of this process, however many runs it has at once."""
A_RUN = A_SECOND * 15
"""Messages of one run: a quarter of a minute."""


@app.periodic(cron="* * * * * */5")
@app.task(name="outbox.dispatch", queueing_lock="outbox.dispatch")
def dispatch_due(timestamp: int) -> None:
    """Send what is due, every five seconds; one run at a time waits, the leases do the rest.

    A run is short: twenty thousand reminders leave room for the other work, and for an offer that
    someone must answer within the hour.

    Args:
        timestamp: when it was due, in seconds since 1970.
    """
    close_old_connections()
    dispatch(clock.now, most=A_RUN, wait=PACE.wait)


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
