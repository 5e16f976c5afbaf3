"""What a change of rules leaves outside them: said at once, listed, replanned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from secretariat.agenda.actions import replanning as actions
from secretariat.agenda.models import Agenda, Appointment
from secretariat.agenda.queries.desk import Desk, agendas
from secretariat.agenda.queries.outside import MOST, outside, visits_of
from secretariat.agenda.views.answers import done, sheet
from secretariat.agenda.views.replans import to_the_draft
from secretariat.core import clock
from secretariat.practice.doors import Request, door


def left_outside(known: Sequence[Agenda], at: datetime, deed: Callable[[], Any]) -> list[int]:
    """Do it, and tell which visits given stand outside the rules because of it."""
    before = outside(known, at)
    deed()
    return sorted(outside(known, at) - before)


def done_and_left(text: str, left: Sequence[int], **events: Any) -> HttpResponse:
    """The notice of a change; when it leaves visits outside, their list opens, to be replanned."""
    if not left:
        return done(text, **events)
    count = len(left)
    say = "se trouve" if count == 1 else "se trouvent"
    keys = ",".join(map(str, left[:MOST]))
    opened = {
        "url": f"{reverse('agenda:outside')}?visits={keys}",
        "title": f"Hors des règles : {count} rendez-vous", "icon": "calendar-exclamation",
    }  # fmt: skip
    return done(f"{text} {count} rendez-vous {say} hors des règles.", openSheet=opened, **events)


@require_safe
@door("agenda.rules")
def listed(request: Request) -> HttpResponse:
    """The visits that a change left outside the rules, as far as they still are."""
    hit = _still(request, request.GET.get("visits", ""))
    context = {
        "hit": hit,
        "count": sum(visit.patient_id is not None for visit in hit),
        "visits": request.GET.get("visits", ""),
    }
    zone = Desk(agendas(request.practice.pk)).zone
    return sheet(request, "agenda/outside.html", context, zone=zone)


@require_POST
@door("agenda.book")
def replan(request: Request) -> HttpResponse:
    """Open the draft of exactly these visits."""
    visits = _still(request, request.POST.get("visits", ""))
    return to_the_draft(actions.replan_visits(visits=visits, by=request.staff, at=clock.now()))


def _still(request: Request, typed: str) -> list[Appointment]:
    """Those named that stand outside the rules now: nobody moved them meanwhile."""
    keys = [int(one) for one in typed.split(",") if one.isascii() and one.isdigit()]
    keys = [one for one in keys if one < 2**63]
    now = clock.now()
    visits = visits_of(request.practice.pk, keys, now)
    known = {visit.agenda_id: visit.agenda for visit in visits}
    still = outside(list(known.values()), now) if known else set()
    return [visit for visit in visits if visit.pk in still]
