import django.db.models.deletion
from django.db import migrations, models

from secretariat.core.rls import SamePractice


class Migration(migrations.Migration):
    dependencies = [("reception", "0004_settlers"), ("practice", "0004_automatic_roles")]
    operations = [
        migrations.AddField(
            "call",
            "touched_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.staff",
            ),
        ),
        SamePractice("reception_call", "touched_by_id", "practice_staff"),
    ]
