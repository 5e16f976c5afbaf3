"""Bring a file to the practice, and take it away again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from secretariat.core import clock
from secretariat.core.refusal import BadInput, Refusal
from secretariat.interop import calendar_plan, file_names, storage
from secretariat.interop.actions.working import AtWork, alone, must_import
from secretariat.interop.csv import columns
from secretariat.interop.csv.reading import open_table
from secretariat.interop.csv.refusals import UnreadableTable
from secretariat.interop.ical.reading import read_calendar
from secretariat.interop.ical.refusals import UnreadableCalendar
from secretariat.interop.models import ImportFile
from secretariat.interop.queries import decisions, places
from secretariat.practice.models import Practice, Staff
from secretariat.privacy import daybook

MOST_KEPT_BYTES = 400 * 1024**2
"""Bytes that one practice may leave waiting on the disk."""
FORGOTTEN = timedelta(days=30)


class TooMuchKept(Refusal):
    """The practice has too many files waiting."""


class StillAsking(Refusal):
    """Lines of the file wait for a decision."""


def receive(
    *, kind: str, name: str, chunks: Iterable[bytes], practice: Practice, by: Staff, at: datetime
) -> ImportFile:
    """Keep a file and understand it; one that cannot be read is set aside with its reason.

    Args:
        kind: patients or agenda.
        name: as its owner calls it; shown, never used to open anything.
        chunks: its bytes, read once.

    Raises:
        TooBig, TooMuchKept, BadInput, NotAllowed.
    """
    must_import(by, practice.pk)
    if kind not in ImportFile.Kind.values:
        raise BadInput("Dites si le fichier contient des patients ou un agenda.")
    _make_room(practice, at)
    kept = storage.keep(chunks)
    file = ImportFile(
        practice=practice, kind=kind, name=file_names.said(name), sha256=kept.sha256,
        size=kept.size, stored_as=kept.stored_as, by=by, created_at=at,
    )  # fmt: skip
    try:
        _understand(file, at)
        return _write(file, by, at)
    except BaseException:
        storage.erase(kept.stored_as)
        raise


@transaction.atomic
def _write(file: ImportFile, by: Staff, at: datetime) -> ImportFile:
    file.save(force_insert=True)
    daybook.note(
        practice_id=file.practice_id, by=by, at=at, verb="interop.receive", subject=file,
        kind=file.kind, name=file.name, size=file.size, sha256=file.sha256, state=file.state,
    )  # fmt: skip
    return file


def remove(*, file: ImportFile, by: Staff, at: datetime) -> None:
    """Erase a file and what was noted of its lines; the patients and visits it gave stay.

    Raises:
        AtWork, StillAsking, NotAllowed.
    """
    must_import(by, file.practice_id)
    if still := decisions.open_in(file):
        said = (
            f"{still} lignes de ce fichier attendent une décision : réglez-les d’abord, elles "
            "seraient perdues."
            if still > 1
            else "Une ligne de ce fichier attend une décision : réglez-la d’abord."
        )
        raise StillAsking(said)
    with alone(file), transaction.atomic():
        if file.state == ImportFile.State.WAITING:
            raise AtWork("Ce fichier attend son tour : retirez-le d’abord de la file.")
        daybook.note(
            practice_id=file.practice_id, by=by, at=at, verb="interop.remove", subject=file,
            name=file.name, sha256=file.sha256, state=file.state,
        )  # fmt: skip
        file.delete()
    storage.erase(file.stored_as)


def _understand(file: ImportFile, at: datetime) -> None:
    """Propose what the file holds, or say why it cannot be read."""
    today = clock.local_date(at, places.zone_of(file.practice_id))
    try:
        if file.kind == ImportFile.Kind.PATIENTS:
            table = open_table(storage.path(file.stored_as))
            file.mapping = columns.mapping(columns.propose(table.header, table.sample(), today))
            file.options = {"header": list(table.header), "reading": {}}
            file.rows_total = table.expected
        else:
            first = places.agendas(file.practice_id)[:1]
            plan = calendar_plan.usual(first[0].pk if first else 0, today)
            _try_calendar(file, plan)
            file.options = plan.as_options() | {"chosen": False}
    except (UnreadableTable, UnreadableCalendar) as bad:
        file.state, file.refusal = ImportFile.State.REFUSED, bad.sentence[:500]
        file.finished_at = at


def _try_calendar(file: ImportFile, plan: calendar_plan.Plan) -> None:
    zone = places.zone_of(file.practice_id)
    starts_at, ends_at = plan.window(zone)
    calendar = read_calendar(
        storage.path(file.stored_as), site_zone=zone, starts_at=starts_at, ends_at=ends_at
    )
    file.rows_total = calendar.events


def _make_room(practice: Practice, at: datetime) -> None:
    """Erase what was forgotten; refuse when too much still waits.

    Raises:
        TooMuchKept.
    """
    waiting = ImportFile.objects.filter(practice=practice).exclude(stored_as="")
    old = waiting.filter(created_at__lt=at - FORGOTTEN)
    for name in old.values_list("stored_as", flat=True):
        storage.erase(name)
    old.update(stored_as="")
    if (waiting.aggregate(size=Sum("size"))["size"] or 0) > MOST_KEPT_BYTES:
        raise TooMuchKept(
            "Trop de fichiers attendent déjà dans ce cabinet : retirez ceux qui ne servent plus."
        )
