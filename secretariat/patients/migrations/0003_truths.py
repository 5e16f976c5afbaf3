from django.db import migrations

from secretariat.core.rls import PracticeIsolation, PracticeKey, SamePractice


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_initial"), ("practice", "0002_truths")]
    operations = [
        PracticeIsolation("patients_household"),
        PracticeIsolation("patients_patient"),
        PracticeIsolation("patients_contactpoint"),
        PracticeIsolation("patients_relatedperson"),
        PracticeIsolation("patients_patientrevision"),
        PracticeIsolation("patients_searchkey"),
        PracticeIsolation("patients_filecounter"),
        PracticeKey("patients_household"),
        PracticeKey("patients_patient"),
        SamePractice("patients_patient", "household_id", "patients_household"),
        SamePractice("patients_patient", "usual_practitioner_id", "practice_practitioner"),
        SamePractice("patients_contactpoint", "patient_id", "patients_patient"),
        SamePractice("patients_relatedperson", "patient_id", "patients_patient"),
        SamePractice("patients_relatedperson", "person_id", "patients_patient"),
        SamePractice("patients_patientrevision", "patient_id", "patients_patient"),
        SamePractice("patients_searchkey", "patient_id", "patients_patient"),
    ]
