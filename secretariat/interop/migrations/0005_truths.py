from django.db import migrations

from secretariat.core.rls import PracticeIsolation, SamePractice


class Migration(migrations.Migration):
    dependencies = [("interop", "0004_what_became_of_each")]
    operations = [
        PracticeIsolation("interop_importedevent"),
        SamePractice("interop_importedevent", "agenda_id", "agenda_agenda"),
        SamePractice("interop_importline", "decided_by_id", "practice_staff"),
    ]
