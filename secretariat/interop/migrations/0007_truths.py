from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice

# Whoever presents a secret sees the row that has its digest, and no other, before any practice
# is in view.
PRESENTED = "digest = NULLIF(current_setting('app.token', true), '')"


class Migration(migrations.Migration):
    dependencies = [("interop", "0006_open_to_others")]
    operations = [
        PracticeIsolation("interop_apitoken", also=PRESENTED),
        PracticeIsolation("interop_feed", also=PRESENTED),
        PracticeIsolation("interop_foreignidentifier"),
        PracticeKey("interop_apitoken"),
        PracticeKey("interop_feed"),
        SamePractice("interop_apitoken", "staff_id", "practice_staff"),
        SamePractice("interop_apitoken", "created_by_id", "practice_staff"),
        SamePractice("interop_apitoken", "revoked_by_id", "practice_staff"),
        SamePractice("interop_feed", "agenda_id", "agenda_agenda"),
        SamePractice("interop_feed", "created_by_id", "practice_staff"),
        SamePractice("interop_feed", "revoked_by_id", "practice_staff"),
        SamePractice("interop_foreignidentifier", "appointment_id", "agenda_appointment"),
    ]
