"""Say what a file holds: how to read it, what each column is, where its entries go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from secretariat.core import clock
from secretariat.core.refusal import BadInput
from secretariat.interop import calendar_plan, storage
from secretariat.interop.actions.patients import open_file
from secretariat.interop.actions.working import NotPrepared, alone, must_import
from secretariat.interop.csv import columns, fields
from secretariat.interop.csv.fields import Mapping
from secretariat.interop.csv.refusals import UnreadableTable
from secretariat.interop.models import ImportFile
from secretariat.interop.queries import places
from secretariat.practice.models import Staff
from secretariat.privacy import daybook

_OPEN = frozenset({ImportFile.State.READING, ImportFile.State.READY, ImportFile.State.REFUSED})


class BadMapping(BadInput):
    """The columns cannot be understood this way. Facts: problems."""


def set_reading(
    *, file: ImportFile, reading: dict[str, Any], by: Staff, at: datetime
) -> ImportFile:
    """Impose how a table is read, and propose its columns again.

    Args:
        reading: any of encoding, separator, sheet, header_row; the rest is guessed.

    Raises:
        BadInput: it cannot be read so; the file stays as it was.
    """
    _may_prepare(file, ImportFile.Kind.PATIENTS, by)
    today = clock.local_date(at, places.zone_of(file.practice_id))
    before = dict(file.options)
    file.options = {**before, "reading": reading}
    try:
        table = open_file(file)
        if len(table.header) < 2:
            raise UnreadableTable("Lu ainsi, le fichier n’a qu’une colonne.")
        proposals = columns.propose(table.header, table.sample(), today)
    except (UnreadableTable, LookupError, UnicodeError) as bad:
        file.options = before
        said = bad.sentence if isinstance(bad, UnreadableTable) else "Ce réglage ne convient pas."
        raise BadInput(f"{said} Le fichier reste lu comme avant.") from bad
    file.options["header"] = list(table.header)
    file.mapping, file.rows_total = columns.mapping(proposals), table.expected
    return _saved(file, by, at, reading=reading)


def set_columns(
    *, file: ImportFile, mapping: Mapping, source: str, by: Staff, at: datetime
) -> ImportFile:
    """Say what each column holds.

    Args:
        mapping: column → field; columns left out are not read.
        source: name of the other program, when the practice had several.

    Raises:
        BadMapping: with every reason.
    """
    _may_prepare(file, ImportFile.Kind.PATIENTS, by)
    problems = fields.check(mapping, tuple(file.options.get("header", ())))
    if problems:
        raise BadMapping(" ".join(problems), problems=problems)
    file.mapping = mapping
    file.options = {**file.options, "source": " ".join(source.split())[:40]}
    file.state = ImportFile.State.READY
    return _saved(file, by, at, mapping=mapping)


def set_plan(*, file: ImportFile, plan: calendar_plan.Plan, by: Staff, at: datetime) -> ImportFile:
    """Say which agenda a calendar enters, what its entries are, and for which days.

    Raises:
        BadInput: no such agenda, or days that make no sense.
    """
    _may_prepare(file, ImportFile.Kind.AGENDA, by)
    agenda = places.agenda(file.practice_id, plan.agenda)
    if agenda is None:
        raise BadInput("Choisissez un agenda du cabinet.")
    days = (plan.last_day - plan.first_day).days
    if days < 0:
        raise BadInput("Le dernier jour tombe avant le premier : corrigez les dates.")
    if days > calendar_plan.LONGEST_DAYS:
        raise BadInput("La période dépasse cinq ans : choisissez-en une plus courte.")
    file.options = plan.as_options() | {"chosen": True, "agenda_name": agenda.name}
    file.state = ImportFile.State.READY
    return _saved(file, by, at, **plan.as_options())


def _may_prepare(file: ImportFile, kind: str, by: Staff) -> None:
    must_import(by, file.practice_id)
    if file.kind != kind:
        raise BadInput("Ce réglage n’est pas celui de ce fichier.")
    if file.state not in _OPEN:
        raise NotPrepared("Ce fichier n’attend plus de réglage : rien n’a été changé.")
    storage.path(file.stored_as)


def _saved(file: ImportFile, by: Staff, at: datetime, **detail: Any) -> ImportFile:
    """What an earlier trial said no longer holds."""
    if file.state == ImportFile.State.REFUSED:
        file.state = ImportFile.State.READING
    file.refusal, file.finished_at, file.dry_run = "", None, True
    with alone(file), transaction.atomic():
        file.lines.all().delete()
        file.save()
        daybook.note(
            practice_id=file.practice_id,
            by=by,
            at=at,
            verb="interop.prepare",
            subject=file,
            **detail,
        )
    return file
