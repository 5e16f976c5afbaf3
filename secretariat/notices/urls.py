from django.urls import path

from secretariat.notices.views import ledger, stops, texts, unreached

app_name = "notices"
urlpatterns = [
    path("unreached/", unreached.unreached, name="unreached"),
    path("unreached/tries/", unreached.tried, name="tried"),
    path("unreached/tries/<str:keys>/removal/", unreached.untried, name="untried"),
    path("unreached/messages/", unreached.again, name="again"),
    path("unreached/letters/", unreached.letter, name="letter"),
    path("unreached/closing/", unreached.closing, name="closing"),
    path("unreached/<str:keys>/holding-back/", unreached.held_back, name="held_back"),
    path("unreached/<str:keys>/reopening/", unreached.reopened, name="reopened"),
    path("patients/<int:pk>/messages/", ledger.patient_ledger, name="ledger"),
    path("messages/<int:pk>/text/", ledger.message_text, name="message_text"),
    path("contact-points/<int:pk>/stop/", stops.stop, name="stop"),
    path("contact-points/<int:pk>/permission/", stops.allow, name="allow"),
    path("texts/", texts.texts, name="texts"),
    path("texts/<str:kind>/<slug:channel>/<slug:language>/", texts.text, name="text"),
    path("texts/<str:kind>/<slug:channel>/<slug:language>/ours/", texts.forget, name="forget"),
    path("texts/<str:kind>/<slug:channel>/<slug:language>/preview/", texts.preview, name="preview"),
]
