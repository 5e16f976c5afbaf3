"""« Mes agendas »: the columns that someone wants before them."""

import django.db.models.deletion
from django.db import migrations, models

from secretariat.core.rls import PracticeIsolation, SamePractice


class Migration(migrations.Migration):
    dependencies = [("agenda", "0008_hold_of_a_sheet"), ("practice", "0003_school_zone")]
    operations = [
        migrations.CreateModel(
            name="FavouriteAgenda",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agenda",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agenda.agenda",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practice.practice",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="practice.staff",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="favouriteagenda",
            constraint=models.UniqueConstraint(
                fields=("staff", "agenda"), name="agenda_favourite_once"
            ),
        ),
        PracticeIsolation("agenda_favouriteagenda"),
        SamePractice("agenda_favouriteagenda", "staff_id", "practice_staff"),
        SamePractice("agenda_favouriteagenda", "agenda_id", "agenda_agenda"),
    ]
