"""Rooms and equipment: their list, and the sheet of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import resources as actions
from secretariat.agenda.queries import resources as queries
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.resource_forms import ResourceForm
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.core import clock
from secretariat.practice.doors import Request, door
from secretariat.practice.queries import sites


@require_safe
@door("agenda.rules")
def resources(request: Request) -> HttpResponse:
    """Every room and piece of equipment."""
    context = {"rows": queries.rows(request.practice.pk, clock.now())}
    part = "agenda/_resources.html" if request.GET.get("part") else "agenda/resources.html"
    return page(request, part, context, zone=DEFAULT_ZONE)


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def new_resource(request: Request) -> HttpResponse:
    """A room or equipment to add."""
    places = sites(request.practice.pk)
    if request.method == "GET":
        form = ResourceForm(places, auto_id="new-resource-%s")
        return sheet(request, "agenda/resource.html", {"form": form}, zone=DEFAULT_ZONE)
    typed = must_be_valid(ResourceForm(places, request.POST))
    site = next(one for one in places if one.pk == typed.pop("site"))
    added = actions.add_resource(site=site, by=request.staff, at=clock.now(), **typed)
    return done(f"{added.get_kind_display()} ajouté : {added.name}.", ruled={}, sheetClose={})


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def resource(request: Request, pk: int) -> HttpResponse:
    """A room or equipment to change, and the visits that take it."""
    one = get_object_or_404(queries.resources_of(request.practice.pk), pk=pk)
    if request.method == "GET":
        initial = {"name": one.name, "kind": one.kind, "accessible": one.accessible}
        context = {
            "form": ResourceForm((), initial=initial, auto_id=f"resource-{pk}-%s"),
            "resource": one,
            "visits": queries.visits_taking(one, clock.now()),
        }
        return sheet(request, "agenda/resource.html", context, zone=one.site.time_zone)
    typed = must_be_valid(ResourceForm((), request.POST))
    actions.change_resource(resource=one, by=request.staff, at=clock.now(), **typed)
    return done(f"Enregistré : {one.name}.", ruled={}, sheetClose={})


@require_POST
@door("agenda.rules")
def retire(request: Request, pk: int) -> HttpResponse:
    """Take a room out of use."""
    one = get_object_or_404(queries.resources_of(request.practice.pk), pk=pk)
    actions.retire(resource=one, by=request.staff, at=clock.now())
    return done(f"{one.name} ne sert plus.", ruled={}, sheetClose={})


@require_POST
@door("agenda.rules")
def bring_back(request: Request, pk: int) -> HttpResponse:
    """Put a room back in use."""
    one = get_object_or_404(queries.resources_of(request.practice.pk), pk=pk)
    actions.bring_back(resource=one, by=request.staff, at=clock.now())
    return done(f"{one.name} sert de nouveau.", ruled={}, sheetClose={})
