from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice


class Migration(migrations.Migration):
    dependencies = [("reception", "0001_initial"), ("agenda", "0003_truths")]
    operations = [
        PracticeIsolation("reception_call"),
        PracticeIsolation("reception_visit"),
        PracticeIsolation("reception_visitstep"),
        PracticeKey("reception_visit"),
        PracticeKey("reception_call"),
        SamePractice("reception_call", "patient_id", "patients_patient"),
        SamePractice("reception_call", "appointment_id", "agenda_appointment"),
        SamePractice("reception_call", "message_for_id", "practice_practitioner"),
        SamePractice("reception_call", "taken_by_id", "practice_staff"),
        SamePractice("reception_visit", "appointment_id", "agenda_appointment"),
        SamePractice("reception_visitstep", "visit_id", "reception_visit"),
        SamePractice("reception_visitstep", "by_id", "practice_staff"),
    ]
