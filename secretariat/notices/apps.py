from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "secretariat.notices"
    label = "notices"
    verbose_name = "Prévenir"

    def ready(self) -> None:
        from secretariat.core import panels
        from secretariat.notices import panels as ours
        from secretariat.notices import receivers, writing
        from secretariat.notices.queries import reached
        from secretariat.outbox import rendering

        rendering.written_by(writing.KIND, writing.write)
        panels.hang("patients.points", ours.stopped_points)
        panels.hang("rail", reached.rail)
        assert receivers  # noqa: S101 (heard from now on)
