"""How the agenda answers: a sheet beside the day or a page, a short word when something is done."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from secretariat.practice.doors import Request

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2150, 12, 31)
"""Days that an agenda may be asked for: no arithmetic of ours falls off the calendar."""


def sheet(
    request: Request, template: str, context: dict[str, Any], *, zone: str, status: int = 200
) -> HttpResponse:
    """A template that extends `layout`: beside the page for htmx, a page of its own otherwise."""
    alone = bool(request.headers.get("HX-Request"))
    layout = "ui/sheet_alone.html" if alone else "ui/sheet_page.html"
    return page(request, template, {"layout": layout, **context}, zone=zone, status=status)


def page(
    request: Request, template: str, context: dict[str, Any], *, zone: str, status: int = 200
) -> HttpResponse:
    """A template with all its times on the clock of `zone`."""
    with timezone.override(zone):
        return render(request, template, context, status=status)


def done(text: str, *, undo: str | None = None, **events: Any) -> HttpResponse:
    """Nothing to draw: a notice, perhaps with « Annuler », and other events for the page.

    Args:
        undo: address that takes the deed back when posted to.
        events: names and data of further events, such as `sheetClose={}`.
    """
    notice = {"text": text, "kind": "good"} | ({"undo": undo} if undo else {})
    said = {"notice": notice, "changed": {}, **events}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(said, cls=DjangoJSONEncoder)})


def day_asked(request: Request, default: date, name: str = "date") -> date:
    """The day in the address, or `default` when it is absent or is no date."""
    try:
        asked = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return default
    return asked if FIRST_DAY <= asked <= LAST_DAY else default


def offset_of(moment: datetime) -> str:
    """`+01:00`: how far the clock of an aware local time is from UTC."""
    return moment.isoformat()[-6:]
