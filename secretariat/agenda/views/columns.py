"""The columns of the day: one's own agendas, and the day by room."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from secretariat.agenda.actions.favourites import keep_favourites
from secretariat.agenda.queries.desk import Desk, agendas, chosen
from secretariat.agenda.queries.rooms import room_times, rooms
from secretariat.agenda.views.answers import day_asked, page
from secretariat.agenda.views.day import frame, titled, today_of
from secretariat.core import clock
from secretariat.practice.doors import Request, door


@require_POST
@door("agenda.read")
def favourites(request: Request) -> HttpResponse:
    """« En faire mes agendas »: those ticked are before one's eyes from now on; none: all."""
    desk = Desk(agendas(request.practice.pk))
    named = request.POST.getlist("agenda")
    wanted = [one for one in chosen(desk.agendas, named) if str(one.pk) in named]
    keep_favourites(agendas=wanted, by=request.staff)
    day = day_asked(request, today_of(desk))
    return HttpResponseClientRedirect(f"{reverse('agenda:day')}?date={day.isoformat()}")


@require_safe
@door("agenda.read")
def by_room(request: Request) -> HttpResponse:
    """One column a room or equipment: who is in which. To look at; visits open from it."""
    desk = Desk(agendas(request.practice.pk))
    today = today_of(desk)
    shown = day_asked(request, today)
    context = frame(request, desk, shown, today) | {
        "columns": rooms(request.practice.pk),
        "title": titled(shown, today),
        "view": "rooms",
        "here": reverse("agenda:rooms"),
    }
    return page(request, "agenda/rooms.html", context, zone=desk.zone)


@require_safe
@door("agenda.read")
def by_room_times(request: Request) -> JsonResponse:
    """Who is in which room that day, for the grid's script."""
    columns = rooms(request.practice.pk)
    at = clock.now()
    zone = columns[0].site.time_zone if columns else Desk([]).zone
    day = day_asked(request, clock.local_date(at, zone))
    return JsonResponse(room_times(columns, day, request.staff, at))
