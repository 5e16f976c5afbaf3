from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "secretariat.patients"
    label = "patients"
    verbose_name = "Patients"
