import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0004_automatic_roles"),
        ("privacy", "0002_truths"),
    ]

    operations = [
        migrations.AlterField(
            model_name="entry",
            name="staff",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="practice.staff",
            ),
        ),
    ]
