from django.urls import path

from secretariat.reception.views import board

app_name = "reception"
urlpatterns = [
    path("day/", board.day, name="day"),
    path("rail/", board.rail, name="rail"),
    path("visits/<int:pk>/steps/<slug:key>/", board.step, name="step"),
    path("visits/<int:pk>/last-step/undo/", board.undo_step, name="undo_step"),
]
