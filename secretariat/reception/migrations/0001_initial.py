"""Calls, arrivals and the steps of a visit."""

import uuid

from django.db import migrations, models

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice
from secretariat.core.tables import CreateTables

# One field a line, to be read as a table.
# fmt: off
TABLES = [
    migrations.CreateModel(
        name="Call",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("sheet", models.UUIDField(default=uuid.uuid4)),
            ("started_at", models.DateTimeField()),
            ("taken_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("caller_phone", models.CharField(blank=True, max_length=16)),
            ("caller_name", models.CharField(blank=True, max_length=120)),
            ("patient", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="patients.patient")),
            ("request", models.CharField(blank=True, max_length=500)),
            (
                "outcome",
                models.CharField(
                    blank=True,
                    choices=[
                        ("", "En cours"),
                        ("booked", "Rendez-vous donné"),
                        ("moved", "Rendez-vous déplacé"),
                        ("cancelled", "Rendez-vous annulé"),
                        ("message", "Message transmis"),
                        ("informed", "Renseignement donné"),
                        ("transferred", "Appel transféré"),
                        ("emergency", "Orienté vers le 15"),
                        ("nothing", "Sans suite"),
                    ],
                    max_length=12,
                ),
            ),
            ("appointment", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="agenda.appointment")),
            ("message", models.TextField(blank=True, max_length=2000)),
            (
                "message_for",
                models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.practitioner"),
            ),
            ("call_back_by", models.DateTimeField(blank=True, null=True)),
            ("settled_at", models.DateTimeField(blank=True, null=True)),
            ("settled_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("closed_at", models.DateTimeField(blank=True, null=True)),
            ("version", models.PositiveIntegerField(default=1)),
            ("touched_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "-started_at"], name="reception_c_practic_94ea74_idx"),
                models.Index(fields=["practice", "patient", "-started_at"], name="reception_c_practic_27b7ad_idx"),
                models.Index(
                    condition=models.Q(("call_back_by__isnull", False), ("settled_at__isnull", True)),
                    fields=["practice", "call_back_by"],
                    name="call_backs_promised",
                ),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("practice", "sheet"), name="call_sheet_once"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("closed_at__isnull", True), ("outcome", "")),
                        models.Q(("closed_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="call_closed_with_an_outcome",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                        models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="call_settled_pair",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Visit",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("appointment", models.OneToOneField(on_delete=models.PROTECT, related_name="+", to="agenda.appointment")),
            ("arrived_at", models.DateTimeField(blank=True, null=True)),
            ("called_at", models.DateTimeField(blank=True, null=True)),
            ("entered_at", models.DateTimeField(blank=True, null=True)),
            ("left_at", models.DateTimeField(blank=True, null=True)),
            ("missed_at", models.DateTimeField(blank=True, null=True)),
            ("unexpected", models.BooleanField(default=False)),
            ("version", models.PositiveIntegerField(default=1)),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        ("missed_at__isnull", True),
                        models.Q(
                            ("arrived_at__isnull", True),
                            ("called_at__isnull", True),
                            ("entered_at__isnull", True),
                            ("left_at__isnull", True),
                        ),
                        _connector="OR",
                    ),
                    name="visit_missed_or_present",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("called_at__isnull", True), ("called_at__gte", models.F("arrived_at")), _connector="OR"),
                        models.Q(("entered_at__isnull", True), ("entered_at__gte", models.F("arrived_at")), _connector="OR"),
                        models.Q(("left_at__isnull", True), ("left_at__gte", models.F("arrived_at")), _connector="OR"),
                    ),
                    name="visit_steps_in_order",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="VisitStep",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("visit", models.ForeignKey(on_delete=models.CASCADE, related_name="steps", to="reception.visit")),
            ("step", models.CharField(max_length=10)),
            ("at", models.DateTimeField()),
            ("by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("undone_at", models.DateTimeField(blank=True, null=True)),
        ],
    ),
]
# fmt: on

# (table, column, table of the same practice that it points at)
POINTERS = [
    ("call", "taken_by_id", "practice_staff"),
    ("call", "patient_id", "patients_patient"),
    ("call", "appointment_id", "agenda_appointment"),
    ("call", "message_for_id", "practice_practitioner"),
    ("call", "settled_by_id", "practice_staff"),
    ("call", "touched_by_id", "practice_staff"),
    ("visit", "appointment_id", "agenda_appointment"),
    ("visitstep", "visit_id", "reception_visit"),
    ("visitstep", "by_id", "practice_staff"),
]
# Development’s migrations that this one stands for, after the first, whose name it kept.
JOINED = ["0002_truths", "0003_call_sheet", "0004_settlers", "0005_touched_by"]


class Migration(migrations.Migration):
    initial = True
    replaces = [("reception", name) for name in JOINED]
    dependencies = [
        ("practice", "0001_initial"),
        ("patients", "0001_initial"),
        ("agenda", "0001_initial"),
    ]
    operations = [
        CreateTables(TABLES),
        # A call written past Django has a sheet too.
        migrations.RunSQL(
            "ALTER TABLE reception_call ALTER COLUMN sheet SET DEFAULT gen_random_uuid()",
            "ALTER TABLE reception_call ALTER COLUMN sheet DROP DEFAULT",
        ),
        PracticeIsolation("reception_call"),
        PracticeIsolation("reception_visit"),
        PracticeIsolation("reception_visitstep"),
        PracticeKey("reception_call"),
        PracticeKey("reception_visit"),
        *(SamePractice(f"reception_{table}", column, target) for table, column, target in POINTERS),
    ]
