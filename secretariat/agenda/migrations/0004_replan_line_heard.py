from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0003_quota_changed"),
    ]

    operations = [
        migrations.AddField(
            model_name="replanline",
            name="heard",
            field=models.BooleanField(default=False),
        ),
    ]
