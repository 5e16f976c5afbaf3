"""Patients, their households, numbers, relations, search keys and former identities."""

from django.db import migrations, models

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice
from secretariat.core.tables import CreateTables

# One field a line, to be read as a table.
# fmt: off
TABLES = [
    migrations.CreateModel(
        name="Household",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("label", models.CharField(blank=True, max_length=120)),
            ("note", models.CharField(blank=True, max_length=500)),
        ],
    ),
    migrations.CreateModel(
        name="Patient",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("file_number", models.BigIntegerField()),
            ("birth_name", models.CharField(max_length=100)),
            ("given_names", models.CharField(max_length=100)),
            ("first_given_name", models.CharField(max_length=100)),
            ("birth_date", models.DateField()),
            ("sex", models.CharField(choices=[("F", "Féminin"), ("M", "Masculin"), ("I", "Indéterminé")], max_length=1)),
            ("birth_place_code", models.CharField(blank=True, max_length=5)),
            ("birth_place", models.CharField(blank=True, max_length=100)),
            ("used_name", models.CharField(blank=True, max_length=100)),
            ("used_given_name", models.CharField(blank=True, max_length=100)),
            ("identity_status", models.CharField(choices=[("PROV", "Provisoire"), ("VALI", "Validée")], default="PROV", max_length=4)),
            ("identity_document", models.CharField(blank=True, max_length=60)),
            ("identity_checked_at", models.DateTimeField(blank=True, null=True)),
            ("identity_checked_by", models.BigIntegerField(blank=True, null=True)),
            ("homonym", models.BooleanField(default=False)),
            ("doubtful", models.BooleanField(default=False)),
            ("address", models.CharField(blank=True, max_length=200)),
            ("address_more", models.CharField(blank=True, max_length=200)),
            ("postcode", models.CharField(blank=True, max_length=10)),
            ("town", models.CharField(blank=True, max_length=80)),
            (
                "household",
                models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="members", to="patients.household"),
            ),
            (
                "usual_practitioner",
                models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.practitioner"),
            ),
            ("needs_interpreter", models.CharField(blank=True, max_length=60)),
            ("needs_wheelchair", models.BooleanField(default=False)),
            ("is_deaf", models.BooleanField(default=False)),
            ("needs_more_time", models.BooleanField(default=False)),
            ("note", models.TextField(blank=True, max_length=4000)),
            ("deceased_on", models.DateField(blank=True, null=True)),
            ("import_key", models.CharField(blank=True, max_length=120)),
            ("created_at", models.DateTimeField()),
            ("created_by", models.BigIntegerField()),
            ("version", models.PositiveIntegerField(default=1)),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "household"], name="patients_pa_practic_007ee8_idx"),
                models.Index(fields=["practice", "birth_date", "birth_name"], name="patient_identity"),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("practice", "file_number"), name="patient_file_number_once"),
                models.UniqueConstraint(
                    condition=models.Q(("import_key", ""), _negated=True), fields=("practice", "import_key"), name="patient_imported_once"
                ),
                models.CheckConstraint(condition=models.Q(("sex__in", ["F", "M", "I"])), name="patient_sex"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("identity_checked_at__isnull", True), ("identity_checked_by__isnull", True)),
                        models.Q(("identity_checked_at__isnull", False), ("identity_checked_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="patient_identity_check_pair",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("identity_status", "VALI"), _negated=True), ("identity_checked_at__isnull", False), _connector="OR"
                    ),
                    name="patient_validated_means_checked",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="ContactPoint",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("patient", models.ForeignKey(on_delete=models.CASCADE, related_name="contact_points", to="patients.patient")),
            ("system", models.CharField(choices=[("phone", "Téléphone"), ("email", "Courriel")], max_length=10)),
            (
                "use",
                models.CharField(
                    choices=[("mobile", "Mobile"), ("home", "Domicile"), ("work", "Travail"), ("other", "Autre")],
                    default="mobile",
                    max_length=10,
                ),
            ),
            ("value", models.CharField(max_length=120)),
            ("holder", models.CharField(blank=True, max_length=80)),
            ("accepts_calls", models.BooleanField(default=True)),
            ("accepts_messages", models.BooleanField(default=False)),
            ("rank", models.PositiveSmallIntegerField(default=1)),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "value"], name="patients_co_practic_d058c5_idx"),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("patient", "system", "value"), name="contact_point_once_per_patient"),
            ],
        },
    ),
    migrations.CreateModel(
        name="RelatedPerson",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("patient", models.ForeignKey(on_delete=models.CASCADE, related_name="related_people", to="patients.patient")),
            (
                "relation",
                models.CharField(
                    choices=[
                        ("parent", "Titulaire de l’autorité parentale"),
                        ("guardian", "Tuteur ou curateur"),
                        ("trusted", "Personne de confiance"),
                        ("to_warn", "Personne à prévenir"),
                    ],
                    max_length=10,
                ),
            ),
            ("person", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="patients.patient")),
            ("name", models.CharField(blank=True, max_length=120)),
            ("phone", models.CharField(blank=True, max_length=16)),
            ("note", models.CharField(blank=True, max_length=200)),
        ],
        options={
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(("person__isnull", False), models.Q(("name", ""), _negated=True), _connector="OR"),
                    name="related_person_is_named",
                ),
                models.CheckConstraint(
                    condition=models.Q(("person__isnull", True), models.Q(("person", models.F("patient")), _negated=True), _connector="OR"),
                    name="not_related_to_self",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="PatientRevision",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("patient", models.ForeignKey(on_delete=models.CASCADE, related_name="revisions", to="patients.patient")),
            ("version", models.PositiveIntegerField()),
            ("at", models.DateTimeField()),
            ("by_name", models.CharField(max_length=80)),
            ("changes", models.JSONField()),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("patient", "version"), name="revision_once"),
            ],
        },
    ),
    migrations.CreateModel(
        name="SearchKey",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice_id", models.BigIntegerField()),
            ("patient", models.ForeignKey(db_constraint=False, on_delete=models.CASCADE, related_name="+", to="patients.patient")),
            ("key", models.CharField(db_collation="C", max_length=60)),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice_id", "key", "patient"], name="searchkey_by_key"),
            ],
        },
    ),
    migrations.CreateModel(
        name="FileCounter",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("last", models.BigIntegerField(default=0)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice",), name="one_file_counter_per_practice"),
            ],
        },
    ),
]
# fmt: on

# Whose rows belong to one practice.
OWNED = [
    "household", "patient", "contactpoint", "relatedperson", "patientrevision", "searchkey",
    "filecounter",
]  # fmt: skip
# (table, column, table of the same practice that it points at)
POINTERS = [
    ("patient", "household_id", "patients_household"),
    ("patient", "usual_practitioner_id", "practice_practitioner"),
    ("contactpoint", "patient_id", "patients_patient"),
    ("relatedperson", "patient_id", "patients_patient"),
    ("relatedperson", "person_id", "patients_patient"),
    ("patientrevision", "patient_id", "patients_patient"),
    ("searchkey", "patient_id", "patients_patient"),
]
# Development’s migrations that this one stands for, after the first, whose name it kept.
JOINED = ["0002_initial", "0003_truths", "0004_identity_index", "0005_one_check_a_key"]


class Migration(migrations.Migration):
    initial = True
    replaces = [("patients", name) for name in JOINED]
    dependencies = [
        ("practice", "0001_initial"),
    ]
    operations = [
        CreateTables(TABLES),
        *(PracticeIsolation(f"patients_{table}") for table in OWNED),
        PracticeKey("patients_household"),
        PracticeKey("patients_patient"),
        *(SamePractice(f"patients_{table}", column, target) for table, column, target in POINTERS),
    ]
