from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0005_public_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_given",
            field=models.BooleanField(default=False),
        ),
    ]
