"""A practice's ways out are its own; who kept them works there."""

from django.db import migrations

from secretariat.core.rls import PracticeIsolation, SamePractice

TABLES = ["mailsender", "smssender", "sendingrules"]


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_senders")]
    operations = [
        *(PracticeIsolation(f"outbox_{table}") for table in TABLES),
        *(SamePractice(f"outbox_{table}", "changed_by_id", "practice_staff") for table in TABLES),
    ]
