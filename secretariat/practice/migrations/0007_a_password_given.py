from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0004_automatic_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_given",
            field=models.BooleanField(default=False),
        ),
    ]
