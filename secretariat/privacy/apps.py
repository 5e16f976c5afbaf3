from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "secretariat.privacy"
    label = "privacy"
    verbose_name = "Confidentialité"

    def ready(self) -> None:
        from secretariat.privacy import receivers  # noqa: F401
