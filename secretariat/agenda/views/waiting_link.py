"""The page behind the link of an offer: a day, an hour, a place, and two buttons."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from secretariat.agenda.actions import accepting
from secretariat.agenda.models import WaitingOffer
from secretariat.agenda.queries import waiting as queries
from secretariat.agenda.waiting_notices import PURPOSE
from secretariat.core import clock
from secretariat.notices.by_link import Linked, by_link


@require_safe
@by_link(PURPOSE)
def offers(request: Linked, token: str) -> HttpResponse:
    """What is proposed, until when, or what became of it. Looking changes nothing."""
    at = clock.now()
    shown = [
        (one, clock.local(one.starts_at, zone), clock.local(one.expires_at, zone),
         one.state == WaitingOffer.State.OPEN and one.expires_at > at)
        for one in _offers(request)
        for zone in [one.freed.agenda.site.time_zone]
    ]  # fmt: skip
    return render(request, "agenda/waiting_link.html", {"offers": shown, "token": token})


@require_POST
@by_link(PURPOSE)
def answer(request: Linked, token: str, pk: int, said: str) -> HttpResponse:
    """« Je prends » or « non merci »; the page then says what came of it."""
    one = next((offer for offer in _offers(request) if offer.pk == pk), None)
    if one is None or said not in {"yes", "no"}:
        raise Http404
    act = accepting.accept if said == "yes" else accepting.refuse
    act(offer=one, by=request.staff, at=clock.now())
    return redirect("offers_by_link:offers", token)


def _offers(request: Linked) -> list[WaitingOffer]:
    """Those that the message proposes."""
    keys = [notice.about_id for notice in request.notices if notice.about_id]
    return queries.offers_among(request.practice.pk, keys)
