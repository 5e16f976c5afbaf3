"""The first page: only the composition root knows which room it is in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from secretariat.practice.doors import Request, door


@require_safe
@door("")
def home(request: Request) -> HttpResponse:
    """The day."""
    return redirect("reception:day")
