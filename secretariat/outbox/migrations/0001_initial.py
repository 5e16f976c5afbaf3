"""What leaves, by which way, and what became of it."""

import datetime
import uuid

from django.db import migrations, models

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice
from secretariat.core.tables import CreateTables

# One field a line, to be read as a table.
# fmt: off
TABLES = [
    migrations.CreateModel(
        name="Message",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("kind", models.CharField(max_length=40)),
            ("cause", models.CharField(max_length=120)),
            ("channel", models.CharField(choices=[("sms", "SMS"), ("email", "Courriel"), ("letter", "Courrier")], max_length=10)),
            ("address", models.CharField(blank=True, max_length=120)),
            ("stable_id", models.UUIDField(default=uuid.uuid4, unique=True)),
            ("language", models.CharField(default="fr", max_length=2)),
            (
                "state",
                models.CharField(
                    choices=[
                        ("waiting", "À envoyer"),
                        ("sent", "Envoyé"),
                        ("delivered", "Remis"),
                        ("failed", "Non remis"),
                        ("withdrawn", "Retiré"),
                    ],
                    default="waiting",
                    max_length=10,
                ),
            ),
            ("urgent", models.BooleanField(default=False)),
            ("next_at", models.DateTimeField()),
            ("leased_until", models.DateTimeField(blank=True, null=True)),
            ("expires_at", models.DateTimeField(blank=True, null=True)),
            ("attempts", models.PositiveSmallIntegerField(default=0)),
            ("subject", models.CharField(blank=True, max_length=200)),
            ("body", models.TextField(blank=True, max_length=4000)),
            ("joined", models.JSONField(blank=True, default=list)),
            ("cents", models.PositiveIntegerField(default=0)),
            ("confirmed_later", models.BooleanField(default=False)),
            ("reference", models.CharField(blank=True, max_length=120)),
            ("failure", models.CharField(blank=True, max_length=300)),
            ("sent_at", models.DateTimeField(blank=True, null=True)),
            ("settled_at", models.DateTimeField(blank=True, null=True)),
            ("created_at", models.DateTimeField()),
        ],
        options={
            "indexes": [
                models.Index(condition=models.Q(("state", "waiting")), fields=["next_at"], name="message_to_send"),
                models.Index(
                    condition=models.Q(("reference", ""), _negated=True), fields=["practice", "reference"], name="message_by_reference"
                ),
                models.Index(
                    condition=models.Q(("sent_at__isnull", False)), fields=["practice", "channel", "sent_at"], name="message_sent_on_a_day"
                ),
            ],
            "constraints": [
                models.UniqueConstraint(fields=("practice", "kind", "cause"), name="message_once_for_a_cause"),
                models.CheckConstraint(
                    condition=models.Q(("channel", "letter"), models.Q(("address", ""), _negated=True), _connector="OR"),
                    name="message_has_an_address",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("sent_at__isnull", True), ("settled_at__isnull", True), ("state", "waiting")),
                        models.Q(("sent_at__isnull", False), ("settled_at__isnull", True), ("state", "sent")),
                        models.Q(("sent_at__isnull", False), ("settled_at__isnull", False), ("state", "delivered")),
                        models.Q(("settled_at__isnull", False), ("state__in", ["failed", "withdrawn"])),
                        _connector="OR",
                    ),
                    name="message_state_has_its_moment",
                ),
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("state__in", ["sent", "delivered"]), _negated=True),
                        models.Q(("body", ""), _negated=True),
                        _connector="OR",
                    ),
                    name="message_sent_says_something",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="Delivery",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("message", models.ForeignKey(on_delete=models.CASCADE, related_name="deliveries", to="outbox.message")),
            ("at", models.DateTimeField()),
            (
                "outcome",
                models.CharField(
                    choices=[
                        ("accepted", "Parti"),
                        ("later", "Remis à plus tard"),
                        ("refused", "Refusé"),
                        ("delivered", "Remis au destinataire"),
                        ("undelivered", "Non remis au destinataire"),
                    ],
                    max_length=12,
                ),
            ),
            ("detail", models.CharField(blank=True, max_length=300)),
        ],
        options={
            "indexes": [
                models.Index(fields=["message", "at"], name="outbox_deli_message_8cbb24_idx"),
            ],
        },
    ),
    migrations.CreateModel(
        name="LetterBatch",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("printed_at", models.DateTimeField()),
            ("printed_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("posted_at", models.DateTimeField(blank=True, null=True)),
            ("posted_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
        ],
        options={
            "indexes": [
                models.Index(fields=["practice", "-printed_at"], name="outbox_lett_practic_6d168b_idx"),
            ],
            "constraints": [
                models.CheckConstraint(
                    condition=models.Q(
                        models.Q(("posted_at__isnull", True), ("posted_by__isnull", True)),
                        models.Q(("posted_at__isnull", False), ("posted_by__isnull", False)),
                        _connector="OR",
                    ),
                    name="letter_batch_posted_by_someone",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="BatchLetter",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("batch", models.ForeignKey(on_delete=models.CASCADE, related_name="letters", to="outbox.letterbatch")),
            ("message", models.OneToOneField(on_delete=models.CASCADE, related_name="+", to="outbox.message")),
            ("place", models.PositiveSmallIntegerField()),
            ("address", models.TextField(max_length=400)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("batch", "place"), name="batch_letter_has_its_place"),
            ],
        },
    ),
    migrations.CreateModel(
        name="MailSender",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("changed_at", models.DateTimeField()),
            ("changed_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("active", models.BooleanField(default=True)),
            ("host", models.CharField(max_length=253)),
            ("port", models.PositiveIntegerField(default=587)),
            (
                "security",
                models.CharField(
                    choices=[
                        ("starttls", "STARTTLS (port 587, le plus courant)"),
                        ("tls", "TLS dès la connexion (port 465)"),
                        ("none", "Aucune (machine du cabinet seulement)"),
                    ],
                    default="starttls",
                    max_length=8,
                ),
            ),
            ("login", models.CharField(blank=True, max_length=254)),
            ("password_sealed", models.TextField(blank=True)),
            ("name", models.CharField(max_length=80)),
            ("address", models.CharField(max_length=254)),
            ("reply_to", models.CharField(blank=True, max_length=254)),
            ("bounce_host", models.CharField(blank=True, max_length=253)),
            ("bounce_port", models.PositiveIntegerField(default=993)),
            ("bounce_login", models.CharField(blank=True, max_length=254)),
            ("bounce_password_sealed", models.TextField(blank=True)),
            ("bounce_folder", models.CharField(default="INBOX", max_length=80)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice",), name="one_mail_sender_a_practice"),
                models.CheckConstraint(
                    condition=models.Q(("port__gte", 1), ("port__lte", 65535), ("bounce_port__gte", 1), ("bounce_port__lte", 65535)),
                    name="mail_sender_ports",
                ),
            ],
        },
    ),
    migrations.CreateModel(
        name="SmsSender",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("changed_at", models.DateTimeField()),
            ("changed_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("active", models.BooleanField(default=True)),
            (
                "provider",
                models.CharField(
                    choices=[("ovh", "OVHcloud"), ("twilio", "Twilio"), ("generic", "Autre passerelle (HTTP)")], max_length=10
                ),
            ),
            ("sender", models.CharField(blank=True, max_length=40)),
            ("account", models.CharField(blank=True, max_length=120)),
            ("application", models.CharField(blank=True, max_length=120)),
            ("key_sealed", models.TextField(blank=True)),
            ("second_key_sealed", models.TextField(blank=True)),
            ("url", models.CharField(blank=True, max_length=300)),
            ("options", models.JSONField(blank=True, default=dict)),
            ("cents_each", models.PositiveSmallIntegerField(default=7)),
            ("confirms", models.BooleanField(default=True)),
            ("light", models.BooleanField(default=True)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice",), name="one_sms_sender_a_practice"),
            ],
        },
    ),
    migrations.CreateModel(
        name="SendingRules",
        fields=[
            ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ("practice", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="practice.practice")),
            ("changed_at", models.DateTimeField()),
            ("changed_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to="practice.staff")),
            ("from_hour", models.TimeField(default=datetime.time(8, 0))),
            ("until_hour", models.TimeField(default=datetime.time(20, 0))),
            ("days_off", models.PositiveSmallIntegerField(default=64)),
            ("sms_a_day", models.PositiveIntegerField(default=500)),
            ("cents_a_day", models.PositiveIntegerField(default=5000)),
            ("delay_minutes", models.PositiveSmallIntegerField(default=0)),
        ],
        options={
            "constraints": [
                models.UniqueConstraint(fields=("practice",), name="one_sending_rules_a_practice"),
                models.CheckConstraint(condition=models.Q(("from_hour__lt", models.F("until_hour"))), name="sending_rules_leave_hours"),
                models.CheckConstraint(condition=models.Q(("days_off__gte", 0), ("days_off__lt", 127)), name="sending_rules_leave_days"),
                models.CheckConstraint(condition=models.Q(("delay_minutes__lte", 60)), name="sending_rules_delay_an_hour"),
            ],
        },
    ),
]
# fmt: on

# Whose rows belong to one practice.
OWNED = [
    "message", "delivery", "letterbatch", "batchletter", "mailsender", "smssender",
    "sendingrules",
]  # fmt: skip
# (table, column, table of the same practice that it points at)
POINTERS = [
    ("delivery", "message_id", "outbox_message"),
    ("letterbatch", "printed_by_id", "practice_staff"),
    ("letterbatch", "posted_by_id", "practice_staff"),
    ("batchletter", "batch_id", "outbox_letterbatch"),
    ("batchletter", "message_id", "outbox_message"),
    ("mailsender", "changed_by_id", "practice_staff"),
    ("smssender", "changed_by_id", "practice_staff"),
    ("sendingrules", "changed_by_id", "practice_staff"),
]
# Development’s migrations that this one stands for, after the first, whose name it kept.
JOINED = [
    "0002_truths", "0003_senders", "0004_senders_truths", "0005_letters", "0006_letters_truths",
    "0007_no_second_delay", "0008_joined_files",
]  # fmt: skip


class Migration(migrations.Migration):
    initial = True
    replaces = [("outbox", name) for name in JOINED]
    dependencies = [
        ("practice", "0001_initial"),
    ]
    operations = [
        CreateTables(TABLES),
        *(PracticeIsolation(f"outbox_{table}") for table in OWNED),
        PracticeKey("outbox_message"),
        PracticeKey("outbox_letterbatch"),
        *(SamePractice(f"outbox_{table}", column, target) for table, column, target in POINTERS),
    ]
