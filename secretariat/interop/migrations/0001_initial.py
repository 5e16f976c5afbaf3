"""Files brought in, agendas followed from elsewhere, and the keys given to others."""

from django.db import migrations, models

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice
from secretariat.core.tables import CreateTables

# One field a line, to be read as a table.
# fmt: off
TABLES = [
    migrations.CreateModel(
        name="ImportFile",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("kind", models.CharField(choices=[("patients", "Patients"), ("agenda", "Agenda")], max_length=10)),
            ("name", models.CharField(max_length=200)),
            ("sha256", models.CharField(max_length=64)),
            ("size", models.BigIntegerField(default=0)),
            ("stored_as", models.CharField(blank=True, max_length=80)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("reading", "À préparer"),
                        ("ready", "Prêt"),
                        ("waiting", "En attente"),
                        ("done", "Importé"),
                        ("refused", "Mis de côté"),
                    ],
                    default="reading",
                    max_length=10,
                ),
            ),
            ("mapping", models.JSONField(blank=True, default=dict)),
            ("options", models.JSONField(blank=True, default=dict)),
            ("dry_run", models.BooleanField(default=True)),
            ("rows_total", models.PositiveIntegerField(default=0)),
            ("rows_done", models.PositiveIntegerField(default=0)),
            ("created", models.PositiveIntegerField(default=0)),
            ("changed", models.PositiveIntegerField(default=0)),
            ("unchanged", models.PositiveIntegerField(default=0)),
            ("held", models.PositiveIntegerField(default=0)),
            ("incomplete", models.PositiveIntegerField(default=0)),
            ("failed", models.PositiveIntegerField(default=0)),
            ("remarks", models.JSONField(blank=True, default=list)),
            ("refusal", models.CharField(blank=True, max_length=500)),
            ("by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("created_at", models.DateTimeField()),
            ("finished_at", models.DateTimeField(blank=True, null=True)),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "-created_at"], name="interop_imp_practic_0aed03_idx"),
            ],
        },
    ),
    migrations.CreateModel(
        name="ImportLine",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("file", models.ForeignKey(on_delete=models.CASCADE, related_name="lines", to="interop.importfile")),
            ("number", models.PositiveIntegerField()),
            (
                "kind",
                models.CharField(
                    choices=[
                        ("error", "Non importée"),
                        ("incomplete", "Incomplète"),
                        ("duplicate", "Doublon probable"),
                        ("unmatched", "Patient à reconnaître"),
                        ("overlap", "Chevauchement"),
                    ],
                    max_length=10,
                ),
            ),
            ("content", models.JSONField()),
            ("sentence", models.CharField(blank=True, max_length=500)),
            ("candidates", models.JSONField(blank=True, default=list)),
            ("key", models.CharField(blank=True, max_length=120)),
            ("appointment_id", models.BigIntegerField(blank=True, null=True)),
            ("patient_id", models.BigIntegerField(blank=True, null=True)),
            ("decided_at", models.DateTimeField(blank=True, null=True)),
            ("decided_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("decision", models.CharField(blank=True, max_length=20)),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "file", "kind", "number"], name="interop_imp_practic_ea1736_idx"),
                models.Index(condition=models.Q(("key", ""), _negated=True), fields=["practice", "key"], name="import_line_by_key"),
                models.Index(
                    condition=models.Q(("decided_at__isnull", True), ("kind__in", ["duplicate", "unmatched"])),
                    fields=["practice", "kind"],
                    name="import_line_waiting",
                ),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("decided_at__isnull", True), ("decided_by__isnull", True)),
                        models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="import_line_decided_pair",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="ImportedEvent",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.agenda")),
            ("key", models.CharField(max_length=64)),
            ("fingerprint", models.CharField(max_length=64)),
            ("appointment_id", models.BigIntegerField(blank=True, null=True)),
            ("absence_id", models.BigIntegerField(blank=True, null=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "agenda", "key"), name="event_imported_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="ApiToken",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("name", models.CharField(max_length=80)),
            ("digest", models.CharField(db_index=True, max_length=64)),
            ("staff", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("may_write", models.BooleanField(default=False)),
            ("created_at", models.DateTimeField()),
            ("created_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("last_used_at", models.DateTimeField(blank=True, null=True)),
            ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ("revoked_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "digest"), name="api_token_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                        models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="api_token_revoked_pair",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Feed",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("agenda", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="agenda.agenda")),
            ("digest", models.CharField(db_index=True, max_length=64)),
            (
                "shows",
                models.CharField(
                    choices=[("nothing", "Rien : « Occupé »"), ("initials", "Les initiales du patient")], default="nothing", max_length=8
                ),
            ),
            ("created_at", models.DateTimeField()),
            ("created_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("last_used_at", models.DateTimeField(blank=True, null=True)),
            ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ("revoked_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(condition=models.Q(("revoked_at__isnull", True)), fields=("agenda",), name="one_feed_an_agenda"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("revoked_at__isnull", True), ("revoked_by__isnull", True)),
                        models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="feed_revoked_pair",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="ForeignIdentifier",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("system", models.CharField(max_length=200)),
            ("value", models.CharField(max_length=200)),
            ("appointment", models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to="agenda.appointment")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "system", "value"), name="foreign_identifier_once"),
            ],
        },
    ),
]
# fmt: on

# Whoever presents a secret sees the row that has its digest, and no other, before any practice
# is in view.
PRESENTED = "digest = NULLIF(current_setting('app.token', true), '')"
# (table, column, table of the same practice that it points at)
POINTERS = [
    ("importfile", "by_id", "practice_staff"),
    ("importline", "file_id", "interop_importfile"),
    ("importline", "decided_by_id", "practice_staff"),
    ("importedevent", "agenda_id", "agenda_agenda"),
    ("apitoken", "staff_id", "practice_staff"),
    ("apitoken", "created_by_id", "practice_staff"),
    ("apitoken", "revoked_by_id", "practice_staff"),
    ("feed", "agenda_id", "agenda_agenda"),
    ("feed", "created_by_id", "practice_staff"),
    ("feed", "revoked_by_id", "practice_staff"),
    ("foreignidentifier", "appointment_id", "agenda_appointment"),
]
# Development’s migrations that this one stands for, after the first, whose name it kept.
JOINED = [
    "0002_initial", "0003_truths", "0004_what_became_of_each", "0005_truths",
    "0006_open_to_others", "0007_truths",
]  # fmt: skip


class Migration(migrations.Migration):
    initial = True
    replaces = [("interop", name) for name in JOINED]
    dependencies = [
        ("practice", "0001_initial"),
        ("agenda", "0001_initial"),
    ]
    operations = [
        CreateTables(TABLES),
        PracticeIsolation("interop_apitoken", also=PRESENTED),
        PracticeIsolation("interop_feed", also=PRESENTED),
        PracticeIsolation("interop_importfile"),
        PracticeIsolation("interop_importline"),
        PracticeIsolation("interop_importedevent"),
        PracticeIsolation("interop_foreignidentifier"),
        PracticeKey("interop_importfile"),
        PracticeKey("interop_apitoken"),
        PracticeKey("interop_feed"),
        *(SamePractice(f"interop_{table}", column, target) for table, column, target in POINTERS),
    ]
