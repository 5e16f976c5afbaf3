"""The day of all practitioners, the week of one, and the month to choose from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from secretariat.agenda.models import Agenda
from secretariat.agenda.queries.columns import headings
from secretariat.agenda.queries.desk import Desk, agendas, chosen
from secretariat.agenda.queries.month import weeks
from secretariat.agenda.queries.shown import has_rooms
from secretariat.agenda.queries.shown import shown as shown_columns
from secretariat.agenda.queries.times import times
from secretariat.agenda.refused_words import day_words
from secretariat.agenda.views.answers import day_asked, offset_of, page
from secretariat.core import clock
from secretariat.practice.doors import Request, door

SPANS = {"1": 1, "7": 7}
VIEWS = {"day", "week", "rooms"}
FEW = 6
"""Up to that many agendas the day needs no filter."""


@require_safe
@door("agenda.read")
def day(request: Request) -> HttpResponse:
    """One column a practitioner; the day is in the address."""
    desk = Desk(agendas(request.practice.pk))
    today = today_of(desk)
    shown = day_asked(request, today)
    columns = shown_columns(desk.agendas, request.staff, request.GET.getlist("agenda"))
    context = frame(request, desk, shown, today) | {
        "wanted": columns.wanted,
        "mine": columns.mine,
        "why": columns.why,
        "many": columns.mine or len(desk.agendas) > FEW,
        "by_site": _by_site(desk.agendas),
        "has_rooms": has_rooms(request.practice.pk),
        "title": titled(shown, today),
        "view": "day",
    }
    return page(request, "agenda/day.html", context, zone=desk.zone)


@require_safe
@door("agenda.read")
def week(request: Request) -> HttpResponse:
    """Seven days of one agenda, Monday first."""
    desk = Desk(agendas(request.practice.pk))
    today = today_of(desk)
    asked = day_asked(request, today)
    monday = asked - timedelta(days=asked.weekday())
    one = next(iter(chosen(desk.agendas, request.GET.getlist("agenda"))), None)
    context = frame(request, desk, monday, today) | {
        "asked": asked,
        "title": f"Semaine {monday.isocalendar().week} · {_span_words(monday)}",
        "view": "week",
        "agenda": one,
        "wanted": [one] if one else [],
    }
    return page(request, "agenda/day.html", context, zone=desk.zone)


@require_safe
@door("agenda.read")
def grid_times(request: Request) -> JsonResponse:
    """Visits and closed times of the days asked, for the grid's script."""
    pk, named = request.practice.pk, request.GET.getlist("agenda")
    # The grid of one practitioner does not read the nineteen others.
    columns = agendas(pk, wanted=named) or agendas(pk)
    first = day_asked(request, today_of(Desk(columns)))
    days = SPANS.get(request.GET.get("days", ""), 1)
    return JsonResponse(times(columns, first, days, request.staff, clock.now()))


@require_safe
@door("agenda.read")
def column_headings(request: Request) -> JsonResponse:
    """What stands in the heading of each column besides its name: asked after the visits."""
    pk, named = request.practice.pk, request.GET.getlist("agenda")
    columns = agendas(pk, wanted=named) or agendas(pk)
    day = day_asked(request, today_of(Desk(columns)))
    return JsonResponse(headings(columns, day, request.staff, clock.now()))


@require_safe
@door("agenda.read")
def month(request: Request) -> HttpResponse:
    """Six weeks with the load of each day; a click goes there."""
    desk = Desk(agendas(request.practice.pk))
    today = today_of(desk)
    shown = day_asked(request, today)
    counted = chosen(desk.agendas, request.GET.getlist("agenda"))
    first = shown.replace(day=1)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "day"
    context = {
        "shown": shown,
        "today": today,
        "weeks": weeks(counted, shown, today, desk.zone),
        "days": [first + timedelta(days=n - first.weekday()) for n in range(7)],
        "before": first - timedelta(days=1),
        "after": (first + timedelta(days=31)).replace(day=1),
        "view": view,
        "there": reverse(f"agenda:{view}"),
        "agenda": counted[0] if len(counted) == 1 else None,
    }
    return page(request, "agenda/month.html", context, zone=desk.zone)


def frame(request: Request, desk: Desk, shown: date, today: date) -> dict[str, Any]:
    """What day, week and rooms have in common."""
    step = 7 if request.resolver_match and request.resolver_match.url_name == "week" else 1
    at = clock.local(clock.now(), desk.zone)
    return {
        "agendas": desk.agendas,
        "shown": shown,
        "asked": shown,
        "today": today,
        "before": shown - timedelta(days=step),
        "after": shown + timedelta(days=step),
        "here": reverse("agenda:day"),
        "offset": offset_of(at),
        "may_book": request.staff.may("agenda.book"),
        "may_rule": request.staff.may("agenda.rules"),
    }


def titled(shown: date, today: date) -> str:
    """« lundi 23 novembre », with its year when it is another."""
    return day_words(shown) + (f" {shown.year}" if shown.year != today.year else "")


def _by_site(found: list[Agenda]) -> list[tuple[str, list[Agenda]]]:
    """The agendas under the name of their site, in the order of the columns."""
    sites: dict[str, list[Agenda]] = {}
    for agenda in found:
        sites.setdefault(agenda.site.name, []).append(agenda)
    return list(sites.items())


def today_of(desk: Desk) -> date:
    """The present day on the clock of the desk."""
    return clock.local_date(clock.now(), desk.zone)


def _span_words(monday: date) -> str:
    """« 23 au 29 novembre », « 28 décembre au 3 janvier »."""
    first = day_words(monday).split()[1:]
    last = day_words(monday + timedelta(days=6)).split()[1:]
    return " ".join([*(first[:1] if first[1] == last[1] else first), "au", *last])
