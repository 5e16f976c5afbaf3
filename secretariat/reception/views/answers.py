"""How this room answers: a notice with its undo, and lists that fetch themselves again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django_htmx.http import trigger_client_event

from secretariat.practice.doors import Request
from secretariat.practice.queries import sites


def changed(text: str, undo: str | None = None, **events: Any) -> HttpResponse:
    """Done: say it, and let every list on the page fetch itself again.

    Args:
        undo: address that takes the deed back when posted to.
        events: further events for the page, such as `sheetClose={}`.
    """
    response = HttpResponse(status=204)
    notice = {"text": text, "kind": "good"} | ({"undo": undo} if undo else {})
    for name, data in {"notice": notice, "changed": {}, **events}.items():
        trigger_client_event(response, name, data)
    return response


def zone_of(request: Request) -> str:
    """The clock on the wall of the practice."""
    places = sites(request.practice.pk)
    return places[0].time_zone if places else "Europe/Paris"


def day_asked(text: str, default: date) -> date:
    """The day in the address, or `default`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default
