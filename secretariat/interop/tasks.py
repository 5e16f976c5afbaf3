"""Files read by the background work, one of a practice at a time."""

from __future__ import annotations

from django.db import close_old_connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.core.scope import scope
from secretariat.interop.actions.queueing import TASK
from secretariat.interop.actions.working import PracticeAtWork, work
from secretariat.interop.models import ImportFile
from secretariat.interop.queries import files

_AGAIN = RetryStrategy(wait=3, retry_exceptions=[PracticeAtWork])


@app.task(name=TASK, pass_context=True, retry=_AGAIN)
def read_file(
    context: JobContext, *, practice_id: int, file_id: int, staff_id: int, trial: bool
) -> None:
    """Try a file or take it in, unless it was taken back while it waited."""
    close_old_connections()
    at = clock.now()
    with scope([practice_id]):
        file, by = files.asked(practice_id, file_id, staff_id, at)
        if file is None or by is None or file.state != ImportFile.State.WAITING:
            return
        try:
            work(file=file, trial=trial, by=by, at=at, stop=context.should_abort)
        except PracticeAtWork:
            raise  # its turn comes later
        except Refusal:
            return  # said on the file itself
