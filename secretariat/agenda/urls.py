from django.urls import path

from secretariat.agenda.views import booking, day, finding, printing, undoing, visit

app_name = "agenda"
urlpatterns = [
    path("", day.day, name="day"),
    path("week/", day.week, name="week"),
    path("month/", day.month, name="month"),
    path("times/", day.grid_times, name="times"),
    path("book/", booking.book, name="book"),
    path("why/", booking.why, name="why"),
    path("find/", finding.find, name="find"),
    path("print/", printing.print_day, name="print"),
    path("appointments/<int:pk>/", visit.appointment, name="appointment"),
    path("appointments/<int:pk>/move/", visit.move, name="move"),
    path("appointments/<int:pk>/cancellation/", visit.cancel, name="cancel"),
    path("appointments/<int:pk>/restoration/", visit.restore, name="restore"),
    path("appointments/<int:pk>/undo/<str:token>/", undoing.undo, name="undo"),
]
