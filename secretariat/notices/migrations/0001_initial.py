"""What patients must be told, and who tried."""

from django.db import migrations, models

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice
from secretariat.core.tables import CreateTables

# One field a line, to be read as a table.
# fmt: off
TABLES = [
    migrations.CreateModel(
        name="Notice",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("patient", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="patients.patient")),
            ("kind", models.CharField(max_length=30)),
            ("cause", models.CharField(max_length=120)),
            ("about_id", models.BigIntegerField(blank=True, null=True)),
            ("about_at", models.DateTimeField(blank=True, null=True)),
            ("due_at", models.DateTimeField()),
            ("needed_by", models.DateTimeField(blank=True, null=True)),
            ("answer_by", models.DateTimeField(blank=True, null=True)),
            ("must", models.BooleanField(default=True)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("promised", "À envoyer"),
                        ("carried", "Envoi en cours"),
                        ("told", "Prévenu"),
                        ("unreached", "Non joint"),
                        ("withdrawn", "Plus nécessaire"),
                        ("closed", "Clos sans avoir prévenu"),
                    ],
                    default="promised",
                    max_length=10,
                ),
            ),
            ("why", models.CharField(blank=True, max_length=300)),
            ("message", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="outbox.message")),
            ("tried", models.JSONField(blank=True, default=list)),
            ("told_at", models.DateTimeField(blank=True, null=True)),
            ("told_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            (
                "told_how",
                models.CharField(
                    blank=True,
                    choices=[
                        ("sms", "SMS"),
                        ("email", "Courriel"),
                        ("letter", "Courrier"),
                        ("phone", "Téléphone"),
                        ("desk", "De vive voix"),
                    ],
                    max_length=10,
                ),
            ),
            (
                "answer",
                models.CharField(
                    blank=True,
                    choices=[
                        ("", "Sans réponse"),
                        ("confirmed", "Confirme"),
                        ("cancelled", "Annule"),
                        ("other", "Demande un autre moment"),
                    ],
                    max_length=10,
                ),
            ),
            ("answered_at", models.DateTimeField(blank=True, null=True)),
            ("detail", models.JSONField(blank=True, default=dict)),
            ("created_at", models.DateTimeField()),
            ("created_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("unreached_at", models.DateTimeField(blank=True, null=True)),
            ("closed_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "indexes": [
                models.Index(condition=models.Q(("state", "promised")), fields=["due_at"], name="notice_to_carry"),
                models.Index(condition=models.Q(("state", "unreached")), fields=["practice", "needed_by"], name="notice_unreached"),
                models.Index(
                    condition=models.Q(("answer", ""), ("answer_by__isnull", False), ("state", "told")),
                    fields=["answer_by"],
                    name="notice_awaits_an_answer",
                ),
                models.Index(condition=models.Q(("state", "carried")), fields=["practice"], name="notice_on_its_way"),
                models.Index(fields=["practice", "patient", "created_at"], name="notices_not_practic_499d69_idx"),
                models.Index(fields=["practice", "about_id", "kind"], name="notices_not_practic_8ae411_idx"),
                models.Index(fields=["message"], name="notices_not_message_f54c01_idx"),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("practice", "kind", "cause"), name="notice_once_for_a_cause"),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("told_at__isnull", True), ("told_by__isnull", True), ("told_how", "")),
                        models.Q(("told_at__isnull", False), models.Q(("told_how", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="notice_told_when_and_how",
                ),
                models.CheckConstraint(
                    condition=models.Q(models.Q(("state", "told"), _negated=True), ("told_at__isnull", False), _connector="OR"),
                    name="notice_told_is_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(models.Q(("state", "carried"), _negated=True), ("message__isnull", False), _connector="OR"),
                    name="notice_carried_by_a_message",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state", "unreached"), _negated=True),
                        models.Q(("unreached_at__isnull", False), models.Q(("why", ""), _negated=True)),
                        _connector="OR",
                    ),
                    name="notice_unreached_says_why",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("answer", ""), ("answered_at__isnull", True)),
                        models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                        _connector="OR",
                    ),
                    name="notice_answered_when",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Attempt",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("notice", models.ForeignKey(on_delete=models.CASCADE, related_name="attempts", to="notices.notice")),
            (
                "how",
                models.CharField(
                    choices=[
                        ("sms", "SMS"),
                        ("email", "Courriel"),
                        ("letter", "Courrier"),
                        ("phone", "Téléphone"),
                        ("desk", "De vive voix"),
                    ],
                    max_length=10,
                ),
            ),
            ("number", models.CharField(blank=True, max_length=16)),
            (
                "outcome",
                models.CharField(
                    choices=[
                        ("told", "Prévenu"),
                        ("no_answer", "Ne répond pas"),
                        ("voicemail", "Message sur répondeur"),
                        ("busy", "Occupé"),
                        ("wrong_number", "Mauvais numéro"),
                        ("posted", "Courrier à poster"),
                    ],
                    max_length=12,
                ),
            ),
            ("note", models.CharField(blank=True, max_length=200)),
            ("at", models.DateTimeField()),
            ("by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "indexes": [
                models.Index(fields=["notice", "at"], name="notices_att_notice__7acac5_idx"),
            ],
            "constraints": [
                models.CheckConstraint(condition=models.Q(("how", ""), _negated=True), name="attempt_by_some_means"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Template",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("kind", models.CharField(max_length=30)),
            ("channel", models.CharField(choices=[("sms", "SMS"), ("email", "Courriel"), ("letter", "Courrier")], max_length=10)),
            ("language", models.CharField(default="fr", max_length=2)),
            ("subject", models.CharField(blank=True, max_length=120)),
            ("body", models.TextField(max_length=2000)),
            ("author", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("changed_at", models.DateTimeField()),
            ("version", models.PositiveIntegerField(default=1)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "kind", "channel", "language"), name="one_template_each"),
            ],
        },
    ),
    migrations.CreateModel(
        name="Stop",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("address", models.CharField(max_length=120)),
            ("at", models.DateTimeField()),
            ("by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice", "address"), name="stopped_once"),
            ],
        },
    ),
]
# fmt: on

# (table, column, table of the same practice that it points at)
POINTERS = [
    ("notice", "patient_id", "patients_patient"),
    ("notice", "message_id", "outbox_message"),
    ("notice", "told_by_id", "practice_staff"),
    ("notice", "created_by_id", "practice_staff"),
    ("notice", "closed_by_id", "practice_staff"),
    ("attempt", "notice_id", "notices_notice"),
    ("attempt", "by_id", "practice_staff"),
    ("template", "author_id", "practice_staff"),
    ("stop", "by_id", "practice_staff"),
]
# Development’s migrations that this one stands for, after the first, whose name it kept.
JOINED = ["0002_truths", "0003_on_its_way"]


class Migration(migrations.Migration):
    initial = True
    replaces = [("notices", name) for name in JOINED]
    dependencies = [
        ("practice", "0001_initial"),
        ("outbox", "0001_initial"),
        ("patients", "0001_initial"),
    ]
    operations = [
        CreateTables(TABLES),
        PracticeIsolation("notices_notice"),
        PracticeIsolation("notices_attempt"),
        PracticeIsolation("notices_template"),
        PracticeIsolation("notices_stop"),
        PracticeKey("notices_notice"),
        *(SamePractice(f"notices_{table}", column, target) for table, column, target in POINTERS),
    ]
