from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "secretariat.notices"
    label = "notices"
    verbose_name = "Prévenir"

    def ready(self) -> None:
        from secretariat.notices import receivers, writing
        from secretariat.outbox import rendering

        rendering.written_by(writing.KIND, writing.write)
        assert receivers  # noqa: S101 (heard from now on)
