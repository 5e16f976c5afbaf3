from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "secretariat.agenda"
    label = "agenda"
    verbose_name = "Agenda"

    def ready(self) -> None:
        from secretariat.agenda import announcements
        from secretariat.agenda import panels as ours
        from secretariat.core import panels
        from secretariat.notices import kinds

        for kind in announcements.KINDS:
            kinds.declare(kind)

        panels.hang("patients.row", ours.last_and_next)
        panels.hang("patients.page", ours.patient_visits)
