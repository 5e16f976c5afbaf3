"""Addresses behind the links of offers; the first part is their purpose."""

from django.urls import path

from secretariat.agenda.views import waiting_link

app_name = "offers_by_link"
urlpatterns = [
    path("<str:token>/", waiting_link.offers, name="offers"),
    path("<str:token>/<int:pk>/<str:said>/", waiting_link.answer, name="answer"),
]
