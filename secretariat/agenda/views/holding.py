"""Keep the time of a booking sheet while one types, and let it go when the sheet closes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from secretariat.agenda.actions.holding import hold, let_go
from secretariat.agenda.forms import BookForm
from secretariat.agenda.queries import visit
from secretariat.agenda.queries.desk import desk
from secretariat.core import clock
from secretariat.core.refusal import Refusal
from secretariat.practice.doors import Request, door


@require_POST
@door("agenda.book")
def keep(request: Request) -> HttpResponse:
    """Hold the time that the sheet shows, if it is free; says until when.

    Nothing is said when it cannot be held: « pourquoi pas ? » tells already.
    """
    choices = desk(request.practice.pk)
    form = BookForm(choices, request.staff, request.POST)
    if not form.is_valid():
        return HttpResponse("")
    minutes = form.length(visit.patient(request.practice.pk, form.cleaned_data["patient"]))
    if minutes is None:
        return HttpResponse("")
    try:
        held = hold(
            agenda=form.wanted_agenda, reason=form.wanted_reason, starts_at=form.place(),
            minutes=minutes, sheet=str(form.cleaned_data["form_token"]), by=request.staff,
            at=clock.now(),
        )  # fmt: skip
    except Refusal:
        return HttpResponse("")
    until = clock.local(held.expires_at, form.wanted_agenda.site.time_zone)
    return render(request, "agenda/_held.html", {"until": f"{until:%H:%M}"})


@require_POST
@door("agenda.book")
def release(request: Request) -> HttpResponse:
    """The sheet is closed: its time is free for the others."""
    let_go(sheet=request.POST.get("form_token", ""), by=request.staff)
    return HttpResponse(status=204)
