from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "secretariat.interop"
    label = "interop"
    verbose_name = "Échanges"
