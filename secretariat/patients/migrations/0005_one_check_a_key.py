import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0004_identity_index"),
    ]

    operations = [
        migrations.AlterField(
            model_name="searchkey",
            name="patient",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="patients.patient",
            ),
        ),
    ]
