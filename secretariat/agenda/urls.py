from django.urls import path

from secretariat.agenda.views import (
    booking,
    day,
    finding,
    printing,
    reasons,
    rules,
    undoing,
    visit,
)

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
    path("appointments/<int:pk>/note/", visit.note, name="note"),
    path("appointments/<int:pk>/cancellation/", visit.cancel, name="cancel"),
    path("appointments/<int:pk>/restoration/", visit.restore, name="restore"),
    path("appointments/<int:pk>/undo/<str:token>/", undoing.undo, name="undo"),
    path("settings/", rules.settings, name="settings"),
    path("settings/agendas/", rules.open_agenda, name="open_agenda"),
    path("settings/agendas/<int:pk>/openings/", rules.set_rule, name="set_rule"),
    path("settings/openings/<int:pk>/end/", rules.end_rule, name="end_rule"),
    path("settings/agendas/<int:pk>/exceptions/", rules.add_exception, name="add_exception"),
    path("settings/exceptions/<int:pk>/removal/", rules.remove_exception, name="remove_exception"),
    path("settings/agendas/<int:pk>/absences/", rules.absent, name="absent"),
    path("settings/absences/<int:pk>/", rules.absence, name="absence"),
    path("settings/absences/<int:pk>/cancellation/", rules.cancel_absence, name="cancel_absence"),
    path("settings/reasons/", reasons.reasons, name="reasons"),
    path("settings/reasons/new/", reasons.new_reason, name="new_reason"),
    path("settings/reasons/<int:pk>/", reasons.reason, name="reason"),
]
