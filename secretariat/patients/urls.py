from django.urls import path

from secretariat.patients.views import around, correcting, finding, reading, registering

app_name = "patients"
urlpatterns = [
    path("", finding.search, name="search"),
    path("find/", finding.find, name="find"),
    path("new/", registering.register, name="register"),
    path("new/duplicates/", finding.duplicates, name="duplicates"),
    path("<int:pk>/", reading.patient, name="patient"),
    path("<int:pk>/history/", reading.history, name="history"),
    path("<int:pk>/looks/", reading.looks, name="looks"),
    path("<int:pk>/correction/", correcting.correct, name="correct"),
    path("<int:pk>/identity-check/", correcting.verify, name="verify"),
    path("<int:pk>/death/", correcting.death, name="death"),
    path("<int:pk>/corrections/<int:version>/undo/", correcting.undo, name="undo"),
    path("<int:pk>/contact-points/new/", around.add_point, name="add_point"),
    path("<int:pk>/contact-points/<int:point_pk>/", around.change_point, name="change_point"),
    path(
        "<int:pk>/contact-points/<int:point_pk>/removal/", around.remove_point, name="remove_point"
    ),
    path("<int:pk>/household/", around.join, name="join_household"),
    path("<int:pk>/household/departure/", around.leave, name="leave_household"),
    path("<int:pk>/related-people/new/", around.add_related, name="add_related"),
    path(
        "<int:pk>/related-people/<int:related_pk>/removal/",
        around.remove_related,
        name="remove_related",
    ),
]
