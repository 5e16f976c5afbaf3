from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0002_initial"),
        ("patients", "0003_truths"),
        ("practice", "0002_truths"),
    ]
    operations = [
        PracticeIsolation("agenda_agenda"),
        PracticeIsolation("agenda_openingrule"),
        PracticeIsolation("agenda_openingexception"),
        PracticeIsolation("agenda_absence"),
        PracticeIsolation("agenda_visitreason"),
        PracticeIsolation("agenda_offeredreason"),
        PracticeIsolation("agenda_appointment"),
        PracticeKey("agenda_agenda"),
        PracticeKey("agenda_visitreason"),
        PracticeKey("agenda_appointment"),
        SamePractice("agenda_agenda", "practitioner_id", "practice_practitioner"),
        SamePractice("agenda_agenda", "site_id", "practice_site"),
        SamePractice("agenda_openingrule", "agenda_id", "agenda_agenda"),
        SamePractice("agenda_openingexception", "agenda_id", "agenda_agenda"),
        SamePractice("agenda_absence", "agenda_id", "agenda_agenda"),
        SamePractice("agenda_offeredreason", "agenda_id", "agenda_agenda"),
        SamePractice("agenda_offeredreason", "reason_id", "agenda_visitreason"),
        SamePractice("agenda_appointment", "agenda_id", "agenda_agenda"),
        SamePractice("agenda_appointment", "patient_id", "patients_patient"),
        SamePractice("agenda_appointment", "reason_id", "agenda_visitreason"),
        SamePractice("agenda_appointment", "created_by_id", "practice_staff"),
        SamePractice("agenda_appointment", "cancelled_by_id", "practice_staff"),
    ]
