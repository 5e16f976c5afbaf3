from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0004_automatic_roles"),
    ]

    operations = [
        migrations.AddField(
            model_name="site",
            name="public_name",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]
