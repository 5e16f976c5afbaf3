from django.urls import path

from secretariat.privacy import views

urlpatterns = [path("pulse/", views.pulse, name="pulse")]
