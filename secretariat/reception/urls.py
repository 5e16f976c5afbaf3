from django.urls import path

from secretariat.reception.views import board, calls, walking_in

app_name = "reception"
urlpatterns = [
    path("day/", board.day, name="day"),
    path("walk-ins/new/", walking_in.walk_in, name="walk_in"),
    path("rail/", board.rail, name="rail"),
    path("visits/<int:pk>/steps/<slug:key>/", board.step, name="step"),
    path("visits/<int:pk>/last-step/undo/", board.undo_step, name="undo_step"),
    path("calls/", calls.calls, name="calls"),
    path("calls/new/", calls.new_call, name="new_call"),
    path("calls/card/", calls.card, name="card"),
    path("calls/caller/", calls.caller, name="caller"),
    path("calls/<int:pk>/", calls.call, name="call"),
    path("calls/<int:pk>/settlement/", calls.settle, name="settle"),
    path("calls/<int:pk>/reopening/", calls.reopen, name="reopen"),
    path("calls/<uuid:sheet>/words/", calls.jot, name="jot"),
    path("calls/<uuid:sheet>/outcome/", calls.outcome, name="outcome"),
]
