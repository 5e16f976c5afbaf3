from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "secretariat.reception"
    label = "reception"
    verbose_name = "Accueil"

    def ready(self) -> None:
        from secretariat.core import panels
        from secretariat.reception import ends_queries, patient_panels, queries, receivers

        panels.hang("agenda.appointment", queries.appointment_marks)
        panels.hang("agenda.columns", ends_queries.column_ends)
        panels.hang("agenda.patient.warnings", patient_panels.no_shows)
        panels.hang("notices.call", patient_panels.call_sheet)
        panels.hang("rail", queries.rail)
        assert receivers  # noqa: S101 (heard from now on)
