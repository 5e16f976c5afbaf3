from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="quota",
            name="released_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="freedtime",
            name="why",
            field=models.CharField(
                choices=[
                    ("cancelled", "Rendez-vous annulé"),
                    ("moved", "Rendez-vous déplacé"),
                    ("chosen", "Choisi dans l’agenda"),
                    ("absence", "Absence annulée"),
                    ("opening", "Ouverture exceptionnelle"),
                    ("hours", "Horaires modifiés"),
                    ("quota", "Quota libéré"),
                    ("room", "Salle ou matériel disponible"),
                ],
                max_length=10,
            ),
        ),
    ]
