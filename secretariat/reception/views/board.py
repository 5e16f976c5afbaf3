"""« Journée »: who is expected, who waits, who is in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from secretariat.agenda.models import Appointment
from secretariat.agenda.queries.desk import agendas
from secretariat.core import clock, panels
from secretariat.practice.doors import Request, door
from secretariat.reception import actions, board_queries, call_queries, ends_queries
from secretariat.reception.models import Call
from secretariat.reception.steps import STATES, STEPS
from secretariat.reception.views.answers import changed, day_asked, zone_of


@require_safe
@door("reception.read")
def day(request: Request) -> HttpResponse:
    """The board of a day; today unless the address says another."""
    at = clock.now()
    zone = zone_of(request)
    today = clock.local_date(at, zone)
    shown = day_asked(request.GET.get("date", ""), today)
    board = board_queries.board(request.practice.pk, shown, at, zone)
    ends = _ends(request, shown, at)
    for column in board.columns:
        column.ends = ends.get(column.pk, {}).get("ends", [])
    context = {
        "day": shown,
        "today": today,
        "previous": shown - timedelta(days=1),
        "next": shown + timedelta(days=1),
        "columns": board.columns,
        "waiting": board.waiting,
        "addressed": _addressed(request),
        "at": at,
        "may_receive": request.staff.may("reception.work"),
        "may_step": request.staff.may("reception.call_in"),
    }
    template = (
        "reception/day.html#board" if request.GET.get("part") == "board" else "reception/day.html"
    )
    with timezone.override(zone):
        return render(request, template, context)


@require_POST
@door("reception.call_in")
def step(request: Request, pk: int, key: str) -> HttpResponse:
    """One key, one step; the notice carries its undo."""
    appointment = get_object_or_404(Appointment, pk=pk)
    visit = actions.step(appointment=appointment, key=key, by=request.staff, at=clock.now())
    name = str(visit.appointment.patient or visit.appointment.title)
    word = STATES[STEPS[key].state][0]
    undo = reverse("reception:undo_step", args=[pk])
    return changed(f"{name} : {word.lower()}", undo)


@require_POST
@door("reception.call_in")
def undo_step(request: Request, pk: int) -> HttpResponse:
    """Take the last step back."""
    appointment = get_object_or_404(Appointment, pk=pk)
    actions.undo(appointment=appointment, by=request.staff, at=clock.now())
    return changed("Étape annulée")


@require_safe
@door("")
def rail(request: Request) -> HttpResponse:
    """What waits, from every room: a number, a click, a list."""
    at = clock.now()
    found = [
        item
        for items in panels.collect("rail", staff=request.staff, at=at)
        for item in items
        if item["number"]
    ]
    for item in found:
        item["url"] = reverse(item["name"])
    return render(request, "reception/rail.html", {"rail": found})


def _ends(request: Request, day: date, at: datetime) -> dict[int, dict[str, Any]]:
    """When each half-day should really end, by agenda."""
    columns = agendas(request.practice.pk)
    return ends_queries.column_ends(agendas=columns, day=day, at=at, staff=request.staff)


def _addressed(request: Request) -> list[Call]:
    """What the desk wrote for the practitioner who looks."""
    mine = request.staff.practitioner_id
    return call_queries.addressed_to(request.practice.pk, mine) if mine else []
