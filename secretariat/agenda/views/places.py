"""Sites: their holidays, their access, and the way from one to another."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secretariat.agenda.actions import sites as actions
from secretariat.agenda.public_holidays import REGIONS
from secretariat.agenda.queries import places as queries
from secretariat.agenda.queries.desk import DEFAULT_ZONE
from secretariat.agenda.resource_forms import SiteForm, TravelForm
from secretariat.agenda.rule_forms import must_be_valid
from secretariat.agenda.school_holidays import last_known_day
from secretariat.agenda.views.answers import done, page, sheet
from secretariat.core import clock
from secretariat.notices.examples import forbidden_words
from secretariat.notices.wording import named_in
from secretariat.practice import actions as practice
from secretariat.practice.doors import Request, door

FIELDS = tuple(SiteForm.base_fields)


@require_safe
@door("agenda.rules")
def places(request: Request) -> HttpResponse:
    """Every site, and the ways between those where one practitioner receives."""
    forbidden = forbidden_words(request.practice.pk)
    context: dict[str, Any] = {
        "sites": [
            (
                site, REGIONS[site.region].label if site.region in REGIONS else site.region,
                named_in(site.name_said, forbidden),
            )
            for site in queries.sites_of(request.practice.pk)
        ],
        "ways": queries.ways(request.practice.pk),
        "may_add": request.staff.may("practice.manage"),
    }  # fmt: skip
    part = "agenda/_places.html" if request.GET.get("part") else "agenda/places.html"
    return page(request, part, context, zone=DEFAULT_ZONE)


@require_http_methods(["GET", "POST"])
@door("agenda.rules")
def place(request: Request, pk: int) -> HttpResponse:
    """A site to change."""
    one = get_object_or_404(queries.sites_of(request.practice.pk), pk=pk)
    if request.method == "GET":
        initial = {name: getattr(one, name) for name in FIELDS}
        form = SiteForm(initial=initial, auto_id=f"site-{pk}-%s")
        context = {
            "form": form, "site": one, "known_until": last_known_day(),
            "tells": named_in(one.name_said, forbidden_words(one.practice_id)),
        }  # fmt: skip
        return sheet(request, "agenda/place.html", context, zone=one.time_zone)
    typed = must_be_valid(SiteForm(request.POST))
    changed = actions.settle_site(site=one, by=request.staff, at=clock.now(), **typed)
    return done(f"Enregistré : {changed.name}.", ruled={}, sheetClose={})


@require_http_methods(["GET", "POST"])
@door("practice.manage")
def new_place(request: Request) -> HttpResponse:
    """A site to add."""
    if request.method == "GET":
        context = {"form": SiteForm(auto_id="new-site-%s"), "known_until": last_known_day()}
        return sheet(request, "agenda/place.html", context, zone=DEFAULT_ZONE)
    typed = must_be_valid(SiteForm(request.POST))
    added = practice.add_site(practice=request.practice, by=request.staff, at=clock.now(), **typed)
    return done(f"Site ajouté : {added.name}.", ruled={}, sheetClose={})


@require_POST
@door("agenda.rules")
def set_travel(request: Request, pk: int, other: int) -> HttpResponse:
    """Say how long the way is between two sites."""
    known = queries.sites_of(request.practice.pk)
    one, there = get_object_or_404(known, pk=pk), get_object_or_404(known, pk=other)
    minutes = must_be_valid(TravelForm(request.POST))["minutes"]
    actions.set_travel(site=one, other=there, minutes=minutes, by=request.staff, at=clock.now())
    return done(f"Trajet enregistré : {minutes} min.", ruled={})
