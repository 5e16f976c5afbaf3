"""Each practice tells its own patients; no notice points to another's."""

from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice

TABLES = ["notice", "attempt", "template", "stop"]
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


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("outbox", "0002_truths")]
    operations = [
        *(PracticeIsolation(f"notices_{table}") for table in TABLES),
        PracticeKey("notices_notice"),
        *(SamePractice(f"notices_{table}", column, target) for table, column, target in POINTERS),
    ]
