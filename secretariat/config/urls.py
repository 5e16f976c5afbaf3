"""All addresses of the product."""

from __future__ import annotations

from django.urls import include, path

from secretariat.config.views import home
from secretariat.core import views as core

urlpatterns = [
    path("", home, name="home"),
    path("livez", core.livez, name="livez"),
    path("readyz", core.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("secretariat.practice.urls")),
    path("", include("secretariat.privacy.urls")),
    path("patients/", include("secretariat.patients.urls")),
    path("", include("secretariat.outbox.urls")),
    path("", include("secretariat.notices.urls")),
    path("agenda/", include("secretariat.agenda.urls")),
    path("rdv/", include("secretariat.agenda.urls_by_link")),
    path("creneau/", include("secretariat.agenda.urls_offers")),
    path("", include("secretariat.reception.urls")),
    path("imports/", include("secretariat.interop.urls")),
    path("elsewhere/", include("secretariat.interop.urls_elsewhere")),
    path("fhir/", include("secretariat.interop.urls_fhir")),
    path("ical/", include("secretariat.interop.urls_ical")),
]

handler400 = "secretariat.core.views.bad_request"
handler403 = "secretariat.core.views.forbidden"
handler404 = "secretariat.core.views.not_found"
handler500 = "secretariat.core.views.broken"
