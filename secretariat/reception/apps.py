from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "secretariat.reception"
    label = "reception"
    verbose_name = "Accueil"

    def ready(self) -> None:
        from secretariat.core import panels
        from secretariat.reception import queries

        panels.hang("agenda.appointment", queries.appointment_marks)
        panels.hang("rail", queries.rail)
