"""Night work of the ground: what has served is thrown away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.management import call_command
from procrastinate.contrib.django import app

from secretariat.core import idempotency

KEPT = timedelta(days=2)
"""A form sent again later than this is a new one."""


@app.periodic(cron="23 3 * * *")
@app.task(name="core.sweep", queueing_lock="core.sweep")
def sweep(timestamp: int) -> None:
    """Forget old form tokens and dead sessions.

    Args:
        timestamp: when the night work was due, in seconds since 1970.
    """
    idempotency.forget(datetime.fromtimestamp(timestamp, UTC) - KEPT)
    call_command("clearsessions")
