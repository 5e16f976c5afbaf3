from django.db import migrations

from secretariat.core.rls import USER, PracticeIsolation, PracticeKey, SamePractice


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_initial")]
    operations = [
        # A person reads their own posts, and the names of their practices, before choosing one.
        PracticeIsolation("practice_staff", also=f"user_id = {USER}"),
        PracticeIsolation(
            "practice_practice",
            column="id",
            also=f"id IN (SELECT practice_id FROM practice_staff WHERE user_id = {USER})",  # noqa: S608
        ),
        PracticeIsolation("practice_site"),
        PracticeIsolation("practice_practitioner"),
        PracticeKey("practice_staff"),
        PracticeKey("practice_site"),
        PracticeKey("practice_practitioner"),
        SamePractice("practice_staff", "practitioner_id", "practice_practitioner"),
    ]
