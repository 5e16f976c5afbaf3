"""Hand a file to the background work, and take it back while it waits."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from procrastinate.contrib.django import app

from secretariat.interop.actions.working import AtWork, NotPrepared, must_import
from secretariat.interop.models import ImportFile
from secretariat.interop.queries.at_work import being_read
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

TASK = "secretariat.interop.read_file"

_BURY = """
SELECT procrastinate_finish_job_v1(id, 'failed', true) FROM procrastinate_jobs
 WHERE task_name = %s AND status = 'doing' AND (args->>'file_id')::bigint = %s
"""


@transaction.atomic
def ask(*, file: ImportFile, trial: bool, by: Staff, at: datetime) -> ImportFile:
    """Let the background work try a file, or take it in; one file of a practice at a time.

    The advisory lock of `working.py` keeps files apart, not the queue's own: that one would
    outlive a worker that was killed.

    Raises:
        AtWork, NotPrepared, NotAllowed.
    """
    must_import(by, file.practice_id)
    current = ImportFile.objects.select_for_update().get(pk=file.pk, practice_id=file.practice_id)
    if current.state == ImportFile.State.WAITING or being_read([current.pk]):
        raise AtWork("Ce fichier est déjà en cours de lecture.")
    if current.state != ImportFile.State.READY:
        raise NotPrepared("Ce fichier n’est pas prêt : dites d’abord ce qu’il contient.")
    if not trial and current.finished_at is None:
        raise NotPrepared("Faites d’abord un essai : il montre ce qui sera écrit.")
    current.state, current.dry_run = ImportFile.State.WAITING, trial
    current.rows_done, current.refusal = 0, ""
    current.save(update_fields=["state", "dry_run", "rows_done", "refusal"])
    _bury(current)
    app.configure_task(TASK).defer(
        practice_id=current.practice_id, file_id=current.pk, staff_id=by.pk, trial=trial
    )
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb="interop.ask", subject=current,
        trial=trial,
    )  # fmt: skip
    return current


def _bury(file: ImportFile) -> None:
    """Forget the jobs of workers that died while they read this file."""
    with connection.cursor() as cursor:
        cursor.execute(_BURY, [TASK, file.pk])


@transaction.atomic
def take_back(*, file: ImportFile, by: Staff, at: datetime) -> ImportFile:
    """Let a file wait no longer.

    Raises:
        AtWork: its reading has begun.
    """
    must_import(by, file.practice_id)
    current = ImportFile.objects.select_for_update().get(pk=file.pk, practice_id=file.practice_id)
    if being_read([current.pk]):
        raise AtWork("La lecture a commencé : elle ira à son terme en quelques instants.")
    if current.state != ImportFile.State.WAITING:
        return current
    current.state = ImportFile.State.READY
    current.save(update_fields=["state"])
    daybook.note(
        practice_id=current.practice_id, by=by, at=at, verb="interop.take_back", subject=current
    )
    return current
