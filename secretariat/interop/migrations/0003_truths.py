from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice


class Migration(migrations.Migration):
    dependencies = [("interop", "0002_initial"), ("agenda", "0003_truths")]
    operations = [
        PracticeIsolation("interop_importfile"),
        PracticeIsolation("interop_importline"),
        PracticeKey("interop_importfile"),
        SamePractice("interop_importline", "file_id", "interop_importfile"),
        SamePractice("interop_importfile", "by_id", "practice_staff"),
    ]
