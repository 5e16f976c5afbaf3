"""How this room answers: a word with its undo, and lists that fetch themselves again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from secretariat.practice.doors import Request

MOST_AT_ONCE = 200


def changed(
    request: Request, text: str, undo: str = "", home: str = "notices:unreached", **events: Any
) -> HttpResponse:
    """Done: say it, and let every list on the page fetch itself again.

    Args:
        undo: address that takes the deed back when posted to.
        home: where to go on without a script, or when a sheet to close is a page of its own.
        events: further events for the page, such as `sheetClose={}`.
    """
    scripted = bool(request.headers.get("HX-Request"))
    if not scripted or ("sheetClose" in events and _is_a_page(request)):
        messages.success(request, text, extra_tags=f"undo:{undo}" if undo else "")
        return HttpResponseClientRedirect(reverse(home)) if scripted else redirect(home)
    response = HttpResponse(status=204)
    notice = {"text": text, "kind": "good"} | ({"undo": undo} if undo else {})
    for name, data in {"notice": notice, "changed": {}, **events}.items():
        trigger_client_event(response, name, data)
    return response


def _is_a_page(request: Request) -> bool:
    """Whether the form was not beside a page, but in one at its own address."""
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    return request.path in (here, f"{here}ours/")


def keys_of(said: Iterable[str]) -> list[int]:
    """Keys as an address or a form names them.

    Raises:
        Http404: none, too many, or no number.
    """
    keys = list(said)
    if not keys or len(keys) > MOST_AT_ONCE or not all(_a_key(key) for key in keys):
        raise Http404
    return [int(key) for key in keys]


def _a_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) < 2**63
