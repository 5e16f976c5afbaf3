from django.db import migrations

from secretariat.core.rls import SamePractice


class Migration(migrations.Migration):
    """Who forced, squeezed, closed or ruled is someone of the same practice."""

    dependencies = [("agenda", "0004_at_most_a_day")]
    operations = [
        SamePractice("agenda_appointment", "squeezed_by_id", "practice_staff"),
        SamePractice("agenda_appointment", "forced_by_id", "practice_staff"),
        SamePractice("agenda_absence", "author_id", "practice_staff"),
        SamePractice("agenda_absence", "cancelled_by_id", "practice_staff"),
        SamePractice("agenda_openingexception", "author_id", "practice_staff"),
        SamePractice("agenda_openingrule", "author_id", "practice_staff"),
    ]
