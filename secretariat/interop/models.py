from __future__ import annotations

from django.db import models
from django.db.models import Q

from secretariat.practice.models import Owned, Staff


class ImportFile(Owned):
    """A file brought from elsewhere: kept until its rows are in, with what became of each."""

    class Kind(models.TextChoices):
        PATIENTS = "patients", "Patients"
        AGENDA = "agenda", "Agenda"

    class State(models.TextChoices):
        READING = "reading", "À préparer"
        READY = "ready", "Prêt à importer"
        RUNNING = "running", "Import en cours"
        DONE = "done", "Importé"
        REFUSED = "refused", "Refusé"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    # Where the bytes lie, under the data folder: never the name given by the person.
    stored_as = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    mapping = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=dict, blank=True)
    dry_run = models.BooleanField(default=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "-created_at"])]


class ImportLine(Owned):
    """A line that needs a person: an error, a likely duplicate, a visit without a sure patient."""

    class Kind(models.TextChoices):
        ERROR = "error", "Erreur"
        DUPLICATE = "duplicate", "Doublon probable"
        UNMATCHED = "unmatched", "Patient à reconnaître"

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    content = models.JSONField()
    sentence = models.CharField(max_length=500, blank=True)
    candidates = models.JSONField(default=list, blank=True)
    appointment_id = models.BigIntegerField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="import_line_decided_pair",
            )
        ]
        indexes = [models.Index(fields=["practice", "file", "kind", "number"])]
