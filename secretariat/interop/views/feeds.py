"""« Suivre l’agenda ailleurs » : one secret address for each agenda."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from secretariat.core import clock
from secretariat.interop.actions import feeds as actions
from secretariat.interop.models import Feed
from secretariat.interop.queries import feeds as queries
from secretariat.interop.queries import places
from secretariat.practice.doors import Request, door


@require_safe
@door("agenda.rules")
def feeds(request: Request) -> HttpResponse:
    """Every agenda, and what its address shows."""
    context = {
        "followed": queries.followed(request.practice.pk),
        "shows": Feed.Shows.choices,
        "manages": request.staff.may("practice.manage"),
    }
    return render(request, "interop/feeds.html", context)


@require_POST
@door("agenda.rules")
def publish(request: Request, pk: int) -> HttpResponse:
    """Make an address; it is shown once."""
    agenda = places.agenda(request.practice.pk, pk)
    if agenda is None:
        raise Http404
    shows = request.POST.get("shows", Feed.Shows.NOTHING)
    feed, secret = actions.publish(agenda=agenda, shows=shows, by=request.staff, at=clock.now())
    context = {
        "feed": feed,
        "agenda": agenda,
        "address": request.build_absolute_uri(reverse("ical:events", args=[secret])),
        "free_busy": request.build_absolute_uri(reverse("ical:free_busy", args=[secret])),
    }
    return render(request, "interop/feed_shown.html", context)


@require_POST
@door("agenda.rules")
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Stop an address."""
    feed = queries.feed(request.practice.pk, pk)
    if feed is None:
        raise Http404
    actions.withdraw(feed=feed, by=request.staff, at=clock.now())
    messages.success(request, f"L’adresse de {feed.agenda} ne montre plus rien.")
    return redirect("elsewhere:feeds")
