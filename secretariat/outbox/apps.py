from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "secretariat.outbox"
    label = "outbox"
    verbose_name = "Envois"
