"""A time that cannot be given: why, under which rule, and what can be done instead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from secretariat.agenda.facts import Ask
from secretariat.agenda.local_time import minute_of
from secretariat.agenda.models import Agenda
from secretariat.agenda.queries.find import WhyNot, reason_of_refusal
from secretariat.agenda.refused_words import clock_words, day_words
from secretariat.agenda.typed_time import HourTwice
from secretariat.agenda.wishes import Wish
from secretariat.core import clock
from secretariat.core.refusal import BadInput, Refusal
from secretariat.practice.doors import Request


def answer(
    request: Request,
    refusal: Refusal,
    agenda: Agenda,
    starts_at: datetime | None,
    ask: Ask | None,
    *,
    ignoring: int | None = None,
) -> HttpResponse:
    """The refusal of a form, put above it by the page: the form stays as it was typed.

    Args:
        ask: the visit wanted, when it is known how long it lasts.
        ignoring: the visit being moved.
    """
    context: dict[str, Any] = {"refusal": refusal, "agenda": agenda}
    if isinstance(refusal, HourTwice):
        context["nearest"] = times_in_words(refusal.facts["both"], agenda)
    elif starts_at and ask and not isinstance(refusal, BadInput):
        wish = Wish(agenda, starts_at, ask, request.staff, clock.now(), ignoring=ignoring)
        context |= ways_out(request, reason_of_refusal(wish), agenda, starts_at)
    status = 422 if isinstance(refusal, BadInput) else refusal.status
    return render(request, "agenda/_refused.html", context, status=status)


def ways_out(
    request: Request, why: WhyNot | None, agenda: Agenda, starts_at: datetime
) -> dict[str, Any]:
    """What the refusal offers: the nearest free times, « entre deux », « hors règles »."""
    if why is None:
        return {}
    return {
        "here": f"{agenda.pk}@{starts_at.isoformat()}",
        "nearest": times_in_words(why.nearest, agenda),
        "may_squeeze": why.may_squeeze,
        "may_force": why.may_force and request.staff.may("agenda.force"),
        "author": request.staff.display_name,
    }


def times_in_words(moments: Iterable[datetime], agenda: Agenda) -> list[dict[str, str]]:
    """Buttons of free times: `value` is read back by `PlaceForm`."""
    zone = agenda.site.time_zone
    return [
        {
            "value": f"{agenda.pk}@{moment.isoformat()}",
            "label": clock_words(minute_of(moment), zone),
            "day": day_words(clock.local_date(moment, zone)),
        }
        for moment in moments
    ]
