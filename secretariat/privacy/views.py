"""The pulse of the practice."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from secretariat.practice.doors import Request, door
from secretariat.privacy.pulse import beat


@require_safe
@door("")
def pulse(request: Request) -> HttpResponse:
    """The last deed, and what changed without one: then screens fetch themselves again."""
    return HttpResponse(beat(request.staff), content_type="text/plain")
