"""A practice's letters are its own, and so is who printed and posted them."""

from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice

POINTERS = [
    ("letterbatch", "printed_by_id", "practice_staff"),
    ("letterbatch", "posted_by_id", "practice_staff"),
    ("batchletter", "batch_id", "outbox_letterbatch"),
    ("batchletter", "message_id", "outbox_message"),
]


class Migration(migrations.Migration):
    dependencies = [("outbox", "0005_letters")]
    operations = [
        PracticeIsolation("outbox_letterbatch"),
        PracticeIsolation("outbox_batchletter"),
        PracticeKey("outbox_letterbatch"),
        *(SamePractice(f"outbox_{table}", column, target) for table, column, target in POINTERS),
    ]
