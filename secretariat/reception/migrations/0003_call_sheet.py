import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reception", "0002_truths")]
    operations = [
        # The database gives each call already there a name of its own.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE reception_call ADD COLUMN sheet uuid NOT NULL DEFAULT gen_random_uuid()",
                    "ALTER TABLE reception_call DROP COLUMN sheet",
                )
            ],
            state_operations=[
                migrations.AddField("call", "sheet", models.UUIDField(default=uuid.uuid4))
            ],
        ),
        migrations.AddConstraint(
            "call",
            models.UniqueConstraint(fields=["practice", "sheet"], name="call_sheet_once"),
        ),
    ]
