import django.db.models.deletion
from django.db import migrations, models

from secretariat.core.rls import SamePractice


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0002_freed_by_rules"),
        ("practice", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="quota",
            name="changed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="quota",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="quota",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("changed_at__isnull", True), ("changed_by__isnull", True)),
                    models.Q(("changed_at__isnull", False), ("changed_by__isnull", False)),
                    _connector="OR",
                ),
                name="quota_changed_pair",
            ),
        ),
        SamePractice("agenda_quota", "changed_by_id", "practice_staff"),
    ]
