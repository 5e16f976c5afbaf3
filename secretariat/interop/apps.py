from django.apps import AppConfig


class InteropConfig(AppConfig):
    name = "secretariat.interop"
    label = "interop"
    verbose_name = "Échanges"

    def ready(self) -> None:
        from secretariat.core import panels
        from secretariat.interop.queries import decisions

        panels.hang("rail", decisions.rail)
