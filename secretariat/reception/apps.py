from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "secretariat.reception"
    label = "reception"
    verbose_name = "Accueil"
