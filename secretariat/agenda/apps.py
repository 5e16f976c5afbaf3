from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "secretariat.agenda"
    label = "agenda"
    verbose_name = "Agenda"
