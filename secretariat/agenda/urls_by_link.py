"""Addresses behind the links of messages about visits; the first part is their purpose."""

from django.urls import path

from secretariat.agenda.views import by_link

app_name = "by_link"
urlpatterns = [
    path("<str:token>/", by_link.visits, name="visits"),
    path("<str:token>/documents/<int:pk>.pdf", by_link.document, name="document"),
    path("<str:token>/<int:pk>/confirmation/", by_link.confirm, name="confirm"),
    path("<str:token>/<int:pk>/cancellation/", by_link.cancel, name="cancel"),
    path("<str:token>/<int:pk>/another/", by_link.another, name="another"),
]
