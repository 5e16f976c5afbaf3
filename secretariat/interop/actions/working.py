"""Read a file from its first line to its last: one reader, one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial

from django.db import Error, connection, transaction

from secretariat.core.refusal import NotAllowed, Refusal
from secretariat.interop import storage
from secretariat.interop.actions import agenda, patients
from secretariat.interop.actions.progress import Told, told_aside
from secretariat.interop.actions.tally import Tally, TooManyFaults
from secretariat.interop.csv.refusals import UnreadableTable
from secretariat.interop.ical.refusals import UnreadableCalendar
from secretariat.interop.models import ImportFile, ImportLine
from secretariat.interop.queries.at_work import FILES, KEYS
from secretariat.practice.models import Staff

PRACTICES = 7304
"""Class of the advisory lock: one import a practice (one reader a file: `at_work.FILES`)."""

_UNEXPECTED = "Un imprévu a arrêté la lecture : rien n’a été importé, vous pouvez recommencer."


class AtWork(Refusal):
    """The file is being read."""


class PracticeAtWork(AtWork):
    """Another file of the practice is being read."""


class NotPrepared(Refusal):
    """Somebody must say first what the file holds."""


def work(
    *,
    file: ImportFile,
    trial: bool,
    by: Staff,
    at: datetime,
    also: Told = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> ImportFile:
    """Try a file, or take it in.

    Whatever stops it, even a power cut, leaves the file ready and nothing written. A file that
    cannot be read is set aside with its reason.

    Args:
        trial: count what would happen and write nothing but the lines to look at.
        also: told the lines read and the total.
        stop: asked now and then; true ends the work.

    Raises:
        AtWork, NotPrepared, NotAllowed.
    """
    must_import(by, file.practice_id)
    with alone(file), _alone_in_practice(file):
        file.refresh_from_db()
        if file.state not in {ImportFile.State.READY, ImportFile.State.WAITING}:
            raise NotPrepared("Ce fichier n’est pas prêt : dites d’abord ce qu’il contient.")
        _begin(file)
        try:
            take_in = _reader(file, trial)
            with told_aside(file, also, stop) as told, transaction.atomic():
                ImportLine.objects.filter(practice_id=file.practice_id, file=file).delete()
                tally = take_in(file, by=by, at=at, trial=trial, told=told)
                _finish(file, tally, trial, at)
        except (UnreadableTable, UnreadableCalendar, storage.FileGone) as bad:
            return _set_aside(file, bad.sentence, at)
        except TooManyFaults as refusal:
            return _give_back(file, refusal.sentence, ImportFile.State.READING)
        except Refusal as refusal:
            _give_back(file, refusal.sentence)
            raise
        except Exception:
            with suppress(Error):
                _give_back(file, _UNEXPECTED)
            raise
    if file.state == ImportFile.State.DONE:
        storage.erase(file.stored_as)
    return file


def must_import(by: Staff, practice_id: int) -> None:
    """Refuse a post that may not import into this practice.

    Raises:
        NotAllowed.
    """
    if by.practice_id != practice_id or not by.may("patients.import"):
        raise NotAllowed("Votre rôle ne permet pas d’importer des fichiers.")


@contextmanager
def alone(file: ImportFile) -> Iterator[None]:
    """Hold the file: its lock falls with the connection, so a dead reader holds nothing.

    Raises:
        AtWork: another reader holds it.
    """
    with _held(FILES, file.pk, AtWork("Ce fichier est déjà en cours de lecture.")):
        yield


@contextmanager
def _alone_in_practice(file: ImportFile) -> Iterator[None]:
    said = "Un autre fichier de ce cabinet est en cours d’import : attendez sa fin."
    with _held(PRACTICES, file.practice_id, PracticeAtWork(said)):
        yield


@contextmanager
def _held(kind: int, pk: int, otherwise: AtWork) -> Iterator[None]:
    keys = [kind, pk % KEYS]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
        if not cursor.fetchone()[0]:
            raise otherwise
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)


def _begin(file: ImportFile) -> None:
    """From here on only the lock says that the file is being read."""
    file.state, file.refusal = ImportFile.State.READY, ""
    file.rows_done = 0
    file.save(update_fields=["state", "refusal", "rows_done"])


def _reader(file: ImportFile, trial: bool) -> Callable[..., Tally]:
    """What reads this sort of file; what must be taken before its transaction is taken now."""
    if file.kind == ImportFile.Kind.AGENDA:
        return partial(agenda.take_in, opened=agenda.open_calendar(file))
    numbers = range(0) if trial else patients.reserve(file)
    return partial(patients.take_in, numbers=numbers)


def _finish(file: ImportFile, tally: Tally, trial: bool, at: datetime) -> None:
    columns = tally.put_on_file()
    file.dry_run, file.finished_at = trial, at
    if not trial:
        file.state = ImportFile.State.DONE
        _replace_questions(file)
    file.save(update_fields=[*columns, "dry_run", "finished_at", "state"])


def _replace_questions(file: ImportFile) -> None:
    """The newest file asks; the same question of an older one goes."""
    keys = ImportLine.objects.filter(practice_id=file.practice_id, file=file).exclude(key="")
    ImportLine.objects.filter(
        practice_id=file.practice_id,
        decided_at__isnull=True,
        file__state=ImportFile.State.DONE,
        key__in=keys.values("key"),
    ).exclude(file=file).delete()


def _set_aside(file: ImportFile, sentence: str, at: datetime) -> ImportFile:
    """Quarantine: the file stays, with its reason, until somebody takes it away."""
    file.state, file.refusal, file.finished_at = ImportFile.State.REFUSED, sentence[:500], at
    file.save(update_fields=["state", "refusal", "finished_at"])
    return file


def _give_back(file: ImportFile, sentence: str, state: str = ImportFile.State.READY) -> ImportFile:
    """As before, with a word about what happened."""
    file.state, file.refusal, file.rows_done = state, sentence[:500], 0
    file.save(update_fields=["state", "refusal", "rows_done"])
    return file
