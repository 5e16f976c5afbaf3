from django.apps import AppConfig


class PracticeConfig(AppConfig):
    name = "secretariat.practice"
    label = "practice"
    verbose_name = "Cabinet"
