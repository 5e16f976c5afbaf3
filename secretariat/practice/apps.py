from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "secretariat.practice"
    label = "practice"
    verbose_name = "Cabinet"

    def ready(self) -> None:
        """Listen for a password of one's own."""
        from secretariat.practice import receivers  # noqa: F401
