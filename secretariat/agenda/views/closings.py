"""A room closed for a time, or equipment out of order, and the visits to replan."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import closings as actions
from secretariat.agenda.queries import resources as queries
from secretariat.agenda.resource_forms import ClosingForm
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import done, sheet
from secretariat.core import clock
from secretariat.practice.doors import Request, door


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def closings(request: Request, pk: int) -> HttpResponse:
    """When a room is closed; posting closes it once more, and says how many visits are hit."""
    one = get_object_or_404(queries.resources_of(request.practice.pk), pk=pk)
    zone, now = one.site.time_zone, clock.now()
    if request.method == "GET":
        today = clock.local_date(now, zone)
        first = {"from_day": today, "to_day": today}
        form = ClosingForm(initial=first, auto_id=f"closing-{pk}-%s")
        context = {"resource": one, "rows": queries.closings(one, now), "form": form}
        return sheet(request, "agenda/closings.html", context, zone=zone)
    form = ClosingForm(request.POST)
    label = must_be_valid(form)["label"]
    starts_at, ends_at = form.span(zone)
    closed = actions.close_resource(
        resource=one, starts_at=starts_at, ends_at=ends_at, label=label, by=request.staff, at=now
    )
    count = len(closed.hit)
    events: dict[str, Any] = {"ruled": {}, "sheetClose": {}}
    if count:
        events["openSheet"] = {
            "url": reverse("agenda:closing", args=[closed.closing.pk]),
            "title": f"{one.name} : {count} rendez-vous", "icon": "door-off",
        }  # fmt: skip
    words = f"{count} rendez-vous à replacer" if count else "aucun rendez-vous touché"
    undo = reverse("agenda:cancel_closing", args=[closed.closing.pk])
    return done(f"{one.name} indisponible : {words}.", undo=undo, **events)


@require_safe
@door("agenda.rules")
def closing(request: Request, pk: int) -> HttpResponse:
    """A closing, and the visits that take the room meanwhile."""
    one = get_object_or_404(queries.closings_of(request.practice.pk), pk=pk)
    context = {
        "closing": one,
        "hit": actions.visits_hit(one),
        "words": queries.closing_words(one),
        "over": one.ends_at <= clock.now(),
    }
    return sheet(request, "agenda/closing.html", context, zone=one.resource.site.time_zone)


@require_POST
@door("agenda.rules")
def cancel_closing(request: Request, pk: int) -> HttpResponse:
    """The room serves again."""
    one = get_object_or_404(queries.closings_of(request.practice.pk), pk=pk)
    actions.cancel_closing(closing=one, by=request.staff, at=clock.now())
    return done(f"{one.resource.name} sert de nouveau dans ce temps.", ruled={}, sheetClose={})
