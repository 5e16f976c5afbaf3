from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0003_truths"),
        ("practice", "0002_truths"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                fields=["practice", "birth_date", "birth_name"], name="patient_identity"
            ),
        ),
    ]
