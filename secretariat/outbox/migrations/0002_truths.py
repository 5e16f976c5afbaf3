"""Each practice sends for itself alone."""

from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]
    operations = [
        PracticeIsolation("outbox_message"),
        PracticeIsolation("outbox_delivery"),
        PracticeKey("outbox_message"),
        SamePractice("outbox_delivery", "message_id", "outbox_message"),
    ]
