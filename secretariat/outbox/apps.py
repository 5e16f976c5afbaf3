from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "secretariat.outbox"
    label = "outbox"
    verbose_name = "Envois"

    def ready(self) -> None:
        from secretariat.outbox import opening, ways

        opening.opened_by("email", ways.mail)
        opening.opened_by("sms", ways.sms)
        opening.limited_by(ways.limits)
