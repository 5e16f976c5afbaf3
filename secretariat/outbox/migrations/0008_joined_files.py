from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0007_no_second_delay")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="joined",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
