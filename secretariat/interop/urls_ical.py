from django.urls import path

from secretariat.interop.views import calendars

app_name = "ical"
urlpatterns = [
    path("<str:secret>.ics", calendars.events, name="events"),
    path("<str:secret>/free-busy.ics", calendars.free_busy, name="free_busy"),
]
