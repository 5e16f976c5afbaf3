from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from secretariat.agenda.models import Agenda
from secretariat.practice.models import Owned, Staff


class ImportFile(Owned):
    """A file brought from elsewhere: kept until its rows are in, with what became of each.

    While one is being read, only the lock of its reader says so (`queries/at_work.py`): a worker
    that dies leaves the file ready to be started again, and not a row written.
    """

    class Kind(models.TextChoices):
        PATIENTS = "patients", "Patients"
        AGENDA = "agenda", "Agenda"

    class State(models.TextChoices):
        READING = "reading", "À préparer"
        READY = "ready", "Prêt"
        WAITING = "waiting", "En attente"
        DONE = "done", "Importé"
        REFUSED = "refused", "Mis de côté"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(default=0)
    # Where the bytes lie, under the data folder: never the name given by the person. Empty once
    # they were erased.
    stored_as = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    mapping = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=dict, blank=True)
    # The figures below are those of a trial: nothing was written in the practice's files.
    dry_run = models.BooleanField(default=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    incomplete = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    # Pairs (sentence, how often) about the file as a whole.
    remarks = models.JSONField(default=list, blank=True)
    refusal = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    if TYPE_CHECKING:
        by_id: int

    class Meta:
        indexes = [models.Index(fields=["practice", "-created_at"])]


class ImportLine(Owned):
    """A line that needs a person: a fault, a likely duplicate, a visit without a sure patient."""

    class Kind(models.TextChoices):
        ERROR = "error", "Non importée"
        INCOMPLETE = "incomplete", "Incomplète"
        DUPLICATE = "duplicate", "Doublon probable"
        UNMATCHED = "unmatched", "Patient à reconnaître"
        OVERLAP = "overlap", "Chevauchement"

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content = models.JSONField()
    sentence = models.CharField(max_length=500, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    # Under which the same line is known at the next import.
    key = models.CharField(max_length=120, blank=True)
    appointment_id = models.BigIntegerField(null=True, blank=True)
    # Whom a person decided that the line is about.
    patient_id = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(max_length=20, blank=True)
    if TYPE_CHECKING:
        file_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="import_line_decided_pair",
            )
        ]
        indexes = [
            models.Index(fields=["practice", "file", "kind", "number"]),
            models.Index(
                fields=["practice", "key"], condition=~Q(key=""), name="import_line_by_key"
            ),
            models.Index(
                fields=["practice", "kind"],
                condition=Q(decided_at__isnull=True, kind__in=["duplicate", "unmatched"]),
                name="import_line_waiting",
            ),
        ]


class ImportedEvent(Owned):
    """An entry of another program's agenda, and what was made of it here.

    `fingerprint` is what the file said last: as long as it says the same, what the desk changed
    here since stands.
    """

    agenda = models.ForeignKey(Agenda, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    appointment_id = models.BigIntegerField(null=True, blank=True)
    absence_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "agenda", "key"], name="event_imported_once"
            )
        ]
