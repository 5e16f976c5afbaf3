from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "secretariat.reception"
    label = "reception"
    verbose_name = "Accueil"

    def ready(self) -> None:
        from secretariat.core import panels
        from secretariat.reception import patient_panels, queries

        panels.hang("agenda.appointment", queries.appointment_marks)
        panels.hang("agenda.patient.warnings", patient_panels.no_shows)
        panels.hang("rail", queries.rail)
